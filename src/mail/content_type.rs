//! Content-Type and Content-Disposition: a value and its parameters, with RFC 2231 continuations and charsets, RFC 2047
//! words where they do not belong, and missing quotes.

use super::{charset, encoded_word};

/// A value like `text/plain` or `attachment`, lower-case, and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parameterised {
    /// The value, lower-case, without comments.
    pub value: String,
    parameters: Vec<(String, String)>,
}

impl Parameterised {
    /// Reads a header value. Never fails: nonsense gives an empty value.
    pub fn parse(text: &str) -> Self {
        let mut pieces = split(text).into_iter();
        let value = pieces.next().unwrap_or_default();
        let value = value.split('(').next().unwrap_or_default();
        let value: String = value
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '"')
            .collect::<String>()
            .to_ascii_lowercase();
        let parameters = pieces
            .filter_map(|piece| {
                let (name, value) = piece.split_once('=')?;
                Some((name.trim().to_ascii_lowercase(), unquote(value.trim())))
            })
            .collect();
        Self { value, parameters }
    }

    /// The parameter as written (quotes undone), the first of that name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The parameter decoded: RFC 2231 pieces in order, percent escapes and charset, else RFC 2047 words.
    pub fn decoded(&self, name: &str) -> Option<String> {
        self.extended(name)
            .or_else(|| Some(encoded_word::decode(self.parameter(name)?)))
            .filter(|value| !value.trim().is_empty())
    }

    fn extended(&self, name: &str) -> Option<String> {
        let mut pieces: Vec<(u32, bool, &str)> = self
            .parameters
            .iter()
            .filter_map(|(known, value)| {
                let tail = known.strip_prefix(name)?.strip_prefix('*')?;
                let (number, coded) = tail.strip_suffix('*').map_or((tail, tail.is_empty()), |n| (n, true));
                let number = if number.is_empty() { 0 } else { number.parse().ok()? };
                Some((number, coded, value.as_str()))
            })
            .collect();
        if pieces.is_empty() {
            return None;
        }
        pieces.sort_by_key(|(number, ..)| *number);
        let mut label = None;
        let mut bytes = Vec::new();
        for (i, (_, coded, value)) in pieces.into_iter().enumerate() {
            let mut value = value;
            if coded && i == 0 {
                let mut parts = value.splitn(3, '\'');
                if let (Some(charset), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                    label = Some(charset);
                    value = text;
                }
            }
            if coded {
                percent(value, &mut bytes);
            } else {
                bytes.extend_from_slice(value.as_bytes());
            }
        }
        let text = charset::decode(bytes, label.filter(|label| !label.is_empty()));
        Some(encoded_word::decode(&text))
    }
}

fn percent(value: &str, out: &mut Vec<u8>) {
    let mut rest = value.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match code.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) if *first == b'%' => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
}

/// At semicolons outside of quotes. A quote that is never closed ends at the next semicolon.
fn split(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    let balanced = text.bytes().filter(|b| *b == b'"').count() % 2 == 0;
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if balanced => quoted = !quoted,
            b';' if !quoted => {
                pieces.push(text.get(start..i).unwrap_or_default());
                start = i + 1;
            }
            _ => {}
        }
    }
    pieces.push(text.get(start..).unwrap_or_default());
    pieces
}

fn unquote(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            // A backslash before anything but a quote or itself is a Windows path of a sloppy writer.
            '\\' => match chars.clone().next() {
                Some(next @ ('"' | '\\')) => {
                    chars.next();
                    out.push(next);
                }
                _ => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

/// A file name without its path, control and direction-changing characters; `None` when nothing is left.
pub(super) fn clean_name(name: &str) -> Option<String> {
    let base = name.rsplit(['/', '\\']).find(|piece| !piece.trim().is_empty())?;
    let hidden =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let clean: String = base.chars().filter(|c| !hidden(*c)).collect();
    let clean = clean.trim();
    (!clean.is_empty() && clean != "." && clean != "..").then(|| clean.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_decoded_however_it_is_written() {
        let facts = [
            ("attachment; filename=a.txt", Some("a.txt")),
            ("attachment; filename=\"a;b.txt\"", Some("a;b.txt")),
            ("attachment; filename*=utf-8''caf%C3%A9.txt", Some("café.txt")),
            (
                "attachment; filename*0=\"long\"; filename*1=\"name.pdf\"",
                Some("longname.pdf"),
            ),
            (
                "attachment; filename*1*=%A9.pdf; filename*0*=utf-8''caf%C3",
                Some("café.pdf"),
            ),
            (
                "attachment; filename=\"=?utf-8?B?Y2Fmw6k=?= =?utf-8?Q?.txt?=\"",
                Some("café.txt"),
            ),
            ("attachment; filename==?utf-8?Q?caf=C3=A9?=", Some("café")),
            ("attachment; filename=\"unclosed.exe; size=3", Some("unclosed.exe")),
            ("attachment; filename*=iso-8859-1''caf%E9.txt", Some("café.txt")),
            ("attachment; filename=\"\"", None),
            ("attachment", None),
        ];
        for (value, name) in facts {
            assert_eq!(
                Parameterised::parse(value).decoded("filename").as_deref(),
                name,
                "{value}"
            );
        }
    }

    #[test]
    fn a_name_has_no_path_and_no_tricks() {
        let facts = [
            ("C:\\Users\\me\\bad.exe", Some("bad.exe")),
            ("../../etc/passwd", Some("passwd")),
            ("in\u{202e}fdp.exe", Some("infdp.exe")),
            ("a\r\nb\0.txt", Some("ab.txt")),
            ("..", None),
            ("///", None),
        ];
        for (name, clean) in facts {
            assert_eq!(clean_name(name).as_deref(), clean, "{name:?}");
        }
    }

    #[test]
    fn the_value_is_lower_case_without_comment() {
        assert_eq!(
            Parameterised::parse("Text/Plain (yes); charset=UTF-8").value,
            "text/plain"
        );
        assert_eq!(Parameterised::parse("text / html ;x").value, "text/html");
        assert_eq!(Parameterised::parse("").value, "");
    }
}
