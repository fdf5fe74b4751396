"""Measures what an analyst waits for in a real Thunderbird: the preview, the receipt, a mail of 36 MB."""

import json
import pathlib
import statistics
import sys
from time import monotonic

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "thunderbird")]
from driver.folders import PRELUDE  # noqa: E402
from driver.pages import EXTENSION  # noqa: E402
from driver.thunderbird import PROGRAM as THUNDERBIRD  # noqa: E402
from driver.window import MESSAGE_BUTTON  # noqa: E402
from measuring import Bench, Unmeasured  # noqa: E402
from stage import desk, mails, needs  # noqa: E402
from stage.review import Review  # noqa: E402

ATTACHMENT = 25 << 20
RUNS = 9
LONG_RUNS = 5
# A list of so many indicators: half of them hosts, half of them their URLs.
LONG = 10_000
LARGE_RUNS = 3

# Runs every few milliseconds in Thunderbird's own process, so that it measures what a person sees.
WAIT = """
    const stateOf = async () => {
      const page = [...(WebExtensionPolicy.getByID(args[0]).extension.views)].find(each => each.active
        && each.viewType == (args[1] ?? "popup")
        && each.xulBrowser?.browsingContext?.currentWindowGlobal && each.uri.spec.includes("/review/"));
      const actor = page?.xulBrowser.browsingContext.currentWindowGlobal.getActor("MarionetteCommands");
      const script = "return document.body?.dataset.state ?? null;";
      try { return await actor?.executeScript(script, [], {timeout: 1000, sandboxName: null}); }
      catch { return null; }  // It is being loaded.
    };
    const waitFor = async wanted => {
      const begun = performance.now();
      while (performance.now() - begun < 60000) {
        if (await stateOf() == wanted) return performance.now() - begun;
        await new Promise(resolve => setTimeout(resolve, 4));
      }
      throw new Error(`no state ${wanted}`);
    };
"""

# How the smallest possible extension hands a message over: without a window of chunks, and without answers in between.
PLAIN_TRANSFER = """
    const begun = performance.now();
    const file = await browser.messages.getRaw(args[0], {data_format: "File"});
    const port = browser.runtime.connectNative("receiver");
    const answer = new Promise((resolve, reject) => {
      port.onMessage.addListener(resolve);
      port.onDisconnect.addListener(ended => reject(new Error(String(ended.error?.message))));
    });
    for (let offset = 0; offset < file.size; offset += 768 * 1024) {
      const slice = new Uint8Array(await file.slice(offset, offset + 768 * 1024).arrayBuffer());
      port.postMessage({data: slice.toBase64()});
    }
    port.postMessage({});
    const {size} = await answer;
    port.disconnect();
    if (size != file.size) throw new Error("not all of it arrived");
    return performance.now() - begun;
"""

# From a click on a tick box to the next picture that Thunderbird has drawn.
CLICK = """
    const box = document.querySelector(args[0]);
    const begun = performance.now();
    box.click();
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - begun;
"""

FIND_MAIL = """
    const {messages} = await browser.messages.query({subject: args[0]});
    return messages[0].id;
"""


def measure(bench: Bench) -> None:
    """Adds the rows to a bench."""
    missing = needs.missing(THUNDERBIRD)
    if missing:
        raise Unmeasured(missing)
    desk.PROGRAM = pathlib.Path(bench.binary)
    place = desk.Desk().start()
    try:
        small(bench, place)
        long(bench, place)
        large(bench, place)
    finally:
        place.stop()


def small(bench: Bench, place: desk.Desk) -> None:
    """From the click to the preview, and from the click on "Create event" to the receipt."""
    previews, receipts, servers = [], [], []
    for run in range(RUNS + 1):
        subject = f"timed {run}"
        place.folders.select(place.receive(mails.report(subject)), subject)
        preview = place.thunderbird.chrome(
            PRELUDE
            + WAIT
            + f"""
            tabmail.currentAboutMessage.document.getElementById('{MESSAGE_BUTTON}').click();
            return waitFor("ready");""",
            EXTENSION,
        )
        review = Review(place.thunderbird)
        place.misp.forget_journal()
        review.run("setTimeout(() => document.getElementById('create').click(), 0);")
        receipt = place.thunderbird.chrome(PRELUDE + WAIT + 'return waitFor("done");', EXTENSION)
        adding = [one["seconds"] for one in place.misp.journal() if one["path"].startswith("/events/")]
        review.close()
        if run:  # The first one starts the host and fills the caches.
            previews.append(preview / 1000)
            receipts.append(receipt / 1000 - sum(adding))
            servers.append(sum(adding))
    value = statistics.median(previews)
    bench.row("Thunderbird: click to preview, small mail", ms(value), "", "", "<= 400 ms", value <= 0.4)
    value = statistics.median(receipts)
    bench.row("  Create event to receipt, without server time", ms(value), "", "", "<= 300 ms", value <= 0.3)
    bench.row("  server time taken off", ms(statistics.median(servers)), "", "", "", True)


def long(bench: Bench, place: desk.Desk) -> None:
    """A list of 10,000 indicators: from the click to the review, which opens in a tab by itself, and what clicks in it take."""
    opened, ticks, groups = [], [], []
    for run in range(LONG_RUNS):
        subject = f"long {run}"
        lines = [b"hxxp://h%d-%d[.]bench-orchard-%d[.]org/x" % (run, at, at % 500) for at in range(LONG // 2)]
        place.folders.select(place.receive(mails.report(subject, *lines)), subject)
        preview = place.thunderbird.chrome(
            PRELUDE
            + WAIT
            + f"""
            tabmail.currentAboutMessage.document.getElementById('{MESSAGE_BUTTON}').click();
            return waitFor("ready");""",
            EXTENSION,
            "tab",
        )
        review = Review(place.thunderbird, "tab")
        opened.append(preview / 1000)
        ticks.append(review.run(CLICK, ".rows > .row input") / 1000)
        groups.append(review.run(CLICK, ".group-head input") / 1000)
        review.close()
    value = statistics.median(opened)
    bench.row("Thunderbird: click to review, 10,000 indicators", ms(value), "", "", "<= 1500 ms", value <= 1.5)
    for name, times in (("a line", ticks), ("a group", groups)):
        value = statistics.median(times)
        bench.row(f"  click on {name}", ms(value), "", "", "<= 100 ms", value <= 0.1)


def large(bench: Bench, place: desk.Desk) -> None:
    """A mail with 25 MB attached: transfer and event, sent without review into the feed, against a host that only receives."""
    place.home.configure(more="")
    receiver = {
        "name": "receiver",
        "description": "x",
        "type": "stdio",
        "path": str(HERE / "receiver.py"),
        "allowed_extensions": [EXTENSION],
    }
    (place.home.manifest.parent / "receiver.json").write_text(json.dumps(receiver), encoding="utf-8")
    ours, plain, peak, size = [], [], 0, 0
    for run in range(LARGE_RUNS):
        subject = f"large {run}"
        raw = mails.with_attachment(subject, ATTACHMENT)
        size = len(raw)
        place.folders.select(place.receive(raw), subject)
        number = place.background.run(FIND_MAIL, subject)
        # A first run that does not count, so that both find the mail in the same caches.
        place.background.run("await browser.messages.getRaw(args[0], {data_format: 'File'});", number, seconds=120)
        plain.append(place.background.run(PLAIN_TRANSFER, number, seconds=120) / 1000)
        ours.append(send_at_once(place, subject))
        peak = max([peak, *map(peak_of, place.hosts())])
        place.notifications.clear()
    bench.at_most(
        "  25 MB attached: event, against receiving only", statistics.median(ours), statistics.median(plain), 1.5
    )
    bench.at_most("  host's peak memory against the message", peak, size, 6, lambda value: f"{value / 1e6:.1f} MB")


def send_at_once(place: desk.Desk, subject: str) -> float:
    """Seconds from a shift-click on the button to the notification."""
    begun = monotonic()
    place.window.click_message_button(holding=["shift"])
    place.notifications.wait(subject)
    return monotonic() - begun


def peak_of(process: int) -> int:
    """Peak resident memory of a process so far, in bytes."""
    status = pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def ms(value: float) -> str:
    return f"{value * 1000:.0f} ms"
