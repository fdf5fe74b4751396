// Builds and finds elements. Text always becomes a text node, so that nothing of a mail is ever parsed as HTML. Characters that
// would reverse or hide text are made visible.

/** Marks that change the direction of text, and characters that cannot be seen: the tools of spoofed names. */
const HIDDEN = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * The text with its invisible characters written out: `invoice‹U+202E›gnp.exe`.
 * @param {string} text
 * @returns {string}
 */
export function visible(text) {
  return text.replace(HIDDEN, (mark) => `‹U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}›`);
}

/**
 * A new element. Properties that begin with `on` are listeners, `true` sets an empty attribute, `false`, `null` and
 * `undefined` none. Children that are `null`, `undefined` or `false` are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined | EventListener>} [properties]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") {
      made.addEventListener(name.slice(2), value);
    } else if (value === true) {
      made.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      made.append(typeof child === "string" ? visible(child) : child);
    }
  }
  return made;
}

/**
 * The element of the page with that id, which the page's HTML holds.
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`The page has no ${kind.name} #${id}`);
  }
  return found;
}

/**
 * A choice for a `<select>`.
 * @param {string} value
 * @param {string} label
 * @returns {HTMLOptionElement}
 */
export function choice(value, label) {
  return element("option", { value }, label);
}
