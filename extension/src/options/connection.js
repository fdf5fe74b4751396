// Tests the connection with the values in the form, and shows the result and what to do next.

import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { sayingElement } from "../shared/said.js";
import { asTrouble, troubleTitle, troubleWords } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").ConnectionTest} ConnectionTest */

/**
 * @param {import("./draft.js").Draft} draft
 * @returns {Promise<ConnectionTest | null>} null when the program could not test
 */
export async function testConnection(draft) {
  const button = part("test-connection", HTMLButtonElement);
  const place = part("test-result", HTMLElement);
  button.disabled = true;
  delete place.dataset.ok;
  place.className = "";
  place.replaceChildren(element("p", { class: "quiet" }, text("options_test_going")));
  let test = null;
  try {
    const params = { profile: draft.profile, changes: draft.changes() };
    test = await call("host", { method: "connection.test", params });
    showTest(place, test);
  } catch (thrown) {
    const trouble = asTrouble(thrown);
    show(place, false, [
      element("h3", {}, troubleTitle(trouble)),
      troubleWords("p", {}, trouble),
    ]);
  }
  button.disabled = false;
  return test;
}

/**
 * @param {HTMLElement} place
 * @param {ConnectionTest} test
 */
function showTest(place, test) {
  if (!test.ok) {
    show(place, false, [
      element("h3", {}, text(`options_test_${test.problem}`)),
      element("p", {}, text(`options_test_${test.problem}_step`)),
      sayingElement("p", {}, test.reason),
    ]);
    return;
  }
  const { version, user, organisation, role, lacks, warnings } = test;
  const canSend = !lacks.includes("write") && !lacks.includes("add");
  const remarks = [
    ...lacks.map((right) => text(`options_lacks_${right}`)),
    ...warnings.map((warning) => text(`options_warning_${warning}`)),
  ];
  const look = remarks.length > 0 ? "warn" : "good";
  show(
    place,
    canSend,
    [
      element("h3", {}, text(canSend ? "options_test_ok" : "options_test_cannot_send")),
      element("p", {}, text("options_test_ok_text", version, user, organisation, role)),
      remarks.length > 0 && element("ul", {}, ...remarks.map((remark) => element("li", {}, remark))),
    ],
    canSend ? look : "bad",
  );
}

/**
 * @param {HTMLElement} place
 * @param {boolean} ok
 * @param {(HTMLElement | false)[]} parts
 * @param {"good" | "warn" | "bad"} look
 */
function show(place, ok, parts, look = "bad") {
  place.dataset.ok = String(ok);
  place.className = `panel ${look}`;
  place.replaceChildren(...parts.filter((one) => one !== false));
}

/** Removes an earlier result, which was for other settings. */
export function forgetTest() {
  const place = part("test-result", HTMLElement);
  place.className = "";
  delete place.dataset.ok;
  place.replaceChildren();
}
