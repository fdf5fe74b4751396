"""A page of the extension (popup, tab, window, options, background), run and looked at in its own process, and used by
real mouse and keyboard."""

import json
from collections.abc import Sequence
from typing import Any, Self

from driver.thunderbird import Thunderbird

from .marionette import ScriptError
from .waiting import NeverCame, until

EXTENSION = "mispigeon@mispigeon.org"

VIEWS = f"""
    const extension = WebExtensionPolicy.getByID({json.dumps(EXTENSION)})?.extension;
    const views = [...(extension?.views ?? [])].filter(view => view.xulBrowser?.browsingContext?.currentWindowGlobal);
"""
FIND = (
    VIEWS
    + """
    const view = views.find(view => view.viewType == args[0] && view.uri.spec.includes(args[1])
      && (view.viewType != "popup" || view.active));
"""
)


class Page:
    """The page of this kind (`popup`, `tab`, `background`) whose address contains `part`. Every call looks the page up, so
    that it may be reloaded in between."""

    def __init__(self, thunderbird: Thunderbird, kind: str, part: str = "") -> None:
        self.thunderbird, self.kind, self.part = thunderbird, kind, part

    def __str__(self) -> str:
        return f"the {self.kind} {self.part}"

    @property
    def address(self) -> str | None:
        return self.thunderbird.chrome(FIND + "return view?.uri.spec ?? null;", self.kind, self.part)

    def wait_open(self, seconds: int = 20) -> Self:
        """Waits until the page is loaded and, if a popup, shown."""
        self.thunderbird.until(
            FIND
            + """
            const panel = view?.xulBrowser.closest("panel");
            return !!view && (!panel || panel.state == "open") && !view.xulBrowser.webProgress?.isLoadingDocument;""",
            f"{self} is open",
            self.kind,
            self.part,
            seconds=seconds,
        )
        return self

    def wait_closed(self, seconds: int = 20) -> None:
        until(lambda: not self.address, f"{self} is closed", seconds)

    def run(self, script: str, *arguments: object, seconds: int = 60) -> Any:  # noqa: ANN401 - whatever the script gives
        """Runs the body of an async function in the page, with `args` as its arguments; returns its result, by way of JSON."""
        result = self.thunderbird.chrome(
            FIND
            + """
            if (!view) throw new Error("no such page is open: " + args[0] + " " + args[1]);
            const actor = view.xulBrowser.browsingContext.currentWindowGlobal.getActor("MarionetteCommands");
            const source = `const done = arguments[arguments.length - 1];
              (async args => {${args[2]}
              })(JSON.parse(arguments[0])).then(
                value => done(JSON.stringify({value: value === undefined ? null : value})),
                error => done(JSON.stringify({error: String(error), stack: String(error?.stack)})));`;
            return actor.executeScript(source, [JSON.stringify(args[3])], {async: true, timeout: args[4], sandboxName: null});""",
            self.kind,
            self.part,
            script,
            list(arguments),
            seconds * 1000,
            seconds=seconds + 10,
        )
        result = json.loads(result)
        if "error" in result:
            raise ScriptError(result["error"], result["stack"])
        return result["value"]

    def until(self, script: str, what: str, *arguments: object, seconds: int = 30) -> Any:  # noqa: ANN401 - whatever the script gives
        return until(lambda: self.run(script, *arguments), f"{what} in {self}", seconds)

    # What the page shows.

    def text(self, selector: str = "body") -> str:
        """The visible text of the element."""
        return self.run("return document.querySelector(args[0])?.innerText ?? null;", selector)

    def texts(self, selector: str) -> list[str]:
        return self.run("return [...document.querySelectorAll(args[0])].map(each => each.innerText);", selector)

    def value(self, selector: str) -> str:
        return self.run("return document.querySelector(args[0]).value;", selector)

    def shows(self, selector: str) -> bool:
        """Whether the element exists and is visible."""
        return self.run("return !!document.querySelector(args[0])?.checkVisibility();", selector)

    def wait_shown(self, selector: str, seconds: int = 30) -> None:
        until(lambda: self.shows(selector), f"{selector} in {self}", seconds)

    def wait_text(self, part: str, selector: str = "body", seconds: int = 30) -> None:
        until(lambda: part in (self.text(selector) or ""), f"{part!r} in {selector} of {self}", seconds)

    def box(self) -> list[int]:
        """Where it is on the screen: x, y, width, height."""
        return self.run(
            "return [window.mozInnerScreenX, window.mozInnerScreenY, innerWidth, innerHeight].map(each => each * devicePixelRatio);"
        )

    # What a person does there.

    def point(self, selector: str) -> tuple[float, float]:
        """Where the middle of the element is on the screen, after scrolling to it if necessary, when nothing moves any more.
        Makes the page record the next click."""
        return self.until(
            """
            const element = document.querySelector(args[0]);
            if (!element?.checkVisibility()) return null;
            const place = () => {
              const box = element.getBoundingClientRect();
              return [window.mozInnerScreenX, window.mozInnerScreenY, box.x + box.width / 2, box.y + box.height / 2, innerHeight];
            };
            const isOnTop = () => element.contains(document.elementFromPoint(...place().slice(2, 4)));
            if (!isOnTop()) element.scrollIntoView({block: "center", behavior: "instant"});
            // A popup changes its size with its content: a click on the old place of an element may close it.
            const before = place().join();
            for (let turn = 0; turn < 4; turn++) await new Promise(resolve => requestAnimationFrame(resolve));
            if (place().join() != before || !isOnTop()) return null;
            window.pressed = null;
            const note = event => { window.pressed = element.contains(event.target); };
            addEventListener("mousedown", note, {capture: true, once: true});
            const [left, top, x, y] = place();
            return [(left + x) * devicePixelRatio, (top + y) * devicePixelRatio];""",
            f"a place to click on {selector}",
            selector,
        )

    def click(self, selector: str, holding: Sequence[str] = ()) -> None:
        """Clicks on the middle of the element. Clicks again if the page moved in between, or if the window used up the click,
        as it may do after a key closed a popup."""

        def pressed() -> bool:
            try:
                return self.run("return window.pressed;")
            except ScriptError:
                return True  # The click has closed the page.

        for _ in range(3):
            self.thunderbird.display.click(*self.point(selector), holding=holding)
            try:
                until(lambda: pressed() is not None, f"the click on {selector} to arrive in {self}", 2)
            except NeverCame:
                continue
            if pressed():
                return
        raise NeverCame(f"{selector} in {self} cannot be clicked on")

    def write(self, selector: str, text: str) -> None:
        """Clicks into a field, empties it and types a text."""
        self.click(selector)
        self.until(
            "return document.activeElement == document.querySelector(args[0]);", f"focus on {selector}", selector
        )
        self.thunderbird.display.press("ctrl+a")
        if text:
            self.thunderbird.display.write(text)
        else:
            self.thunderbird.display.press("BackSpace")
        self.until(
            "return document.querySelector(args[0]).value == args[1];", f"{text!r} in {selector}", selector, text
        )

    def write_lines(self, selector: str, *lines: str) -> None:
        """Types lines into an empty field."""
        self.click(selector)
        for number, line in enumerate(lines):
            if number:
                self.thunderbird.display.press("Return")
            self.thunderbird.display.write(line)
        self.until(
            "return document.querySelector(args[0]).value == args[1];",
            f"lines in {selector}",
            selector,
            "\n".join(lines),
        )

    def choose(self, selector: str, value: str) -> None:
        """Chooses an entry of a list by its value."""
        self.run(
            """
            const list = document.querySelector(args[0]);
            if (![...list.options].some(each => each.value == args[1])) throw new Error("no such entry: " + args[1]);
            list.value = args[1];
            list.dispatchEvent(new Event("input", {bubbles: true}));
            list.dispatchEvent(new Event("change", {bubbles: true}));""",
            selector,
            value,
        )

    def close(self) -> None:
        """Closes a popup by the Escape key, a tab or window by script."""
        if self.kind == "popup":
            self.thunderbird.display.press("Escape")
        else:
            self.thunderbird.chrome(
                FIND
                + """
                const page = view?.xulBrowser;
                const tabmail = page?.ownerDocument.getElementById("tabmail");
                const tab = tabmail?.tabInfo.find(each => each.browser == page);
                if (tab) tabmail.closeTab(tab, true); else page?.ownerDocument.defaultView.close();""",
                self.kind,
                self.part,
            )
        self.wait_closed()


class Background(Page):
    """The event page; every call wakes it."""

    def __init__(self, thunderbird: Thunderbird) -> None:
        super().__init__(thunderbird, "background")

    @property
    def state(self) -> str:
        return self.thunderbird.chrome(VIEWS + "return extension?.backgroundState ?? null;")

    def run(self, script: str, *arguments: object, seconds: int = 60) -> Any:  # noqa: ANN401 - whatever the script gives
        self.thunderbird.chrome(VIEWS + "await extension.wakeupBackground?.();")
        return super().run(script, *arguments, seconds=seconds)

    def suspend(self) -> None:
        self.thunderbird.chrome(
            VIEWS
            + "await extension.terminateBackground({ignoreDevToolsAttached: true, disableResetIdleForTest: true});"
        )
