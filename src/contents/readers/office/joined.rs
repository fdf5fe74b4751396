//! Strings that a macro or a formula puts together from pieces, joined as far as that takes no running: `"ht" & Chr(116) & tail`.

use std::collections::HashMap;

/// Longest string that is put together, and most text in all: pieces may be repeated without end.
const LONGEST: usize = 1 << 14;
const MOST: usize = 1 << 19;
/// Bytes of values that are put in place of names, after which names stay names.
const MOST_PUT: usize = 1 << 22;
/// Most names whose values are kept.
const MOST_NAMES: usize = 4096;

/// Every string that is put together from two pieces or more, one a line.
pub fn strings(source: &str) -> String {
    let mut reader = Reader {
        rest: source,
        values: HashMap::new(),
        put: 0,
    };
    let mut out = String::new();
    let mut target: Option<String> = None;
    while !reader.rest.is_empty() && out.len() < MOST {
        match reader.term() {
            Term::Value(first) => {
                let (value, pieces) = reader.run(first);
                if pieces > 1 {
                    out.push_str(&value);
                    out.push('\n');
                }
                if let Some(name) = target.take()
                    && reader.values.len() < MOST_NAMES
                {
                    reader.values.insert(name, value);
                }
            }
            Term::Name(name) => target = reader.takes("=").then_some(name),
            Term::Other => target = None,
        }
    }
    out
}

/// The string that a list of arguments begins with, put together.
pub fn first(arguments: &str) -> Option<String> {
    let mut reader = Reader {
        rest: arguments,
        values: HashMap::new(),
        put: 0,
    };
    match reader.term() {
        Term::Value(first) => Some(reader.run(first).0),
        Term::Name(_) | Term::Other => None,
    }
}

enum Term {
    Value(String),
    /// Of something whose value is not known, in lower case.
    Name(String),
    Other,
}

struct Reader<'s> {
    rest: &'s str,
    values: HashMap<String, String>,
    /// Bytes of values that were put in place of names.
    put: usize,
}

impl Reader<'_> {
    /// Goes on while pieces are joined. Gives how many there were.
    fn run(&mut self, first: String) -> (String, usize) {
        let mut value = first;
        let mut pieces = 1;
        loop {
            if !(self.takes("&") || self.takes("+")) {
                return (value, pieces);
            }
            let Term::Value(next) = self.term() else {
                return (value, pieces);
            };
            if value.len() + next.len() > LONGEST {
                return (value, pieces);
            }
            value.push_str(&next);
            pieces += 1;
        }
    }

    fn term(&mut self) -> Term {
        self.skip();
        let Some(first) = self.rest.chars().next() else {
            return Term::Other;
        };
        match first {
            '"' => Term::Value(self.literal()),
            c if c.is_alphabetic() || c == '_' => {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
                let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
                let (name, tail) = self.rest.split_at(end);
                let name = name.to_lowercase();
                self.rest = tail;
                self.named(name)
            }
            // A remark ends with its line.
            '\'' => {
                let end = self.rest.find('\n').unwrap_or(self.rest.len());
                self.rest = self.rest.get(end..).unwrap_or_default();
                Term::Other
            }
            other => {
                self.rest = self.rest.get(other.len_utf8()..).unwrap_or_default();
                Term::Other
            }
        }
    }

    fn named(&mut self, name: String) -> Term {
        match name.trim_end_matches('$').trim_start_matches("vba.") {
            "chr" | "chrw" | "chrb" | "char" | "unichar" => match self.code() {
                Some(c) => Term::Value(c.to_string()),
                None => Term::Other,
            },
            "strreverse" => {
                let before = self.rest;
                if self.takes("(") && self.rest.starts_with('"') {
                    let reversed = self.literal().chars().rev().collect();
                    self.takes(")");
                    return Term::Value(reversed);
                }
                self.rest = before;
                Term::Other
            }
            "vbcrlf" | "vbnewline" | "vblf" => Term::Value("\n".to_owned()),
            _ => {
                // Before `=` it is a name to be given a value, else it stands for the value that it has.
                let is_given = self.rest.trim_start_matches([' ', '\t']).starts_with('=');
                let known = self.values.get(&name).filter(|_| !is_given && self.put < MOST_PUT);
                self.put += known.map_or(0, String::len);
                known.cloned().map_or(Term::Name(name), Term::Value)
            }
        }
    }

    /// The number in brackets, as the character that it stands for.
    fn code(&mut self) -> Option<char> {
        if !self.takes("(") {
            return None;
        }
        self.skip();
        let text = self.rest;
        let (text, radix) = match text.get(..2) {
            Some("&H" | "&h") => (text.get(2..)?, 16),
            _ => (text, 10),
        };
        let end = text.find(|c: char| !c.is_digit(radix)).unwrap_or(text.len());
        let (digits, tail) = text.split_at(end);
        self.rest = tail.strip_prefix('&').unwrap_or(tail);
        self.takes(")").then_some(())?;
        u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
    }

    /// What stands between quotes; a doubled one stands for itself. It ends with its line at the latest.
    fn literal(&mut self) -> String {
        let text = self.rest.get(1..).unwrap_or_default();
        let mut value = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let is_end = c == '"' && chars.next_if(|(_, next)| *next == '"').is_none();
            if is_end || c == '\n' {
                self.rest = text.get(at + 1..).unwrap_or_default();
                return value;
            }
            value.push(c);
        }
        self.rest = "";
        value
    }

    fn takes(&mut self, sign: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Blanks, and the line ends that a `_` before them takes away.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches([' ', '\t']);
            let next = ["_\r\n", "_\n"].iter().find_map(|end| self.rest.strip_prefix(end));
            match next {
                Some(rest) => self.rest = rest,
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strings;

    #[test]
    fn pieces_are_joined() {
        let facts = [
            ("x = \"ht\" & Chr(116) & \"p://a\"", "http://a\n"),
            ("a = \"ht\"\nb = a & \"tp\"\nShell b & \"://c\" & d", "http\nhttp://c\n"),
            ("s = \"a\" + _\r\n \"b\"", "ab\n"),
            ("s = \"a\"\ns = s & \"b\"\ns = s & \"c\"", "ab\nabc\n"),
            ("CHAR(104)&CHAR(&H69)", "hi\n"),
            ("x = StrReverse(\"ba\") & \"c\" ' \"d\" & \"e\"", "abc\n"),
            ("\"a\"\"b\" & \"c\"", "a\"bc\n"),
            ("\"alone\"", ""),
            ("\"", ""),
        ];
        for (source, joined) in facts {
            assert_eq!(strings(source), joined, "{source}");
        }
    }

    #[test]
    fn a_string_that_doubles_without_end_stops() {
        let source = format!(
            "a = \"{}\"\n{}",
            "x".repeat(100),
            "a = a & a\nb = a & \"y\"\n".repeat(5000)
        );
        assert!(strings(&source).len() < 1 << 20);
    }
}
