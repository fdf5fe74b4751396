"""Values as MISP takes them: `normalise` brings them into one form, `complaint` checks them for their type. Other files
check categories, duplicates and warninglists."""

import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

HASH_CHARS = {
    "md5": 32,
    "sha1": 40,
    "sha224": 56,
    "sha256": 64,
    "sha384": 96,
    "sha512": 128,
    "sha512/224": 56,
    "sha512/256": 64,
    "sha3-224": 56,
    "sha3-256": 64,
    "sha3-384": 96,
    "sha3-512": 128,
    "authentihash": 64,
    "imphash": 32,
    "telfhash": 70,
    "pehash": 40,
    "git-commit-id": 40,
    "ja3-fingerprint-md5": 32,
    "jarm-fingerprint": 62,
    "hassh-md5": 32,
    "hasshserver-md5": 32,
    "x509-fingerprint-md5": 32,
    "x509-fingerprint-sha1": 40,
    "x509-fingerprint-sha256": 64,
    "cdhash": 40,
}
EMAILS = {
    "email",
    "email-src",
    "email-dst",
    "email-reply-to",
    "target-email",
    "whois-registrant-email",
    "dns-soa-email",
    "jabber-id",
    "eppn",
}
LOWER = set(HASH_CHARS) | EMAILS | {"domain", "hostname", "ip-src", "ip-dst", "favicon-mmh3"}
REFANGED = EMAILS | {"url", "link", "domain", "hostname", "ip-src", "ip-dst", "uri"}
MANY_LINES = {
    "text",
    "comment",
    "other",
    "email-body",
    "email-header",
    "snort",
    "suricata",
    "bro",
    "zeek",
    "yara",
    "sigma",
    "gene",
    "kusto-query",
    "stix2-pattern",
    "pattern-in-file",
    "pattern-in-traffic",
    "pattern-in-memory",
    "pgp-public-key",
    "pgp-private-key",
    "cortex",
    "dkim-signature",
    "anonymised",
    "hex",
    "cookie",
    "user-agent",
    "target-location",
    "target-external",
    "travel-details",
    "payment-details",
    "special-service-request",
}
COUNTS = {"size-in-bytes", "counter"}
COINS = {"btc", "dash", "xmr", "bin", "cc-number", "bank-account-nr", "aba-rtn", "prtn"}
OTHER = 'Please double check the value or select type "other".'
DOMAIN = re.compile(r"[A-Za-z0-9.\-_]+\.[A-Za-z0-9\-]{2,}\.?")
EMAIL = re.compile(r"[^\s]*@[^\s]*\.[^\s]*")
CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.IGNORECASE)
SSDEEP = re.compile(r"\d+:[^:]*:[^:]*")
LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[!-~]+")
TOO_LONG = (
    "The entered string is too long and would get truncated. Please consider adding the data as an attachment instead"
)
NOT_COMPOSITE = "Composite type found but the value not in the composite (value1|value2) format."


def parts(kind: str, value: str) -> tuple[str, str]:
    """The two columns of a value. Only composite types have a second one; MISP loses a third part."""
    if "|" not in kind and kind != "malware-sample":
        return value, ""
    split = value.split("|")
    return split[0], split[1] if len(split) > 1 else ""


def _of_parts(kind: str) -> tuple[str, ...]:
    return ("filename", "md5") if kind == "malware-sample" else tuple(kind.split("|"))


def composite(kind: str) -> bool:
    return "|" in kind or kind == "malware-sample"


def normalise(kind: str, value: str) -> str:
    """The value as MISP stores it. Leaves an invalid value as it is; `complaint` refuses it."""
    value = ("1" if value else "0") if isinstance(value, bool) else "" if value is None else str(value)
    value = "".join("?" if ord(char) > 0xFFFF else char for char in value).strip(" \t\n\r\0\x0b")
    if composite(kind):
        first, second = _of_parts(kind)
        pieces = value.split("|")
        if len(pieces) < 2:
            return value
        return "|".join([_simple(first, pieces[0]), _simple(second, pieces[1]), *pieces[2:]])
    return _simple(kind, value)


def _simple(kind: str, value: str) -> str:
    if kind in REFANGED:
        value = refang(value)
    if kind in LOWER:
        value = value.lower()
    if kind in ("ip", "ip-src", "ip-dst"):
        return _compressed(value)
    if kind in ("domain", "hostname"):
        return _punycode(value.rstrip("."))
    if kind == "AS":
        return value[2:] if value.upper().startswith("AS") else value
    if kind == "vulnerability":
        return value.upper() if CVE.fullmatch(value) else value
    if kind == "mac-address" and re.fullmatch(r"[0-9A-Fa-f:.\-]{12,17}", value):
        digits = re.sub(r"[^0-9a-f]", "", value.lower())
        return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    if kind == "boolean":
        return {"true": "1", "false": "0"}.get(value.lower(), value)
    return _moment(value) if kind == "datetime" else value


def refang(value: str) -> str:
    """Undoes only the common ways of defanging; `hxxp` in any case becomes `http`."""
    value = re.sub(r"^h(?:xx|XX|tt|\*\*)p", "http", value, flags=re.IGNORECASE)
    value = re.sub(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\\\.", ".", value, flags=re.IGNORECASE)
    return re.sub(r"\[at\]|\[@\]", "@", value.replace("[:]", ":").replace("[://]", "://"), flags=re.IGNORECASE)


def _compressed(value: str) -> str:
    if ":" not in value:
        return value
    address, slash, bits = value.partition("/")
    try:
        return str(ipaddress.IPv6Address(address)) + slash + bits
    except ValueError:
        return value


def _punycode(value: str) -> str:
    if value.isascii():
        return value
    try:
        return value.encode("idna").decode("ascii")
    except UnicodeError:
        return value


def _moment(value: str) -> str:
    moment = _read_moment(value)
    if moment is None:
        return value
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f%z")


def _read_moment(value: str) -> datetime | None:
    """Reads some of the many forms that PHP's strtotime takes."""
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if value.lower() in days:
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=days[value.lower()])
    for read in (datetime.fromisoformat, lambda text: datetime.strptime(text, "%d.%m.%Y")):
        try:
            return read(value)
        except ValueError:
            continue
    return None


def complaint(kind: str, value: str) -> str | None:
    """MISP's message if it refuses a normalised value, or None."""
    if value == "":
        return "Value cannot be empty."
    if len(value.encode("utf-8", "surrogatepass")) > 65535:
        return TOO_LONG
    if kind not in MANY_LINES and ("\n" in value or "\r" in value):
        return "Value must not contain new line character."
    if not composite(kind):
        return _of_simple(kind, value)
    pieces = value.split("|")
    if len(pieces) < 2 or not pieces[0] or not pieces[1]:
        return NOT_COMPOSITE
    if kind == "malware-sample":
        return None
    return next((words for words in map(_of_simple, _of_parts(kind), pieces) if words), None)


def _of_simple(kind: str, value: str) -> str | None:
    if kind in HASH_CHARS:
        wanted = HASH_CHARS[kind]
        good = re.fullmatch(f"[0-9a-f]{{{wanted}}}", value)
        return (
            None
            if good
            else (f"Checksum has an invalid length or format (expected: {wanted} hexadecimal characters). {OTHER}")
        )
    if kind in EMAILS:
        return None if EMAIL.fullmatch(value) else f"Email address has an invalid format. {OTHER}"
    if kind in COUNTS or kind == "integer":
        good = re.fullmatch(r"\d+" if kind in COUNTS else r"-?\d+", value)
        return None if good else "The value has to be a whole number greater or equal 0."
    if kind in COINS:
        return None if re.fullmatch(r"[A-Za-z0-9]+", value) else f"{kind} has to be alphanumeric."
    check = CHECKS.get(kind)
    return check(value) if check else None


def _address(value: str) -> str | None:
    try:
        address, slash, bits = value.partition("/")
        ipaddress.ip_network(value, strict=False) if slash else ipaddress.ip_address(address)
        return "IP address has an invalid format." if slash and not bits.isdecimal() else None
    except ValueError:
        return "IP address has an invalid format."


def _number(low: int, high: int, words: str) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        return None if value.isdecimal() and low <= int(value) <= high else words

    return check


def _pattern(pattern: str, words: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda value: None if compiled.fullmatch(value) else words


def _float(value: str) -> str | None:
    try:
        float(value)
    except ValueError:
        return "The value has to be a number."
    return None


def _date(value: str) -> str | None:
    return (
        None
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d{4}", value)
        else ("Datetime has to be in the ISO 8601 format.")
    )


def _name(what: str) -> Callable[[str], str | None]:
    return lambda value: None if DOMAIN.fullmatch(value) else f"{what} has an invalid format. {OTHER}"


CHECKS = {
    "ip": _address,
    "ip-src": _address,
    "ip-dst": _address,
    "domain": _name("Domain name"),
    "hostname": _name("Hostname"),
    "port": _number(1, 65535, "Port numbers have to be integers between 1 and 65535."),
    "AS": _number(1, 4294967295, "AS number have to be integers between 1 and 4294967295"),
    "vulnerability": lambda value: None if CVE.fullmatch(value) else "Invalid format. Expected: CVE-xxxx-xxxx...",
    "weakness": _pattern(r"CWE-\d+", "Invalid format. Expected: CWE-x..."),
    "link": lambda value: None if LINK.fullmatch(value) else f"Value not in the right type/format. {OTHER}",
    "ssdeep": lambda value: (
        None if SSDEEP.fullmatch(value) else ("Invalid SSDeep hash. The format has to be blocksize:hash:hash")
    ),
    "mac-address": _pattern(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "MAC address has an invalid format."),
    "mac-eui-64": _pattern(r"(?:[0-9a-f]{2}:){7}[0-9a-f]{2}", "MAC EUI-64 address has an invalid format."),
    "uuid": _pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "Invalid UUID format."),
    "hex": _pattern(r"[0-9a-f]+", "Value must be hexadecimal."),
    "boolean": _pattern(r"[01]", "The value has to be either true or false."),
    "float": _float,
    "datetime": _date,
}
