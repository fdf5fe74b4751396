// Runs Mozilla's addons-linter over what is shipped, the extension and its companion. It knows Firefox only: what it says of Thunderbird's own permissions and
// functions is expected, everything else fails.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What it may say of each. */
const EXTENSIONS = [
  ["../src", ["MANIFEST_PERMISSIONS", "MANIFEST_OPTIONAL_PERMISSIONS", "UNSUPPORTED_API", "MISSING_DATA_COLLECTION_PERMISSIONS"]],
  // The one thing that the companion is there for is an Experiment.
  ["../companion", ["MANIFEST_PERMISSIONS", "MISSING_DATA_COLLECTION_PERMISSIONS", "MANIFEST_FIELD_PRIVILEGED", "UNSUPPORTED_API", "STRICT_MAX_VERSION"]],
];

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

for (const [folder, expected] of EXTENSIONS) {
  const linter = spawnSync(process.execPath, [file("../node_modules/addons-linter/bin/addons-linter"), "--output", "json", file(folder)], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!linter.stdout) throw new Error(`addons-linter said nothing: ${linter.stderr}`);
  const { errors, warnings, notices } = JSON.parse(linter.stdout);
  const unexpected = [...errors, ...warnings, ...notices].filter(({ code }) => !expected.includes(code));
  for (const { _type, code, message, file: where, line } of unexpected) console.log(`${_type} ${code} ${where ?? ""}:${line ?? ""} ${message}`);
  console.log(`addons-linter ${folder}: ${errors.length} errors, ${warnings.length} warnings, ${unexpected.length} of them unexpected`);
  if (unexpected.length > 0) process.exitCode = 1;
}
