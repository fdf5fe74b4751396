//! Address fields: `Name <a@b>`, `a@b (Name)`, groups, lists with semicolons, and what is broken about them. Linear.

use super::{Address, encoded_word};

/// Every mailbox of an address field as written. A piece without anything like an address is left out.
pub(super) fn parse(value: &str) -> Vec<Address> {
    let mut found = Vec::new();
    for piece in split(value) {
        // `Group: a@b, c@d;` is cut at its commas; its first piece still has the name before the colon.
        let piece = match piece.split_once(':') {
            Some((group, first)) if !group.contains(['@', '<', '"', '[']) => first,
            _ => piece,
        };
        found.extend(mailbox(piece));
    }
    found
}

/// At commas and semicolons outside of quotes, comments and angle brackets.
fn split(value: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut in_quotes, mut angle, mut comment) = (0, false, false, 0u32);
    let balanced = value.bytes().filter(|b| *b == b'"').count() % 2 == 0;
    let (opens, closes) = (count(value, b'('), count(value, b')'));
    let mut escaped = false;
    for (i, byte) in value.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' if balanced && comment == 0 => in_quotes = !in_quotes,
            _ if in_quotes => {}
            b'(' if opens == closes => comment += 1,
            b')' => comment = comment.saturating_sub(1),
            b'<' => angle = true,
            b'>' => angle = false,
            b',' | b';' if comment == 0 && !angle => {
                pieces.push(value.get(start..i).unwrap_or_default());
                start = i + 1;
            }
            _ => {}
        }
    }
    pieces.push(value.get(start..).unwrap_or_default());
    pieces
}

fn count(value: &str, byte: u8) -> usize {
    value.bytes().filter(|b| *b == byte).count()
}

fn mailbox(piece: &str) -> Option<Address> {
    let piece = piece.trim();
    if piece.is_empty() {
        return None;
    }
    if let Some(open) = piece.rfind('<') {
        let inside = piece.get(open + 1..).unwrap_or_default();
        let address = clean(inside.split('>').next().unwrap_or_default());
        if !address.is_empty() {
            return Some(Address {
                name: name(piece.get(..open).unwrap_or_default()),
                address,
            });
        }
    }
    let (outside, comment) = match piece.split_once('(') {
        Some((outside, comment)) => (outside, Some(comment.trim_end_matches(')'))),
        None => (piece, None),
    };
    let decoded = encoded_word::decode(outside);
    let word = decoded.split_whitespace().rfind(|word| word.contains('@'))?;
    let address = clean(word);
    let rest = decoded.replacen(word, "", 1);
    (!address.is_empty()).then(|| Address {
        name: comment.and_then(name).or_else(|| name(&rest)),
        address,
    })
}

/// An address without blanks, source route, `mailto:` and the brackets or quotes around it.
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
    address
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

fn name(written: &str) -> Option<String> {
    let mut plain = String::with_capacity(written.len());
    let mut escaped = false;
    for c in written.trim().chars() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => {}
            _ => {
                escaped = false;
                plain.push(c);
            }
        }
    }
    let decoded = encoded_word::decode(&plain);
    let decoded = decoded.trim().trim_matches('\'').trim();
    (!decoded.is_empty()).then(|| decoded.to_owned())
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
        ];
        for (value, expected) in facts {
            let read = parse(value);
            let read: Vec<_> = read.iter().map(|a| (a.name.as_deref(), a.address.as_str())).collect();
            assert_eq!(read, *expected, "{value}");
        }
    }
}
