"""The mails that scenarios hand in. Each has indicators of its own, so that nothing of one can pass for another."""

import mails

# Number of the mail that makes several events.
CARRIER = 2


def few() -> list[bytes]:
    """A report, one with an attached list, and a carrier of two reports."""
    listed = b"198.51.100.17\nsecond-list.evil-files.net\n" + b"0123456789abcdef" * 4 + b"\n"
    inside = [
        mails.report(f"Block inside-{one}[.]evil-carrier[.]org now.", f"Inside {one}", 90 + one) for one in (1, 2)
    ]
    return [
        mails.report("See hxxps://first[.]evil-report[.]com/gate.php and 203[.]0[.]113[.]9 today.", "First", 1),
        mails.with_files(("list.txt", listed), text="Also drop@second.evil-report.com, in the list.", subject="Second"),
        mails.carrier(*inside),
    ]


def red() -> list[bytes]:
    """As [`few`], and one that may not go into a feed that others read."""
    return [*few(), mails.report("TLP:RED\n\nSee hxxps://red[.]evil-report[.]com/gate.php today.", "Fourth", 4)]


def many(count: int) -> list[bytes]:
    return [mails.small(number) for number in range(count)]
