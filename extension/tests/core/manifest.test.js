// The manifest: fixed names, no more permissions than are used, no remote and no inline code.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const SRC = new URL("src/", ROOT);
const read = (name, base = SRC) => readFileSync(new URL(name, base), "utf8");
const manifest = JSON.parse(read("manifest.json"));
const files = readdirSync(SRC, { recursive: true });
const scripts = files.filter((name) => name.endsWith(".js")).map((name) => read(name)).join("\n");

/** What in the source needs the permission. */
const USES = {
  accountsRead: /browser\.folders\.query/u,
  alarms: /browser\.alarms\./u,
  compose: /browser\.compose\.beginReply/u,
  menus: /browser\.menus\./u,
  messagesMove: /browser\.messages\.(move|archive)/u,
  messagesRead: /browser\.messages\.getRaw/u,
  messagesTags: /browser\.messages\.tags\.create/u,
  messagesTagsList: /browser\.messages\.tags\.list/u,
  messagesUpdate: /browser\.messages\.update/u,
  nativeMessaging: /browser\.runtime\.connectNative/u,
  notifications: /browser\.notifications\.create/u,
  storage: /browser\.storage\./u,
};

test("the extension has the id that hosts know", () => {
  assert.equal(manifest.browser_specific_settings.gecko.id, "mispigeon@mispigeon.org");
});

test("extension, program and tooling have one version", () => {
  const [, crate] = /^version = "(.*)"$/mu.exec(read("../Cargo.toml", ROOT));
  assert.equal(manifest.version, crate);
  assert.equal(JSON.parse(read("package.json", ROOT)).version, crate);
});

for (const permission of [...manifest.permissions, ...manifest.optional_permissions]) {
  test(`the permission ${permission} is used`, () => assert.match(scripts, USES[permission]));
}

const storePage = read("../docs/thunderbird-store.md", ROOT);

test("the page for reviewers gives a reason for each permission, and for no other", () => {
  const explained = [...storePage.matchAll(/^\| `(\w+)` \|/gmu)].map(([, name]) => name);
  assert.deepEqual(explained.sort(), [...manifest.permissions, ...manifest.optional_permissions].sort());
});

test("it does so for the companion, too", () => {
  const companion = JSON.parse(read("companion/manifest.json", ROOT));
  const explained = [...storePage.matchAll(/^\| companion: `(\w+)` \|/gmu)].map(([, name]) => name);
  assert.deepEqual(explained.sort(), [...companion.permissions].sort());
});

test("the icons for the store have their size", () => {
  for (const size of [32, 64, 128]) {
    assert.equal(manifest.icons[size], `icons/icon-${size}.png`);
    const png = readFileSync(new URL(`icons/icon-${size}.png`, SRC));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [size, size]);
  }
});

test("moving mails is only asked for when it is wanted", () => {
  assert.deepEqual(manifest.optional_permissions, ["messagesMove"]);
  assert.ok(!manifest.permissions.includes("messagesMove"));
});

test("pages load nothing but what is shipped", () => {
  const policy = Object.fromEntries(
    manifest.content_security_policy.extension_pages.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1).join(" ")]),
  );
  assert.equal(policy["default-src"], "'none'");
  for (const [rule, sources] of Object.entries(policy)) assert.match(sources, /^'(none|self)'$/u, rule);
});

test("no page has inline script or style, nor anything from elsewhere", () => {
  for (const name of files.filter((one) => one.endsWith(".html"))) {
    const page = read(name);
    assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|<style|\sstyle\s*=|https?:/iu, name);
  }
});

test("every file that the manifest names is there", () => {
  const named = JSON.stringify(manifest).match(/[a-z]+(?:\/[a-z_0-9-]+)*\.(?:svg|png|html|js)(?=")/gu);
  assert.ok(named.length > 5);
  for (const name of named) assert.ok(existsSync(new URL(name, SRC)), name);
});
