// A page in jsdom, with the little of a browser that the modules of the pages need and jsdom lacks.

import { JSDOM } from "jsdom";
import { messages } from "../doubles/words.js";

const words = messages("en");

/** Elements that were observed; a test says which of them come into view. */
export class Observer {
  static made = [];

  constructor(seen) {
    this.seen = seen;
    Observer.made.push(this);
  }

  observe() {}

  unobserve() {}

  disconnect() {}

  /** @param {Element} target */
  comesIntoView(target) {
    this.seen([{ isIntersecting: true, target }]);
  }
}

/**
 * Makes the globals of a page.
 * @param {string} html
 * @returns {Document}
 */
export function stage(html) {
  const { window } = new JSDOM(html, { pretendToBeVisual: true });
  // jsdom knows no layout: what is not hidden counts as visible.
  window.Element.prototype.checkVisibility = function checkVisibility() {
    return !this.closest("[hidden], details:not([open]) > :not(summary)");
  };
  window.Element.prototype.scrollIntoView = function scrollIntoView() {};
  Object.assign(globalThis, {
    window,
    document: window.document,
    innerWidth: window.innerWidth,
    innerHeight: window.innerHeight,
    IntersectionObserver: Observer,
    browser: {
      i18n: {
        getUILanguage: () => "en-US",
        getMessage: (key, values = []) => words[key]?.message.replace(/\$(\d)/gu, (_, at) => values[at - 1] ?? "") ?? "",
      },
    },
  });
  for (const name of ["HTMLElement", "HTMLInputElement", "HTMLButtonElement", "HTMLProgressElement", "HTMLFormElement", "HTMLTextAreaElement", "CustomEvent", "Element", "Node", "Event"]) {
    globalThis[name] = window[name];
  }
  return window.document;
}
