//! Invitations (iCalendar, RFC 5545) as a reader sees them: folded lines joined, escapes undone, without the names that
//! programs give to events and that look like e-mail addresses.

/// Properties that name an event, a program or a list of time zones.
const IDENTIFIERS: [&str; 6] = ["UID", "RELATED-TO", "PRODID", "X-WR-RELCALID", "TZURL", "TZID"];

/// The text of an invitation whose line ends are `\n`.
pub fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut wanted = true;
    let mut property = String::new();
    for line in text.split('\n') {
        if let Some(rest) = line.strip_prefix([' ', '\t']) {
            property.push_str(rest);
            continue;
        }
        finish(&mut out, &property, wanted);
        let name = line.split([':', ';']).next().unwrap_or_default();
        wanted = !IDENTIFIERS.iter().any(|known| known.eq_ignore_ascii_case(name));
        property.clear();
        property.push_str(line);
    }
    finish(&mut out, &property, wanted);
    out
}

/// Writes a whole property. An escaped line end becomes a blank, so that no line of the text begins inside a property.
fn finish(out: &mut String, property: &str, wanted: bool) {
    if !wanted || property.is_empty() {
        return;
    }
    let mut characters = property.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n' | 'N') => out.push(' '),
                Some(escaped @ (',' | ';' | '\\')) => out.push(escaped),
                other => out.extend(Some('\\').into_iter().chain(other)),
            },
            _ => out.push(c),
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_unfolded_and_unescaped_and_loses_its_identifiers() {
        let facts = [
            (
                "LOCATION:https://evil.com/m/8\n 3?x=1\nEND:VEVENT",
                "LOCATION:https://evil.com/m/83?x=1\nEND:VEVENT\n",
            ),
            ("UID:0400\n 82@evil.com\nSUMMARY:a", "SUMMARY:a\n"),
            ("uid;x=y:1@evil.com", ""),
            (
                "DESCRIPTION:https://evil.com/a\\nb\\, c\\;d\\\\e\\",
                "DESCRIPTION:https://evil.com/a b, c;d\\e\\\n",
            ),
            (" a\n\tb\n\n", "ab\n"),
            ("", ""),
        ];
        for (text, shown) in facts {
            assert_eq!(readable(text), shown, "{text}");
        }
    }
}
