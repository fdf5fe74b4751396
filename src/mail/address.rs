//! Address fields: `Name <a@b>`, `a@b (Name)`, groups, lists with semicolons, and what is broken about them. Linear.
//!
//! `mail-parser` reads the field. What stands here makes it readable before (each rule names what would be lost), and takes
//! an address out of what it gives when the writer put something around it.

use std::borrow::Cow;

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};

use super::{Address, encoded_word};

/// Every mailbox of an address field as written. A piece without anything like an address is left out.
pub(super) fn parse(value: &str) -> Vec<Address> {
    let mut written = tidy(&encoded_word::normalise(&without_mailto(value)));
    // The last address is given only when its line ends.
    written.push('\n');
    let brackets = written.contains('<');
    let mailbox = |read: &Addr<'_>| mailbox(read, brackets);
    match MessageStream::new(written.as_bytes()).parse_address() {
        HeaderValue::Address(mail_parser::Address::List(list)) => list.iter().filter_map(&mailbox).collect(),
        HeaderValue::Address(mail_parser::Address::Group(groups)) => groups
            .iter()
            .flat_map(|group| &group.addresses)
            .filter_map(&mailbox)
            .collect(),
        _ => Vec::new(),
    }
}

/// `Joe [mailto:a@b]` and `a@b<mailto:a@b>`, as Outlook writes them above a forward, to `Joe <a@b>` and `a@b`. The first would be
/// read as the group «Joe [mailto».
pub(super) fn without_mailto(value: &str) -> Cow<'_, str> {
    if !value.contains("mailto:") {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find("mailto:") {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let tail = tail.get("mailto:".len()..).unwrap_or_default();
        let end = tail.find(['>', ']', ' ', ';', ',']).unwrap_or(tail.len());
        let (address, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
        let kept = before.trim_end_matches(['<', '[', '(']);
        out.push_str(kept);
        if !kept.trim_end().ends_with(address) {
            out.push('<');
            out.push_str(address);
            out.push('>');
        }
        rest = after.strip_prefix(['>', ']', ')']).unwrap_or(after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Quotes and comments that are never closed would swallow every address behind them, a `\"` outside of quotes too.
fn tidy(value: &str) -> String {
    let count = |wanted: char| value.chars().filter(|c| *c == wanted).count();
    let unescaped = count('"').saturating_sub(value.matches("\\\"").count());
    let (keep_quotes, keep_comments) = (unescaped.is_multiple_of(2), count('(') == count(')'));
    let mut out = String::with_capacity(value.len() + 1);
    let mut quoted = false;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => {
                out.push(c);
                out.extend(chars.next().filter(|c| !c.is_control()));
            }
            '\\' => {
                if chars.as_str().starts_with(['"', '\\']) {
                    chars.next();
                }
            }
            '"' if keep_quotes => {
                quoted = !quoted;
                out.push(c);
            }
            '"' => out.push(' '),
            '(' | ')' if !quoted && !keep_comments => out.push(' '),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// `brackets` says that the field has any: then `<root>` is an address too, while `root (Cron)` is none.
fn mailbox(read: &Addr<'_>, brackets: bool) -> Option<Address> {
    let (name, written) = (read.name.as_deref(), read.address.as_deref());
    if let Some(address) = written.map(clean).filter(|address| is_address(address, brackets)) {
        let name = name.and_then(display);
        return Some(Address { name, address });
    }
    // `Joe a@b`, or an address inside of an encoded word: one word is the address, the others are the name.
    let all = written.or(name)?;
    let word = all
        .split(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
        .rfind(|word| is_address(&clean(word), false))?;
    let others = all.replacen(word, "", 1).replace(['<', '>'], " ");
    Some(Address {
        name: written.and(name).and_then(display).or_else(|| display(&others)),
        address: clean(word),
    })
}

fn is_address(word: &str, local: bool) -> bool {
    !word.is_empty() && (local || word.contains('@')) && !word.contains(char::is_whitespace)
}

/// An address without source route, `mailto:`, blanks around its `@`, and the brackets or quotes around it.
fn clean(address: &str) -> String {
    let address = address.trim().trim_matches(['<', '>', '[', ']', '\'']);
    let address = address
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .map_or(address, |_| address.get(7..).unwrap_or_default());
    let address = match address.strip_prefix('@').and_then(|route| route.split_once(':')) {
        Some((_, address)) => address,
        None => address,
    };
    let address = address.trim_matches(|c: char| c == '"' && !address.contains("\"@"));
    match address.split_once('@') {
        Some((local, domain)) => format!("{}@{}", local.trim(), domain.trim()),
        None => address.to_owned(),
    }
}

fn display(name: &str) -> Option<String> {
    let name = name.trim().trim_matches('\'').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_they_come() {
        type Mailbox = (Option<&'static str>, &'static str);
        let facts: &[(&str, &[Mailbox])] = &[
            ("a@b.c", &[(None, "a@b.c")]),
            ("Joe <a@b.c>", &[(Some("Joe"), "a@b.c")]),
            (
                "\"Doe, Joe\" <a@b.c>, x@y.z",
                &[(Some("Doe, Joe"), "a@b.c"), (None, "x@y.z")],
            ),
            ("=?utf-8?Q?J=C3=B6rg?= <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
            ("\"=?utf-8?Q?J=C3=B6rg?=\" <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
            ("a@b.c (Joe)", &[(Some("Joe"), "a@b.c")]),
            (
                "friends: a@b.c, Joe <d@e.f>;",
                &[(None, "a@b.c"), (Some("Joe"), "d@e.f")],
            ),
            ("undisclosed-recipients:;", &[]),
            ("Joe <a@b.c", &[(Some("Joe"), "a@b.c")]),
            ("<>", &[]),
            ("\"bank@good.com\" <a@b.c>", &[(Some("bank@good.com"), "a@b.c")]),
            ("Joe [mailto:a@b.c]", &[(Some("Joe"), "a@b.c")]),
            ("a@b.c; d@e.f", &[(None, "a@b.c"), (None, "d@e.f")]),
            ("\"broken <a@b.c>", &[(Some("broken"), "a@b.c")]),
            ("<@relay.x:a@b.c>", &[(None, "a@b.c")]),
            ("no address here", &[]),
            ("Joe a@b.c", &[(Some("Joe"), "a@b.c")]),
            ("Cron <root>", &[(Some("Cron"), "root")]),
            ("root (Cron)", &[]),
            ("a @ b.c", &[(None, "a@b.c")]),
            ("=?utf-8?Q?a=40b.c?=", &[(None, "a@b.c")]),
            ("=?utf-8?Q?Doe, Joe?= <a@b.c>", &[(Some("Doe, Joe"), "a@b.c")]),
            ("=?utf-8?Q?J=C3?= =?utf-8?Q?=B6rg?= <a@b.c>", &[(Some("Jörg"), "a@b.c")]),
            (
                "Joe \\\"J\\\" <a@b.c>, d@e.f",
                &[(Some("Joe J"), "a@b.c"), (None, "d@e.f")],
            ),
            ("Joe (x <a@b.c>, d@e.f", &[(Some("Joe  x"), "a@b.c"), (None, "d@e.f")]),
        ];
        for (value, expected) in facts {
            let read = parse(value);
            let read: Vec<_> = read.iter().map(|a| (a.name.as_deref(), a.address.as_str())).collect();
            assert_eq!(read, *expected, "{value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_field_is_too_strange(value in "[a-c<>()\"\\\\,;:@=?\\[\\] ]{0,40}") {
            parse(&value);
        }
    }
}
