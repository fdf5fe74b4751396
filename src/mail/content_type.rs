//! Content-Type and Content-Disposition: a value and its parameters, with RFC 2231 continuations and charsets, RFC 2047
//! words where they do not belong, and missing quotes.
//!
//! `mail-parser` takes the field apart. It would decode each RFC 2231 piece and each RFC 2047 word alone, so they are hidden from
//! it and joined here: `filename*0*=iso-8859-1''caf%E9; filename*1*=%E9` ends in U+FFFD, and 160 KB of `=?aa?Q?x` take 2.6 s.

mod repair;

use mail_parser::parsers::MessageStream;

use super::{charset, encoded_word};
use crate::domain::coding::percent;

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
        // `mail-parser` gives no parameters when there is no value, and the file name would be lost with them.
        let nameless = text.trim_start().starts_with(';');
        let readable = format!("{}{}", if nameless { "-" } else { "" }, repair::readable(text));
        let read = MessageStream::new(readable.as_bytes()).parse_content_type();
        let Some(read) = read.into_content_type() else {
            return Self::default();
        };
        let word = |part: &str| {
            let word = part.split_whitespace().next().unwrap_or_default();
            repair::shown(word).replace('"', "").to_ascii_lowercase()
        };
        let value = match &read.c_subtype {
            _ if nameless => String::new(),
            Some(subtype) => format!("{}/{}", word(&read.c_type), word(subtype)),
            None => word(&read.c_type),
        };
        let parameters = read.attributes.unwrap_or_default();
        let parameters = parameters
            .into_iter()
            .map(|read| (repair::shown(&read.name), repair::shown(&read.value)))
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
                bytes.extend(percent(value.as_bytes()));
            } else {
                bytes.extend_from_slice(value.as_bytes());
            }
        }
        let text = charset::decode(bytes, label.filter(|label| !label.is_empty()));
        Some(encoded_word::decode(&text))
    }
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
            ("attachment; filename=a(1).txt", Some("a(1).txt")),
            ("attachment; filename=\"C:\\temp\\new.exe\"", Some("C:\\temp\\new.exe")),
            ("attachment; filename=\"a \\\"b\\\".txt\"", Some("a \"b\".txt")),
            (";\tfilename=\"image001.png\"", Some("image001.png")),
            ("application/x filename=\"a b.exe\"", Some("a b.exe")),
            ("attachment; size=3 filename=a.exe", Some("a.exe")),
            ("attachment; x=\"y\" filename=a.exe", Some("a.exe")),
            ("attachment; filename=report of may.txt", Some("report of may.txt")),
            ("attachment; filename=a=b c.txt", Some("a=b c.txt")),
            ("attachment; filename=100% sure.txt", Some("100% sure.txt")),
            ("attachment; filename*=utf-8''100%.txt", Some("100%.txt")),
            (
                "attachment; filename*0*=iso-8859-1''caf%E9; filename*1*=%E9",
                Some("caféé"),
            ),
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
        assert_eq!(Parameterised::parse("text/plain charset=utf-8").value, "text/plain");
        assert_eq!(Parameterised::parse("").value, "");
    }
}
