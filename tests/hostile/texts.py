"""Hostile texts: what looks like indicators, quotations, forwards, marks and words that steer."""

import base64
import hashlib

from rows import Family, Row, lines, text, url

HOST = "wgetcdn-files.com"


def digest(number: int, name: str) -> str:
    return hashlib.new(name, str(number).encode(), usedforsecurity=False).hexdigest()


def inside(number: int, depth: int) -> str:
    """A URL in the addresses of so many redirectors, each encoded once more."""
    target = url(number)
    for _ in range(depth):
        target = "https://www.google.com/url?q=" + target.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")
    return target


def safe(number: int) -> str:
    return (
        f"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fw{number}.{HOST}%2F&data=05%7C01&reserved=0"
    )


def header(names: str, begin: str) -> Row:
    """Forwards in the style of one mail program: the names of its fields."""
    sender, sent, to, subject = names.split("|")
    return lines(
        f"Forwards that begin with “{begin or sender}”.",
        lambda n: (
            f"{begin}\r\n{sender}: Eve <e{n}@{HOST}>\r\n{sent}: Monday, 2 March 2026 09:00\r\n{to}: Bob <bob@soc-room.net>\r\n{subject}: Pay {n}\r\n\r\nOpen {url(n)}\r\n"
        ),
    )


STYLES = {
    "outlook": ("From|Sent|To|Subject", "________________________________"),
    "outlook_bare": ("From|Sent|To|Subject", ""),
    "outlook_original": ("From|Sent|To|Subject", "-----Original Message-----"),
    "outlook_german": ("Von|Gesendet|An|Betreff", "-----Ursprüngliche Nachricht-----"),
    "outlook_french": ("De|Envoyé|À|Objet", "-----Message d'origine-----"),
    "apple": ("From|Date|To|Subject", "Begin forwarded message:"),
    "apple_quoted": ("> From|> Date|> To|> Subject", "> Begin forwarded message:"),
    "thunderbird": ("From|Date|To|Subject", "-------- Forwarded Message --------"),
    "thunderbird_german": ("Von|Datum|An|Betreff", "-------- Weitergeleitete Nachricht --------"),
    "notes": ("From|Date|To|Subject", "----- Forwarded by Bob/SOC on 02.03.2026 10:00 -----"),
    "bold": ("*From*|*Sent*|*To*|*Subject*", ""),
}

LINES: dict[str, Family] = {
    "defanged": lines("Defanged URLs.", lambda n: f"hxxps[:]//w{n}[.]wgetcdn-files[.]com/{n}"),
    "defanged_words": lines("Names of hosts with dots as words.", lambda n: f"w{n} [dot] wgetcdn-files (dot) com"),
    "defanged_blanks": lines("Names of hosts with blanks around dots.", lambda n: f"w{n} . wgetcdn-files . com"),
    "defanged_mail": lines("Defanged addresses of people.", lambda n: f"e{n}[at]wgetcdn-files[dot]com"),
    "open_brackets": text("Brackets around dots without an end.", lambda n: f"w{n}[.wgetcdn-files[.", end="com\r\n"),
    "brackets": text("Dots in brackets, one behind the other.", lambda n: "a[.]"),
    "bracket_depth": text("Brackets in one another.", lambda n: "[(<{"),
    "md5": lines("MD5 hashes.", lambda n: digest(n, "md5")),
    "sha1": lines("SHA-1 hashes.", lambda n: digest(n, "sha1")),
    "sha256": lines("SHA-256 hashes.", lambda n: digest(n, "sha256")),
    "sha512": lines("SHA-512 hashes.", lambda n: digest(n, "sha512")),
    "ssdeep": lines("ssdeep hashes.", lambda n: f"96:{digest(n, 'sha1')}:{digest(n, 'md5')}"),
    "named_hashes": lines("Files with their hashes.", lambda n: f"f{n}.exe | MD5: {digest(n, 'md5')} | SHA1: {digest(n, 'sha1')} | SHA256: {digest(n, 'sha256')}"),
    "split_hashes": lines("Hashes over two lines.", lambda n: f"{digest(n, 'sha256')[:32]}\r\n{digest(n, 'sha256')[32:]}"),
    "hash_line": text("Digits of one hash without an end.", lambda n: digest(n, "md5")),
    "addresses": lines("IPv4 addresses.", lambda n: f"198.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"),
    "ports": lines("IPv4 addresses with ports.", lambda n: f"198.51.{n >> 8 & 255}.{n & 255}:{n % 65536}"),
    "ipv6": lines("IPv6 addresses.", lambda n: f"2a02:{n >> 16:x}:{n & 0xFFFF:x}::1"),
    "ipv6_ports": lines("IPv6 addresses with ports.", lambda n: f"[2a02:{n >> 16:x}:{n & 0xFFFF:x}::1]:443"),
    "networks": lines("Networks.", lambda n: f"198.{n >> 16 & 255}.{n >> 8 & 255}.0/{n % 33}, 2a02:{n & 0xFFFF:x}::/32"),
    "ranges": lines("Ranges of addresses.", lambda n: f"198.51.{n >> 8 & 255}.{n & 255}-198.51.{n >> 8 & 255}.255"),
    "versions": text("Numbers with dots.", lambda n: f"1.{n}."),
    "colons": text("Numbers with colons.", lambda n: f"{n % 60:02}:"),
    "domains": lines("Names of hosts.", lambda n: f"w{n}.wgetcdn-files.com"),
    "domain_labels": text("Labels of one name.", lambda n: f"l{n}.", end="com\r\n"),
    "domain_list": text("Names of hosts with commas.", lambda n: f"w{n}.{HOST},"),
    "people": lines("Addresses of people.", lambda n: f"e{n}@w{n}.{HOST}"),
    "people_list": text("Addresses of people with semicolons.", lambda n: f"e{n}@{HOST};"),
    "at_chain": text("Addresses of people one behind the other.", lambda n: f"a{n}.de@"),
    "mail_links": lines("mailto links.", lambda n: f"mailto:e{n}@{HOST}?cc=c{n}@{HOST}&body={url(n)}"),
    "registry": lines("Keys of the registry.", lambda n: f"HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\v{n}"),
    "registry_depth": text("Levels of one key.", lambda n: f"\\k{n}", begin="HKLM\\Software"),
    "paths": lines("Paths of Windows.", lambda n: f"C:\\Users\\Public\\d{n}\\f{n}.exe and %APPDATA%\\f{n}.dll"),
    "unix_paths": lines("Paths of Unix.", lambda n: f"/tmp/d{n}/f{n}.sh"),
    "file_names": lines("Names of files.", lambda n: f"invoice {n}.pdf.exe, setup{n}.js"),
    "cves": lines("Weaknesses.", lambda n: f"CVE-{1999 + n % 27}-{n:05}"),
    "coins": lines("What looks like addresses of coins.", lambda n: f"1{base64.b32encode(digest(n, 'sha1').encode())[:33].decode('ascii')}"),
    "bech32": lines("What looks like addresses of newer coins.", lambda n: f"bc1q{digest(n, 'sha1')[:38]} 0x{digest(n, 'sha1')}"),
    "ibans": lines("Bank accounts and phone numbers.", lambda n: f"DE89 3704 0044 0532 {n:04} 00, +49 30 {n:07}"),
    "systems": lines("Numbers of networks and of cards.", lambda n: f"AS{n} 00:1b:44:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}"),
    "agents": lines("User agents.", lambda n: f"User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0"),
    "rules": lines("Rules of YARA.", lambda n: f'rule r{n} {{ strings: $a = "{url(n)}" condition: $a }}'),
    "snort": lines("Rules of Snort.", lambda n: f'alert tcp any any -> 198.51.{n >> 8 & 255}.{n & 255} 443 (msg:"{n}"; content:"w{n}.{HOST}"; sid:{n};)'),
    "guids": lines("GUIDs.", lambda n: f"{{{n:08x}-0000-4000-8000-{n:012x}}}"),
    "punycode": lines("Names of hosts in Punycode.", lambda n: f"https://xn--bcher{n}-kva.xn--mnzkauf-n2a.de/"),
    "broken_punycode": lines("Names of hosts in what is no Punycode.", lambda n: f"https://xn--{digest(n, 'sha1')}.com/"),
    "look_alikes": lines("Names with letters of other scripts.", lambda n: f"https://раураl{n}.соm/ аррlе{n}.com"),
    "full_width": lines("Names in full-width letters.", lambda n: f"ｈｔｔｐｓ：／／ｗ{n}．ｗｇｅｔ．ｃｏｍ／"),
    "right_to_left": lines("Marks of direction.", lambda n: f"‮moc.{n}‬ https://w{n}‮.{HOST}/"),
    "zero_width": lines("Letters without a width.", lambda n: f"https://w{n}\u200b.wget\u200dcdn\u00ad-files\ufeff.com/{n}"),
    "combining": text("Letters that combine.", lambda n: "\u0301\u0323", begin="https://a"),
    "combining_words": lines("Words of letters that combine.", lambda n: f"https://u\u0308{n}.wgetcdn-files.com/e\u0301"),
    "emojis": text("Emojis.", lambda n: "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    "long_query": text("Parameters of one URL.", lambda n: f"p{n}={n}&", begin="https://wgetcdn-files.com/?"),
    "long_path": text("Steps of one URL's path.", lambda n: f"../d{n}/", begin="https://wgetcdn-files.com/"),
    "addresses_in_addresses": text("URLs in the path of one another.", lambda n: f"{url(n)}/", begin=""),
    "schemes": text("Schemes of URLs.", lambda n: "https://"),
    "hxxp": text("Schemes of defanged URLs.", lambda n: "hxxp[:]//"),
    "slashes": text("Slashes.", lambda n: "//"),
    "logins": text("Names before the host of one URL.", lambda n: f"u{n}:p@", begin="https://"),
    "percents": text("Percent signs.", lambda n: "%25", begin="https://wgetcdn-files.com/?u="),
    "redirectors": lines("Redirectors.", lambda n: inside(n, 1)),
    "redirector_depth": lines("Redirectors in redirectors.", lambda n: inside(n, 6)),
    "redirector_chain": text("Redirectors of one URL.", lambda n: "https://www.google.com/url?q=", end=f"{url(1)}\r\n"),
    "rewritten": lines("Rewritten links of one provider.", safe),
    "rewritten_twice": lines("Rewritten links of another.", lambda n: f"https://urldefense.com/v3/__https://w{n}.{HOST}/__;!!abc!def$ https://urldefense.proofpoint.com/v2/url?u=https-3A__w{n}.wgetcdn-2Dfiles.com_&d=DwMFaQ"),
    "onions": lines("Hidden services.", lambda n: f"http://{base64.b32encode(digest(n, 'sha256').encode())[:56].decode('ascii').lower()}.onion/"),
    "other_schemes": lines("URLs of other schemes.", lambda n: f"ftp://w{n}.{HOST}/ ssh://w{n}.{HOST}:22 magnet:?xt=urn:btih:{digest(n, 'sha1')} tcp://w{n}.{HOST}:1"),
    "data_addresses": lines("Data in addresses.", lambda n: f"data:text/html;base64,{base64.b64encode(url(n).encode()).decode('ascii')}"),
    "javascript": lines("Scripts in addresses.", lambda n: f"javascript:window.location='{url(n)}'"),
    "nested_json": text("Brackets of JSON.", lambda n: '{"a":[', end=f'"{url(1)}"'),
    "escaped_json": text("URLs in JSON with escapes.", lambda n: f'{{"u":"https:\\/\\/w{n}.{HOST}\\/\\u0061"}},'),
    "xml_text": text("Elements of XML in the text.", lambda n: f"<u>{url(n)}</u>"),
    "coded_text": lines("Base64 in the text.", lambda n: base64.b64encode(url(n).encode() * 2).decode("ascii")),
    "markdown": lines("Links of Markdown.", lambda n: f"* [here {n}]({url(n)}) ![i]({url(n)}.png) <{url(n)}>"),
    "table": lines("Rows of a table with bars.", lambda n: f"| {url(n)} | {digest(n, 'md5')} | C2 |", begin="| IoC | Hash | Kind |\r\n|---|---|---|\r\n"),
    "wide_row": text("Columns of one row.", lambda n: f"{url(n)}\t"),
    "quoted_row": text("Quoted columns of one row.", lambda n: f'"{url(n)}";'),
    "columns": lines("Columns of blanks.", lambda n: f"w{n}.{HOST}          198.51.{n >> 8 & 255}.{n & 255}          {digest(n, 'md5')}"),
    "wrapped": lines("URLs over two lines.", lambda n: f"<https://w{n}.wgetcdn-\r\nfiles.com/{n}/aaaa=\r\nbbbb>"),
    "wrapped_on": text("Lines of one URL.", lambda n: f"{'a' * 70}/{n}-\r\n", begin="<https://wgetcdn-files.com/"),
    "long_word": text("Letters of one word.", lambda n: "abcdefgh"),
    "long_dots": text("Letters and dots of one word.", lambda n: "a."),
    "long_dashes": text("Letters and dashes of one word.", lambda n: "a-"),
    "blank_lines": text("Blank lines.", lambda n: " \t\r\n"),
    "blanks": text("Blanks.", lambda n: " "),
    "short_lines": lines("Lines of one letter.", lambda n: "a"),
    "quote_levels": lines("Quoted lines, each a level deeper.", lambda n: f"{'>' * min(n, 300)} {url(n)}"),
    "quote_steps": lines("Quoted lines whose level changes.", lambda n: f"{'> ' * (n % 7)}{url(n)}"),
    "quoted_forwards": lines("Forwards in quoted lines.", lambda n: f"> > ---------- Forwarded message ---------\r\n> > From: Eve <e{n}@{HOST}>\r\n> > Subject: {n}\r\n> >\r\n> > {url(n)}"),
    "replies": lines("Lines that say who wrote.", lambda n: f"On Mon, 2 Mar 2026 at 09:00, Eve <e{n}@{HOST}> wrote:\r\n> {url(n)}"),
    "half_replies": lines("Lines that begin to say who wrote.", lambda n: f"On Mon, 2 Mar 2026 at 09:{n % 60:02}, Eve"),
    "field_lines": lines("Lines like fields of a header.", lambda n: f"From: e{n}@{HOST}"),
    "subject_lines": lines("Lines like a subject.", lambda n: f"Subject: {n}"),
    "signature_lines": lines("Lines before signatures.", lambda n: "-- "),
    "dash_lines": lines("Lines of dashes.", lambda n: "-" * (5 + n % 60)),
    "tlp_marks": lines("TLP marks.", lambda n: ("TLP:RED", "TLP:AMBER+STRICT", "tlp white", "[TLP:GREEN]", "PAP:RED")[n % 5]),
    "tlp_line": text("TLP marks of one line.", lambda n: "TLP:AMBER "),
    "passwords": lines("Passwords.", lambda n: f"The password is: p{n}w"),
    "password_words": text("Words for a password.", lambda n: "password: "),
    "directive_pieces": lines("Beginnings of directives.", lambda n: "m2m:"),
    "directive_keys": lines("Directives with a key.", lambda n: f"m2m:m2mkey:{n}\r\nm2m:publish:1"),
    "directive_line": text("Directives of one line.", lambda n: "m2m:tag:x "),
    "sentences": lines("Sentences that tell what a mail is.", lambda n: "We received the following phishing mail. Please find the indicators below. Your account will be suspended, verify it now."),
    "whois": lines("Lines of whois.", lambda n: f"Registrar: R{n}\r\nRegistrar URL: {url(n)}\r\nCreation Date: 2026-03-02"),
    "servers": lines("Answers of name servers.", lambda n: f"w{n}.{HOST}. 300 IN A 198.51.{n >> 8 & 255}.{n & 255}"),
    "logs": lines("Lines of a log.", lambda n: f'198.51.{n >> 8 & 255}.{n & 255} - - [02/Mar/2026:10:00:00 +0100] "GET /{n} HTTP/1.1" 200 {n} "{url(n)}" "Mozilla/5.0"'),
    "received_text": lines("Received lines in the text.", lambda n: f"Received: from a{n}.{HOST} (198.51.{n >> 8 & 255}.{n & 255}) by b"),
    "pgp": lines("Blocks of PGP.", lambda n: f"-----BEGIN PGP MESSAGE-----\r\n\r\n{digest(n, 'sha1')}\r\n-----END PGP MESSAGE-----"),
    "pgp_open": lines("Beginnings of PGP blocks.", lambda n: "-----BEGIN PGP SIGNED MESSAGE-----"),
    "certificates": lines("Certificates.", lambda n: f"-----BEGIN CERTIFICATE-----\r\n{digest(n, 'sha512')}\r\n-----END CERTIFICATE-----"),
    "mbox_lines": lines("Lines that begin a mail in mbox files.", lambda n: f"From e{n}@{HOST} Mon Mar  2 10:00:00 2026"),
    "notices": lines("Lines of bounces.", lambda n: f"This is the mail system at host mx{n}.{HOST}.\r\n<p{n}@soc-room.net>: host mx said: 550 5.1.1"),
}  # fmt: skip

ROWS: dict[str, Family] = LINES | {f"forwards_{name}": header(*style) for name, style in STYLES.items()}
