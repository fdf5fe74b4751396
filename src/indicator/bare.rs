//! Whether a name with dots in prose is a host at all: not a file, a version, an abbreviation, a method or a package.

use super::bytes::{at, before, is_alnum, is_invisible, is_symbol};
use super::chain::Chain;
use super::host::Host;
use super::{Doubt, Kind, url};
use crate::domain::host::registrable;
use crate::domain::{Ending, EndingUse};

/// What a first label says when the whole is code: `this.name`, `document.write`, `user.id`.
const CODE_ROOTS: [&str; 41] = [
    "this", "self", "super", "window", "document", "console", "event", "evt", "element", "elem", "node", "obj",
    "object", "item", "user", "args", "params", "props", "state", "module", "process", "config", "settings", "string",
    "array", "math", "date", "json", "req", "request", "res", "response", "data", "system", "os", "sys", "java",
    "thread", "$this", "e", "asp",
];

/// Public suffixes that are names of fields in code, too.
const FIELDS: [&str; 12] = [
    "id", "name", "date", "info", "link", "email", "host", "group", "page", "city", "company", "tax",
];

/// Two-label abbreviations whose second part is a public suffix.
const ABBREVIATIONS: [&str; 9] = [
    "co.kg", "m.sc", "b.sc", "d.sc", "dr.med", "dipl.ing", "vb.net", "ado.net", "a.so",
];

/// First labels of names turned round, as packages have them.
const REVERSED: [&str; 12] = [
    "com", "org", "net", "io", "android", "javax", "edu", "gov", "me", "de", "app", "dev",
];

/// Suffixes that end names inside a network (RFC 6762, RFC 8375, RFC 2606 and use).
const INTERNAL: [&str; 12] = [
    "local",
    "internal",
    "lan",
    "corp",
    "home",
    "test",
    "invalid",
    "intranet",
    "localdomain",
    "localhost",
    "private",
    "arpa",
];

/// Public suffixes under which a name can have pictures in it, see `data/picture_suffixes.tsv`.
const PICTURE_SUFFIXES: &[&str] = include!(concat!(env!("OUT_DIR"), "/picture_suffixes.rs"));

/// Suffixes that begin sentences as words: after the full stop of `Follow-up.It was` no blank was typed.
const WORDS: [&str; 31] = [
    "al", "am", "as", "at", "be", "ci", "de", "do", "el", "es", "if", "il", "in", "is", "it", "la", "le", "ma", "me",
    "my", "ne", "next", "no", "now", "one", "se", "si", "so", "to", "tu", "us",
];

/// Suffixes that no language has as a word at the beginning of a sentence (`De` aside, which stands after few full stops).
const UNWORDED: [&str; 36] = [
    "com", "net", "org", "info", "biz", "de", "xyz", "icu", "ru", "cn", "uk", "eu", "br", "pl", "nl", "fr", "jp", "kr",
    "ua", "cz", "hu", "gr", "tr", "kz", "bg", "dk", "hk", "tw", "sg", "vn", "th", "pk", "ng", "za", "mx", "ro",
];

/// The chain as the name that it means in prose: with the underscore that it begins with, without the pictures beside it.
pub fn as_name(text: &str, chain: Chain) -> Chain {
    let chain = beside_pictures(text, chain);
    let bytes = text.as_bytes();
    let lead = chain.start.checked_sub(1).filter(|lead| at(bytes, *lead) == b'_');
    // `_dmarc.evil.com` is a name, `_evil.com_` and `__evil.com` are not.
    let service = |lead: usize| {
        let owner = registrable(&chain.name).map_or(0, str::len);
        !is_alnum(bytes, lead.wrapping_sub(1))
            && before(bytes, lead) != b'_'
            && at(bytes, chain.end) != b'_'
            && owner < chain.name.len()
    };
    match lead.filter(|lead| service(*lead)) {
        Some(start) => Chain {
            name: format!("_{}", chain.name),
            start,
            ..chain
        },
        None => chain,
    }
}

/// `👉evil.com`, `evil.com🔥bad.org`: where names cannot have pictures, one stands before or between names.
fn beside_pictures(text: &str, chain: Chain) -> Chain {
    let last = chain.name.rsplit('.').next().unwrap_or_default();
    let Some(picture) = chain
        .picture
        .filter(|_| !chain.evident && !PICTURE_SUFFIXES.contains(&last))
    else {
        return chain;
    };
    let plain = text.get(..picture).map(|head| Chain::read(head, chain.start, false));
    if let Some(plain) = plain.filter(|plain| plain.labels > 1) {
        return plain;
    }
    let behind = |c: char| is_symbol(c) || is_invisible(c);
    let rest = text.get(picture..).unwrap_or_default();
    let start = picture + rest.len() - rest.trim_start_matches(behind).len();
    if picture == chain.start {
        Chain::read(text, start, false)
    } else {
        chain
    }
}

/// Names what a chain of labels is; `None` when it is no host. `listed` says whether the line is one of a list of hosts.
pub fn judge(text: &str, chain: &Chain, path: bool, mut listed: impl FnMut() -> bool) -> Option<Host> {
    let name = chain.name.as_str();
    if chain.too_long || chain.labels < 2 || !fits_around(text, chain) {
        return None;
    }
    let last = name.rsplit('.').next()?;
    if last.len() < 2 || last.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if INTERNAL.contains(&last) || last == "onion" {
        let host = Host::name(name)?;
        return (last != "onion" || is_onion(name)).then_some(host);
    }
    let mut host = Host::name(name).filter(|host| host.doubt.is_none())?;
    let last_picture = || PICTURE_SUFFIXES.contains(&last);
    if chain.picture.is_some() && !chain.evident && !last_picture() {
        host.doubt = Some(Doubt::NotWhole);
        return Some(host);
    }
    // Nobody can register a name with an underscore.
    let impossible = registrable(&host.value).is_some_and(|owner| owner.contains('_'));
    if chain.evident || (name.starts_with("www.") && chain.labels > 2) {
        host.doubt = impossible.then_some(Doubt::FileName);
        return Some(host);
    }
    if is_prose(text, chain, name, last) || is_numbering(name, last) {
        return None;
    }
    if is_field(name, last, chain.labels) && !path && !listed() {
        host.doubt = Some(Doubt::Code);
    } else if impossible
        || looks_like_a_file(name, last, chain.labels) && !path && !listed()
        || is_package(name, chain.labels, path)
    {
        host.doubt = Some(Doubt::FileName);
    }
    Some(host)
}

fn is_onion(name: &str) -> bool {
    let mut labels = name.rsplit('.').skip(1);
    labels
        .next()
        .is_some_and(|label| matches!(label.len(), 16 | 56) && label.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// What stands directly before and after must not make it part of a path, a call or a variable.
fn fits_around(text: &str, chain: &Chain) -> bool {
    let bytes = text.as_bytes();
    let previous = before(bytes, chain.start);
    let doubled = chain.start >= 2 && at(bytes, chain.start - 2) == previous;
    let led = match previous {
        b'/' => doubled || chain.evident || url::led_by_protocol(bytes, chain.start),
        b'\\' => doubled || chain.evident,
        b'%' | b'$' => false,
        b'-' | b'_' => !doubled,
        _ => true,
    };
    let next = at(bytes, chain.end);
    let called =
        next == b'(' && (chain.evident || matches!(at(bytes, chain.end + 1), b')' | b'"' | b'\'' | b'$' | b'&'));
    led && (!called || chain.evident) && !(next == b'=' && at(bytes, chain.end + 1) == b'=')
}

/// Sentences without a blank after their end, abbreviations, code.
fn is_prose(text: &str, chain: &Chain, name: &str, last: &str) -> bool {
    let written = text.get(chain.start..chain.end).unwrap_or_default();
    let (first, first_written) = (label(name), label(written));
    let suffix = written.rsplit('.').next().unwrap_or_default();
    let titled = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase())
            && word
                .get(1..)
                .is_some_and(|rest| rest.bytes().any(|b| b.is_ascii_lowercase()))
    };
    // `the end.It`, `AEO.Date`: but `Evil.Com` and `Evil-Host.Xyz` are names.
    let is_upper = |word: &str| word.bytes().all(|byte| byte.is_ascii_uppercase());
    let camel = first_written.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()) && !is_upper(first_written);
    // `typing.IO`
    if is_upper(suffix) && first_written.bytes().all(|byte| byte.is_ascii_lowercase()) && !UNWORDED.contains(&last) {
        return true;
    }
    let marked = || camel || name.bytes().any(|byte| byte == b'-' || byte.is_ascii_digit());
    let named = titled(first_written) && UNWORDED.contains(&last);
    if titled(suffix) && !(named || marked() && !WORDS.contains(&last)) {
        return true;
    }
    chain.labels == 2 && (CODE_ROOTS.contains(&first) || ABBREVIATIONS.contains(&name))
        || chain.labels > 2
            && matches!(
                first,
                "this" | "self" | "window" | "document" | "system" | "java" | "os"
            )
}

/// `Fig.1.in`, `Abs.2.at`: a number and a word of the sentence.
fn is_numbering(name: &str, last: &str) -> bool {
    let owner = name.rsplit('.').nth(1).unwrap_or_default();
    last.len() == 2 && owner.len() <= 2 && owner.bytes().all(|byte| byte.is_ascii_digit())
}

fn label(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// `t.id`, `u.name`: the alias of a table or a variable, and a field.
fn is_field(name: &str, last: &str, labels: usize) -> bool {
    labels == 2 && label(name).len() == 1 && FIELDS.contains(&last)
}

fn looks_like_a_file(name: &str, last: &str, labels: usize) -> bool {
    let is = |label: &str, wanted| Ending::of_label(label).is_some_and(|ending| ending.is(wanted));
    let inner = || name.split('.').skip(1).take(labels.saturating_sub(2));
    if labels > 2 && inner().any(|label| is(label, EndingUse::File)) {
        return true;
    }
    is(last, EndingUse::Suffix)
        && (labels == 2
            || name.contains('_')
            || name.starts_with("lib")
            || inner().any(|label| label.bytes().all(|byte| byte.is_ascii_digit())))
}

/// `README.md/setup.py`: both the name and what follows the slash are files that people write. `rest` begins with the slash.
pub fn is_list_of_files(chain: &Chain, rest: &str) -> bool {
    let is_source = |name: &str| Ending::of_name(name).is_some_and(|ending| ending.is(EndingUse::Source));
    let next = rest.get(1..).unwrap_or_default();
    let part = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let second = next.get(..next.find(part).unwrap_or(next.len())).unwrap_or_default();
    !chain.evident && chain.labels == 2 && is_source(&chain.name) && is_source(second.trim_end_matches('.'))
}

/// `com.example.app`, `org.apache.commons.io`; but `app.example.de` and `dev.example.co.uk` are hosts.
fn is_package(name: &str, labels: usize, path: bool) -> bool {
    let Some(last) = name
        .rsplit('.')
        .next()
        .filter(|_| labels > 2 && REVERSED.contains(&label(name)))
    else {
        return false;
    };
    // Names of hosts begin like this, too: what they end with has to be a word of programs.
    let ambiguous = matches!(label(name), "app" | "dev" | "io" | "me" | "de" | "edu" | "gov");
    let suffix = Ending::of_label(last).is_some_and(|ending| ending.is(EndingUse::Suffix));
    let coded =
        suffix || FIELDS.contains(&last) || matches!(last, "io" | "me" | "dev" | "tools" | "network" | "services");
    let second_level = || registrable(name).is_some_and(|owner| owner.split('.').count() > 2);
    // Packages have no hyphens.
    let usual = matches!(last, "com" | "net" | "org" | "ru" | "cn" | "info") || name.contains('-');
    !usual && !(ambiguous && (path || !coded)) && !second_level()
}

/// Whether a name ends like a file, for finding the file that a hash belongs to.
pub fn is_file_name(name: &str) -> bool {
    let names_file = |ending: Ending| ending.is(EndingUse::File) || ending.is(EndingUse::Suffix);
    name.rfind('.').is_some_and(|dot| dot > 0) && Ending::of_name(name).is_some_and(names_file)
}

/// Whether a token is surely a host (`Some(true)`), perhaps a file (`Some(false)`), or neither, for telling lists of hosts.
pub fn in_list(token: &str) -> Option<bool> {
    let name = token.replace("[.]", ".").replace(['[', ']'], "").to_ascii_lowercase();
    if name.parse::<std::net::Ipv4Addr>().is_ok() {
        return Some(true);
    }
    registrable(&name)?;
    let last = name.rsplit('.').next()?;
    let labels = name.split('.').count();
    Some(!looks_like_a_file(&name, last, labels) && !is_package(&name, labels, false))
}

/// The kind for a host with a port.
pub fn with_port(kind: Kind) -> Kind {
    if kind == Kind::Ip {
        Kind::IpPort
    } else {
        Kind::HostnamePort
    }
}
