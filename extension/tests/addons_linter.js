// Runs Mozilla's addons-linter over what is shipped. It knows Firefox only: what it says of Thunderbird's own permissions and
// functions is expected, everything else fails.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const EXPECTED = new Set(["MANIFEST_PERMISSIONS", "MANIFEST_OPTIONAL_PERMISSIONS", "UNSUPPORTED_API", "MISSING_DATA_COLLECTION_PERMISSIONS"]);

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const linter = spawnSync(process.execPath, [file("../node_modules/addons-linter/bin/addons-linter"), "--output", "json", file("../src")], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
});
if (!linter.stdout) throw new Error(`addons-linter said nothing: ${linter.stderr}`);
const { errors, warnings, notices } = JSON.parse(linter.stdout);
const unexpected = [...errors, ...[...warnings, ...notices].filter(({ code }) => !EXPECTED.has(code))];
for (const { _type, code, message, file: where, line } of unexpected) console.log(`${_type} ${code} ${where ?? ""}:${line ?? ""} ${message}`);
console.log(`addons-linter: ${errors.length} errors, ${warnings.length} warnings, ${unexpected.length} of them unexpected`);
process.exitCode = unexpected.length > 0 ? 1 : 0;
