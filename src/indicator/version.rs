//! Numbers with dots that are addresses by their form, and versions or parts of a document by the words beside them.

use std::net::Ipv4Addr;

use super::bytes::{at, line_before};

/// Words directly before a number that name it.
const NAMED: [&str; 8] = ["version", "ver", "v", "release", "build", "oid", "firmware", "revision"];

/// Words before the number of a part of a document.
const PARTS: [&str; 9] = [
    "section",
    "sections",
    "chapter",
    "clause",
    "paragraph",
    "appendix",
    "annex",
    "abschnitt",
    "\u{a7}",
];

/// Words beside small numbers that speak of versions: «fixed in», «prior to», «through».
const BEFORE: [&str; 30] = [
    "versions",
    "versionen",
    "through",
    "fixed",
    "patched",
    "upgrade",
    "upgraded",
    "update",
    "updated",
    "prior",
    "until",
    "since",
    "earlier",
    "before",
    "vor",
    "bis",
    "ab",
    "avant",
    "hotfix",
    "patch",
    "sp",
    "rev",
    "releases",
    "builds",
    "branch",
    "client",
    "agent",
    "sdk",
    "driver",
    "plugin",
];
const AFTER: [&str; 14] = [
    "through",
    "and earlier",
    "and later",
    "or later",
    "and below",
    "and prior",
    "and older",
    "or earlier",
    "or newer",
    "and newer",
    "und früher",
    "und älter",
    "bis",
    "release",
];

/// Words before addresses. A capital of theirs makes no product of them.
const NETWORK: [&str; 60] = [
    "ip",
    "ips",
    "ipv4",
    "c2",
    "c&c",
    "cnc",
    "host",
    "hosts",
    "server",
    "servers",
    "address",
    "addresses",
    "adresse",
    "adressen",
    "dirección",
    "indirizzo",
    "adres",
    "endereço",
    "from",
    "to",
    "at",
    "on",
    "via",
    "by",
    "und",
    "and",
    "or",
    "the",
    "von",
    "nach",
    "an",
    "auf",
    "source",
    "src",
    "destination",
    "dst",
    "target",
    "attacker",
    "beacon",
    "blocked",
    "peer",
    "node",
    "gateway",
    "router",
    "proxy",
    "dns",
    "resolver",
    "nameserver",
    "rechner",
    "knoten",
    "quelle",
    "ziel",
    "scanner",
    "endpoint",
    "panel",
    "traffic",
    "network",
    "as",
    "see",
    "listener",
];

/// Makers and products that stand before their versions at the beginning of a line, where a capital says nothing.
const PRODUCTS: [&str; 40] = [
    "firefox",
    "chrome",
    "chromium",
    "edge",
    "safari",
    "opera",
    "brave",
    "thunderbird",
    "reader",
    "acrobat",
    "flash",
    "java",
    "windows",
    "android",
    "linux",
    "kernel",
    "office",
    "outlook",
    "exchange",
    "sharepoint",
    "apache",
    "nginx",
    "tomcat",
    "jenkins",
    "confluence",
    "jira",
    "wordpress",
    "drupal",
    "joomla",
    "magento",
    "openssl",
    "openssh",
    "php",
    "python",
    "oracle",
    "weblogic",
    "citrix",
    "fortinet",
    "zoom",
    "teams",
];

/// Whether the address from `start` to `end` is a version, or the number of a section, by what stands around it.
pub fn is_version(text: &str, start: usize, end: usize, address: Ipv4Addr) -> bool {
    let bytes = text.as_bytes();
    let lead = line_before(bytes, start, 40);
    if last_word_is_one_of(lead, &NAMED) || is_section(lead, address) {
        return true;
    }
    let lead = text
        .get(text.ceil_char_boundary(start - lead.len())..start)
        .unwrap_or_default();
    let tail = text.get(end..text.floor_char_boundary(end + 24)).unwrap_or_default();
    looks_small(address) && at(bytes, end) != b':' && is_told(lead, tail)
}

fn is_section(lead: &[u8], address: Ipv4Addr) -> bool {
    address.octets().iter().all(|octet| *octet < 100) && last_word_is_one_of(lead, &PARTS)
}

/// The numbers are as small as those of versions are. Of a thousand addresses one or two are like that.
fn looks_small(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let resolver = matches!(
        (a, b, c, d),
        (1, 1, 1, 1) | (1, 0, 0, 1) | (8, 8, 8, 8) | (8, 8, 4, 4) | (9, 9, 9, 9)
    );
    a <= 40 && b <= 25 && c < 100 && d < 100 && !resolver
}

/// Whether the words around speak of a version: a product before it, or words of repairs and ranges.
fn is_told(lead: &str, tail: &str) -> bool {
    let tail = tail.trim_start_matches([' ', ')', ',']).to_lowercase();
    let ranged = AFTER.iter().any(|words| tail.starts_with(words));
    let mut words = lead
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | '"'))
        .filter(|word| !word.is_empty());
    let (Some(last), previous) = (words.next_back(), words.next_back()) else {
        return ranged;
    };
    let known = |word: &str, list: &[&str]| list.contains(&word.trim_end_matches([':', '.']).to_lowercase().as_str());
    let comparing = matches!(last, "<" | "<=" | ">" | ">=" | "=<" | "=>" | "\u{2264}" | "\u{2265}");
    // «fixed in», «prior to», «up to»; and a number after a number, «13.1-49.13 12.1.55.3».
    let small_word = matches!(last, "in" | "to" | "than" | "with" | "zu" | "auf");
    let told = |word: &str| known(word, &BEFORE) || known(word, &["up"]);
    if comparing || known(last, &BEFORE) || ranged && !known(last, &NETWORK) {
        return true;
    }
    if small_word {
        return previous.is_some_and(told);
    }
    !last.ends_with([':', '.']) && !known(last, &NETWORK) && is_product(last, previous)
}

/// Whether a word names a product: capitals inside of it, a capital inside the sentence, or one that everybody knows.
fn is_product(word: &str, previous: Option<&str>) -> bool {
    let letters = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let titled = letters.starts_with(char::is_uppercase);
    let inner = letters.chars().skip(1).any(char::is_uppercase) && letters.chars().any(char::is_alphabetic);
    let lower = letters.to_lowercase();
    let number_after_product = letters.starts_with(|c: char| c.is_ascii_digit())
        && letters.contains('.')
        && letters.parse::<Ipv4Addr>().is_err();
    let inside = previous.is_some_and(|word| !word.ends_with(['.', ':', '!', '?', '|', '-']));
    PRODUCTS.contains(&lower.as_str()) || inner || number_after_product || titled && inside
}

/// Whether the text ends with one of the words, as a word of its own: a server is no «ver».
fn last_word_is_one_of(text: &[u8], words: &[&str]) -> bool {
    let text = text.trim_ascii_end();
    let text = text
        .strip_suffix(b":")
        .or_else(|| text.strip_suffix(b"."))
        .unwrap_or(text);
    let is_word = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
    let begin = text.iter().rposition(|byte| !is_word(byte)).map_or(0, |at| at + 1);
    let last = text.get(begin..).unwrap_or_default();
    words.iter().any(|word| last.eq_ignore_ascii_case(word.as_bytes()))
}
