//! What to do with a line of a header that is neither a field nor indented. Mail programs go on behind it; a header that ends
//! there would hide the sender, the encoding of the body and the names of files.

use super::super::lines::Lines;
use super::super::role::is_mail_field;
use super::field::{Place, content_field, field};

/// How the header goes on.
pub(super) enum Mend<'x> {
    /// The line belongs to the field before it and lost its indentation.
    Continuation,
    /// The line is the name of a field, whose colon and value stand on the next line.
    Name { value: &'x [u8] },
    /// The line belongs to no field.
    Junk,
}

/// Looks ahead in one header; each line is looked at once.
pub(super) struct Recovery {
    place: Place,
    /// Up to here it is known that the header goes on.
    sure_until: usize,
}

/// This many different fields of a mail make a header of lines that begin with something else.
const ENOUGH: usize = 3;

impl Recovery {
    pub fn new(place: Place) -> Self {
        Self { place, sure_until: 0 }
    }

    /// How the header goes on at the next line of `lines`; `None` when the body begins there.
    pub fn mend<'x>(&mut self, lines: &Lines<'x>, before: Option<&(String, Vec<u8>)>) -> Option<Mend<'x>> {
        let mut ahead = lines.clone();
        let line = ahead.next()?;
        // A delimiter is never part of a header.
        if line.content.starts_with(b"--") {
            return None;
        }
        if let Some(value) = folded_colon(line.content, ahead.peek().map(|next| next.content)) {
            return Some(Mend::Name { value });
        }
        if line.start >= self.sure_until {
            self.sure_until = self.next_field(ahead, before.is_none())?;
        }
        let joins = before.is_some_and(|(name, value)| continues(name, value, line.content));
        Some(if joins { Mend::Continuation } else { Mend::Junk })
    }

    /// Where the next line stands that surely is a field; `None` when a blank line or a delimiter comes before it.
    fn next_field(&self, ahead: Lines<'_>, first: bool) -> Option<usize> {
        let mut seen: Vec<String> = Vec::new();
        for line in ahead {
            if line.content.trim_ascii().is_empty() || line.content.starts_with(b"--") {
                return None;
            }
            if !self.is_surely_field(line.content) {
                continue;
            }
            if !first {
                return Some(line.start);
            }
            let name = field(line.content).map(|(name, _)| name.to_ascii_lowercase())?;
            if self.place == Place::Top && !seen.contains(&name) {
                seen.push(name);
            }
            if seen.len() >= ENOUGH {
                return Some(line.start);
            }
        }
        None
    }

    /// A word with a colon may begin a line of prose; these names do not.
    fn is_surely_field(&self, line: &[u8]) -> bool {
        const FAMILIES: [&str; 9] = [
            "x-",
            "list-",
            "arc-",
            "resent-",
            "content-",
            "dkim-",
            "received-",
            "thread-",
            "authentication-",
        ];
        if self.place == Place::Part {
            return content_field(line).is_some();
        }
        let Some((name, _)) = field(line) else { return false };
        let begins = |family: &&str| {
            name.get(..family.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(family))
        };
        is_mail_field(name) || FAMILIES.iter().any(begins)
    }
}

/// The value behind a colon that stands on the line after the name.
fn folded_colon<'x>(name: &[u8], next: Option<&'x [u8]>) -> Option<&'x [u8]> {
    let next = next.filter(|next| matches!(next, [b' ' | b'\t', ..]))?;
    let value = next.trim_ascii_start().strip_prefix(b":")?;
    let token = !name.is_empty() && name.len() < 256 && name.iter().all(u8::is_ascii_graphic);
    token.then_some(value)
}

/// Whether a line goes on with the value before it: a list or an encoded word that is not at its end, a parameter.
fn continues(name: &str, value: &[u8], line: &[u8]) -> bool {
    let open = matches!(value.trim_ascii_end().last(), Some(b';' | b',' | b'='));
    let word = line.starts_with(b"=?") || value.trim_ascii_end().ends_with(b"?=") && line.contains(&b'?');
    let parameters = ["content-type", "content-disposition"]
        .iter()
        .any(|one| name.eq_ignore_ascii_case(one));
    let parameter = parameters && {
        let length = line
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || b"*-".contains(b))
            .count();
        length > 0
            && line
                .get(length..)
                .unwrap_or_default()
                .trim_ascii_start()
                .starts_with(b"=")
    };
    open || word || parameter
}

#[cfg(test)]
#[path = "../tests/recovery.rs"]
mod tests;
