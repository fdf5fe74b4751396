// The privacy policy, in the language of Thunderbird.

import { localize, text } from "../shared/localize.js";

localize(document);
document.title = text("privacy_title");
