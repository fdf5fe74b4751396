//! Field codes, which word processors and rich text have in common: `HYPERLINK "http://…" \l "place"`.

use crate::contents::Inside;
use crate::mail::LinkKind;

use super::external;

/// Hands over what a field does. `shown` is the text in its place.
pub fn read(inside: &mut Inside<'_>, place: &str, code: &str, shown: &str) {
    let mut words = words(code);
    let Some(name) = words.next() else { return };
    match name.to_ascii_uppercase().as_str() {
        "HYPERLINK" => link(inside, place, words, shown, LinkKind::Anchor),
        "INCLUDEPICTURE" | "IMPORT" => link(inside, place, words, shown, LinkKind::Image),
        "INCLUDETEXT" | "INCLUDE" | "RD" | "LINK" | "DATABASE" => link(inside, place, words, shown, LinkKind::Refresh),
        "DDE" | "DDEAUTO" => inside.script(place, format!("{name} {}", words.collect::<Vec<_>>().join(" "))),
        _ => {}
    }
}

fn link(inside: &mut Inside<'_>, place: &str, words: impl Iterator<Item = String>, shown: &str, kind: LinkKind) {
    let mut is_option = false;
    for word in words.take(16) {
        if word.starts_with('\\') && !word.starts_with("\\\\") {
            // What follows `\l` is a place, what follows `\o` a hint.
            is_option = matches!(word.as_str(), "\\l" | "\\o" | "\\t" | "\\m" | "\\c");
        } else if !std::mem::take(&mut is_option) {
            external::target(inside, place, &word, shown.trim(), kind);
        }
    }
}

/// The words of a code. Those in quotes may have blanks, and a backslash before a backslash or a quote.
fn words(code: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = code;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let is_quoted = matches!(first, '"' | '\u{201c}' | '\u{201d}');
        if !is_quoted {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            rest = tail;
            return Some(word.to_owned());
        }
        let mut word = String::new();
        let mut chars = rest.char_indices().skip(1).peekable();
        let mut end = rest.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' | '\u{201c}' | '\u{201d}' => {
                    end = at + c.len_utf8();
                    break;
                }
                '\\' if chars.peek().is_some_and(|(_, next)| matches!(next, '\\' | '"')) => {
                    word.extend(chars.next().map(|(_, c)| c));
                }
                c => word.push(c),
            }
        }
        rest = rest.get(end..).unwrap_or_default();
        Some(word)
    })
}

/// What a field `QUOTE 104 116 116 112` stands for, which hides the words of a field around it.
pub fn quoted(code: &str) -> Option<String> {
    let mut words = words(code);
    words.next().filter(|name| name.eq_ignore_ascii_case("QUOTE"))?;
    let character = |word: String| match word.parse().ok().and_then(char::from_u32) {
        Some(c) => c.to_string(),
        None => word,
    };
    Some(
        words
            .take_while(|word| !word.starts_with('\\'))
            .map(character)
            .collect(),
    )
}

/// The code of a link to this target.
pub fn link_to(target: &str) -> String {
    format!("HYPERLINK \"{}\"", target.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Fields in fields, and bytes of what shows one, of which more are not kept.
const DEEPEST: usize = 16;
const LONGEST: usize = 300;
/// A code is not longer than this.
const LONGEST_CODE: usize = 1 << 14;

/// A text with fields in it, as its characters come.
#[derive(Default)]
pub struct Fields {
    /// What is left of the text when codes are taken out.
    pub text: String,
    open: Vec<Open>,
    /// How many are open that are deeper than any is read.
    deeper: usize,
}

#[derive(Default)]
struct Open {
    code: String,
    shown: String,
    is_shown: bool,
}

impl Fields {
    pub fn begin(&mut self) {
        if self.open.len() < DEEPEST {
            self.open.push(Open::default());
        } else {
            self.deeper += 1;
        }
    }

    /// What follows is shown in place of the code.
    pub fn separate(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|_| self.deeper == 0) {
            open.is_shown = true;
        }
    }

    /// Goes on with a code whose text has begun.
    pub fn resume(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|_| self.deeper == 0) {
            open.is_shown = false;
        }
    }

    pub fn push(&mut self, text: &str) {
        // What lies in a code of any level is no text.
        let hidden = self.open.iter_mut().rev().find(|open| !open.is_shown);
        if let Some(open) = hidden {
            if open.code.len() + text.len() <= LONGEST_CODE {
                open.code.push_str(text);
            }
            return;
        }
        self.text.push_str(text);
        for open in &mut self.open {
            if open.shown.len() + text.len() <= LONGEST {
                open.shown.push_str(text);
            }
        }
    }

    /// Ends the innermost field, and hands over what it does. `false` if none is open.
    pub fn end(&mut self, inside: &mut Inside<'_>, place: &str) -> bool {
        if self.deeper > 0 {
            self.deeper -= 1;
            return true;
        }
        let Some(Open { code, shown, .. }) = self.open.pop() else {
            return false;
        };
        match quoted(&code) {
            // What it stands for belongs to the code of the field around it.
            Some(quoted) => self.push(&quoted),
            None => read(inside, place, &code, &shown),
        }
        true
    }

    /// Ends what is open, and gives the text.
    pub fn finish(mut self, inside: &mut Inside<'_>, place: &str) -> String {
        while self.end(inside, place) {}
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::{quoted, words};

    #[test]
    fn codes_have_words_and_quotes() {
        let found: Vec<_> = words(r#" HYPERLINK "http://a/b c" \o "a \"b\"" c:\\d "#).collect();
        assert_eq!(found, ["HYPERLINK", "http://a/b c", "\\o", "a \"b\"", "c:\\\\d"]);
        assert_eq!(quoted("QUOTE 104 105").as_deref(), Some("hi"));
        assert_eq!(quoted("PAGE"), None);
    }
}
