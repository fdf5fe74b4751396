// ESLint for what is shipped (no dynamic code, no HTML from text) and for the tests beside it.

import js from "@eslint/js";
import globals from "globals";

const html = "Text is shown as text: textContent, never HTML.";
const link = "Only shared/open.js opens a page outside of the extension.";

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2025, sourceType: "module" },
    rules: {
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all", ignoreRestSiblings: true }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-promise-reject-errors": "error",
    },
  },
  {
    files: ["src/**/*.js", "companion/background.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.webextensions } },
    rules: {
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: html })),
        ...["write", "writeln"].map((property) => ({ object: "document", property, message: html })),
        { object: "window", property: "open", message: link },
        { property: "openDefaultBrowser", message: link },
      ],
      "no-console": ["error", { allow: ["error"] }],
    },
  },
  {
    // A script of Thunderbird's own process: its classes are found by the names of global variables.
    files: ["companion/api/*.js"],
    languageOptions: { sourceType: "script", globals: { ChromeUtils: "readonly", Ci: "readonly" } },
    rules: { "no-var": "off", "no-unused-vars": ["error", { vars: "local" }] },
  },
  { files: ["src/shared/open.js"], rules: { "no-restricted-properties": "off" } },
  { files: ["tests/**/*.js", "*.config.js"], languageOptions: { globals: { ...globals.node, browser: "readonly" } } },
];
