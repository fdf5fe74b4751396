"""All pages in all their main states: in the language of Thunderbird, accessible, and in light and dark colours."""

import functools
import pathlib
import unittest
from typing import Any

from driver import pages
from stage import desk
from stage.tour import Tour

EXTENSION = desk.REPOSITORY / "extension"
AXE = EXTENSION / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGE_PACKS = pathlib.Path("/usr/lib/thunderbird/extensions")
DARK = {"ui.systemUsesDarkTheme": 1, "layout.css.prefers-color-scheme.content-override": 0}

# Visible texts and names of controls, without those that the page marks as another language.
WORDS = """
    const found = [];
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    const own = document.documentElement.lang;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.nodeValue.trim();
      if (text && !["SCRIPT", "STYLE"].includes(parent.tagName) && parent.checkVisibility() && parent.closest("[lang]").lang == own) found.push(text);
    }
    for (const name of ["title", "placeholder", "aria-label", "alt"])
      for (const each of document.querySelectorAll(`[${name}]`)) if (each.closest("[lang]").lang == own) found.push(each.getAttribute(name));
    return found.filter(Boolean);
"""

# Controls and cells whose words do not fit or are broken in the middle, pages wider than their window, and popups that scroll
# as a whole.
OVERFLOWING = """
    const shown = selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility() && !each.closest(".visually-hidden"));
    const isWide = each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && getComputedStyle(each).display != "inline";
    const isBroken = each => {
      const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (const {index, 0: word} of node.nodeValue.matchAll(/[\\p{L}]+/gu)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) return true;
        }
      return false;
    };
    const page = document.documentElement;
    return [
      ...shown("button, label, th, select, h1, h2, h3, p, summary").filter(isWide),
      ...shown("button, label:not(.mono), th, .badge").filter(isBroken),
    ].map(each => each.outerHTML.slice(0, 200)).concat(
      page.scrollWidth > page.clientWidth ? ["the page is too wide"] : [],
      page.matches(".popup") && page.scrollHeight > page.clientHeight ? ["the popup is too high"] : [],
    );
"""


VIOLATIONS = """
    const found = await window.axe.run(document, {resultTypes: ["violations"]});
    return found.violations.map(each => [each.id, each.help, each.nodes.map(node => node.html.slice(0, 200))]);
"""


MESSAGES = """
    const files = ["en", args[0]].map(language => fetch(browser.runtime.getURL(`_locales/${language}/messages.json`)));
    const texts = await Promise.all((await Promise.all(files)).map(file => file.json()));
    return texts.map(messages => Object.fromEntries(Object.entries(messages).map(([name, {message}]) => [name, message])));
"""


# The messages in English and in the language, and the findings of each state.
Seen = tuple[tuple[dict[str, str], dict[str, str]], dict[str, dict[str, Any]]]


def lacks(language: str) -> str:
    """The reason why this machine cannot show the pages in this language; empty if it can."""
    pack = LANGUAGE_PACKS / f"langpack-{language}@thunderbird.mozilla.org.xpi"
    return "" if language == "en" or pack.exists() else f"needs the package thunderbird-l10n-{language}"


@functools.cache
def seen(language: str, dark: bool = False, percent: int = 100, size: tuple[int, int] = (1280, 960)) -> Seen:
    """Takes a tour on a screen of this size, on which everything is larger by `percent`. Returns the English messages and those of the language, and for each state its language, its words, the
    parts that do not fit, and the violations of accessibility."""
    states: dict[str, dict[str, Any]] = {}

    def look(name: str, page: pages.Page) -> None:
        tour_desk.take_picture(f"{name}-{language}" + ("" if percent == 100 else f"-{percent}"))
        states[name] = {
            "language": page.run("return document.documentElement.lang;"),
            "words": page.run(WORDS),
            "overflowing": page.run(OVERFLOWING),
            "violations": page.run(AXE.read_text(encoding="utf-8") + VIOLATIONS) if AXE.is_file() else None,
        }

    preferences = {"intl.locale.requested": language, "layout.css.devPixelsPerPx": str(percent / 100)}
    tour_desk = desk.Desk(preferences=preferences | (DARK if dark else {}), size=size)
    try:
        Tour(tour_desk.start(), look).go()
        messages = tour_desk.background.run(MESSAGES, language)
    finally:
        tour_desk.stop()
    return messages, states


class Pages(unittest.TestCase):
    def assert_in(self, language: str, tour: Seen) -> None:
        (english, own), states = tour
        foreign = {english[name] for name in english if own[name] != english[name] and "$" not in english[name]} - set(
            own.values()
        )
        for name, state in states.items():
            with self.subTest(name):
                self.assertEqual(state["language"], language)
                self.assertEqual(
                    [word for word in state["words"] if word in english or "__MSG_" in word], [], "names of messages"
                )
                self.assertEqual([word for word in state["words"] if word in foreign], [], "words of another language")
                self.assertEqual(state["overflowing"], [], "what does not fit")

    def assert_accessible(self, tour: Seen) -> None:
        for name, state in tour[1].items():
            with self.subTest(name):
                self.assertEqual(state["violations"], [])

    def test_english_pages_are_in_english(self) -> None:
        self.assert_in("en", seen("en"))

    @unittest.skipIf(lacks("de"), lacks("de"))
    def test_german_pages_are_in_german(self) -> None:
        self.assert_in("de", seen("de", dark=True))

    @unittest.skipIf(lacks("fr"), lacks("fr"))
    def test_french_pages_are_in_french(self) -> None:
        self.assert_in("fr", seen("fr"))

    def test_pages_fit_a_laptop_at_125_percent(self) -> None:
        self.assert_in("en", seen("en", percent=125, size=(1366, 768)))

    def test_pages_fit_at_200_percent(self) -> None:
        self.assert_in("en", seen("en", percent=200, size=(2560, 1600)))

    @unittest.skipUnless(AXE.is_file(), "axe-core is not installed: `npm ci` in extension/ installs it")
    def test_nothing_keeps_people_out_in_light(self) -> None:
        self.assert_accessible(seen("en"))

    @unittest.skipUnless(AXE.is_file(), "axe-core is not installed: `npm ci` in extension/ installs it")
    def test_nothing_keeps_people_out_in_dark(self) -> None:
        self.assert_accessible(seen("en" if lacks("de") else "de", dark=True))
