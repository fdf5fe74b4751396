// The words of the pages in the language of Thunderbird: messages, plurals, numbers, dates, and the static texts of a page.

/**
 * The message of that key with `$1`, `$2`, … replaced.
 * @param {string} key
 * @param {...(string | number)} values
 * @returns {string}
 */
export function text(key, ...values) {
  return browser.i18n.getMessage(key, values.map(String)) || key;
}

/** @type {string | undefined} */
let spoken;

/**
 * The language of the messages. It may differ from Thunderbird's: without a translation, it is English.
 * @returns {string}
 */
function language() {
  if (spoken === undefined) {
    const wanted = browser.i18n.getUILanguage();
    const translated = text("common_language");
    spoken = wanted.split("-")[0] === translated ? wanted : translated;
  }
  return spoken;
}

/**
 * The message for a number of things: `KEY_one` or `KEY_other` by the rules of the language, `$1` being the number.
 * @param {string} key
 * @param {number} count
 * @param {...(string | number)} values from `$2` on
 * @returns {string}
 */
export function plural(key, count, ...values) {
  const form = new Intl.PluralRules(language()).select(count) === "one" ? "one" : "other";
  return text(`${key}_${form}`, number(count), ...values);
}

/**
 * @param {number} value
 * @returns {string}
 */
export function number(value) {
  return new Intl.NumberFormat(language()).format(value);
}

/**
 * Day and time.
 * @param {Date} date
 * @returns {string}
 */
export function moment(date) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/**
 * A number of bytes in the largest unit that leaves at least one.
 * @param {number} bytes
 * @returns {string}
 */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const maximumFractionDigits = unit > 0 && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(language(), { style: "unit", unit: units[unit], maximumFractionDigits }).format(value);
}

/** Attributes of the HTML that name a message, and what the message is put into. */
const PLACES = ["title", "aria-label", "placeholder", "accesskey"];

/**
 * Fills in the words of a page: `data-text="KEY"` gives the text of an element, `data-title`, `data-aria-label`,
 * `data-placeholder` and `data-accesskey` the attribute of that name.
 * @param {Document} page
 */
export function localize(page) {
  page.documentElement.lang = text("common_language");
  for (const node of page.querySelectorAll("[data-text]")) {
    node.textContent = text(node.getAttribute("data-text") ?? "");
  }
  for (const place of PLACES) {
    for (const node of page.querySelectorAll(`[data-${place}]`)) {
      node.setAttribute(place, text(node.getAttribute(`data-${place}`) ?? ""));
    }
  }
  for (const node of page.querySelectorAll("[accesskey]:not([title])")) {
    // Gecko says which keys to press with it on this system; others know no such label.
    node.setAttribute("title", "accessKeyLabel" in node ? String(node.accessKeyLabel) : "");
  }
}
