//! `data:` addresses: the text that they hold.

use crate::domain::coding::data_uri;

/// A text inside an address.
#[derive(Debug, PartialEq, Eq)]
pub struct Held {
    pub text: String,
    /// It is a page or a drawing, with tags.
    pub is_markup: bool,
}

/// What stands after `data:`; `None` when it is no text.
pub fn read(rest: &str) -> Option<Held> {
    let (head, coded) = rest.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let kind = head.split(';').next().unwrap_or_default().trim();
    let is_markup = matches!(kind, "text/html" | "application/xhtml+xml" | "image/svg+xml");
    let is_text =
        is_markup || kind.is_empty() || kind.starts_with("text/") || kind.ends_with("xml") || kind.ends_with("json");
    if !is_text {
        return None;
    }
    let bytes = data_uri(&head, coded)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(Held { text, is_markup })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_decoded_and_pictures_are_left_alone() {
        let facts = [
            ("text/html,<a href=x>", Some(("<a href=x>", true))),
            ("text/html;charset=utf-8;base64,PGE+", Some(("<a>", true))),
            ("text/html;base64,PGI%2BYQ", Some(("<b>a", true))),
            ("image/svg+xml,%3Csvg%3E", Some(("<svg>", true))),
            (",hello%20world", Some(("hello world", false))),
            ("TEXT/PLAIN;base64,aGk=", Some(("hi", false))),
            ("image/png;base64,AAAA", None),
            ("text/html;base64,!!!", None),
            ("text/html", None),
        ];
        for (address, held) in facts {
            let held = held.map(|(text, is_markup)| Held {
                text: text.to_owned(),
                is_markup,
            });
            assert_eq!(read(address), held, "{address}");
        }
    }
}
