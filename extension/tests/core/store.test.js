// The rules by which addons.thunderbird.net reviews an extension, as far as no other linter here holds them. They are those of
// Thunderbird's webext-linter, which is in no package registry; docs/thunderbird-store.md says how each is met.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);

/** What Thunderbird knows in a manifest, of what we use. */
const KEYS = [
  "action", "background", "browser_specific_settings", "commands", "content_security_policy", "default_locale", "description",
  "experiment_apis", "icons", "manifest_version", "message_display_action", "name", "optional_permissions", "options_ui",
  "permissions", "version",
];

/** Code that runs text, blocks the window, or sends something past the program. */
const FORBIDDEN = {
  "code from text": /\beval\s*\(|new\s+Function\s*\(|set(?:Timeout|Interval)\s*\(\s*["'`]/u,
  "HTML from text": /\.(?:innerHTML|outerHTML|srcdoc)\s*=|insertAdjacentHTML|document\.write/u,
  "a debugger statement": /^\s*debugger\b/mu,
  "the network": /(?<![.#\w])fetch\s*\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|window\.open\s*\(/u,
  "an async listener that takes every message": /on(?:Message|MessageExternal)\.addListener\s*\(\s*async\b/u,
};

class Package {
  constructor(folder) {
    this.base = new URL(`${folder}/`, ROOT);
    this.files = readdirSync(this.base, { recursive: true }).filter((name) => statSync(new URL(name, this.base)).isFile());
    this.manifest = JSON.parse(this.read("manifest.json"));
  }

  read(name) {
    return readFileSync(new URL(name, this.base), "utf8");
  }

  /** Files to which a file leads: what it names in quotes, or in `url()`, from its own folder or from the top. */
  namedIn(name) {
    if (!/\.(?:js|html|css|json)$/u.test(name)) return [];
    const quoted = [...this.read(name).matchAll(/["'`(]([\w./-]+\.(?:js|html|css|svg|png|json))(?=["'`)?#])/gu)].map(([, path]) => path);
    const places = quoted.flatMap((path) => [posix.join(posix.dirname(name), path), posix.normalize(path.replace(/^\//u, ""))]);
    return places.filter((path) => this.files.includes(path));
  }

  /** Everything that the manifest leads to. Thunderbird itself reads the messages. */
  reached() {
    const found = new Set(["manifest.json", ...this.files.filter((name) => name.startsWith("_locales/"))]);
    for (const name of found) for (const other of this.namedIn(name)) found.add(other);
    return found;
  }
}

for (const folder of ["src", "companion"]) {
  const shipped = new Package(folder);
  const scripts = shipped.files.filter((name) => name.endsWith(".js"));

  test(`${folder}: every file is used, and none is hidden`, () => {
    const reached = shipped.reached();
    assert.deepEqual(shipped.files.filter((name) => !reached.has(name) || /(?:^|\/)\./u.test(name)), []);
  });

  test(`${folder}: Thunderbird knows every key of the manifest, and the name is no trademark of others`, () => {
    assert.deepEqual(Object.keys(shipped.manifest).filter((key) => !KEYS.includes(key)), []);
    assert.doesNotMatch(shipped.manifest.name, /thunderbird|mozilla|firefox/iu);
  });

  for (const [what, pattern] of Object.entries(FORBIDDEN)) {
    test(`${folder}: no script uses ${what}`, () => {
      assert.deepEqual(scripts.filter((name) => pattern.test(shipped.read(name))), []);
    });
  }

  test(`${folder}: scripts are written by people`, () => {
    const long = scripts.filter((name) => shipped.read(name).split("\n").some((line) => line.length > 500));
    assert.deepEqual(long, []);
  });

  test(`${folder}: there are English words, and a name for the default language`, () => {
    assert.equal(shipped.manifest.default_locale, "en");
    assert.ok(shipped.files.includes("_locales/en/messages.json"));
  });
}

test("the extension is bound to no version, the companion to one, and neither names where updates are", () => {
  const [main, companion] = ["src", "companion"].map((folder) => new Package(folder).manifest.browser_specific_settings.gecko);
  assert.equal(main.strict_max_version, undefined);
  assert.match(companion.strict_max_version, /^\d+\.\*$/u);
  assert.deepEqual([main.update_url, companion.update_url], [undefined, undefined]);
});
