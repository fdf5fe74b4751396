//! `data:` addresses, which hold a file.

use memchr::memmem;

use super::Made;
use super::blob;
use crate::domain::coding::percent;

/// Hands over the files that stand in a text as addresses. Pictures, fonts and style sheets are what a page is made of.
pub(super) fn in_text(text: &str, made: &mut Vec<Made>) {
    let mut from = 0;
    for at in memmem::find_iter(text.as_bytes(), b"data:") {
        if at < from {
            continue;
        }
        let rest = text.get(at + 5..).unwrap_or_default();
        let head = rest.get(..rest.floor_char_boundary(160)).unwrap_or_default();
        let Some((head, _)) = head.split_once(',') else {
            continue;
        };
        let is_head = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '+' | '-' | '.' | ';' | '=' | '_' | ' ');
        if !head.contains('/') && !head.contains(";base64") || !head.chars().all(is_head) {
            continue;
        }
        let coded = rest.get(head.len() + 1..).unwrap_or_default();
        let ends = |c: char| matches!(c, '"' | '\'' | '`' | ')' | '<' | '>' | '\\') || c.is_whitespace();
        let coded = coded.get(..coded.find(ends).unwrap_or(coded.len())).unwrap_or_default();
        from = at + 5 + head.len() + coded.len();
        made.extend(read(&head.to_ascii_lowercase(), coded));
    }
}

fn read(head: &str, coded: &str) -> Option<Made> {
    let mut parameters = head.split(';').map(str::trim);
    let kind = parameters.next().unwrap_or_default();
    let is_layout = (kind.starts_with("image/") && !kind.starts_with("image/svg"))
        || kind.starts_with("font/")
        || kind.starts_with("audio/")
        || kind.starts_with("application/font")
        || kind.starts_with("application/x-font")
        || kind == "text/css";
    if is_layout || coded.is_empty() {
        return None;
    }
    let is_base64 = parameters.any(|one| one == "base64");
    // What is in no code stands in the text as it is.
    if !is_base64 && !coded.contains('%') {
        return None;
    }
    let mut bytes = percent(coded.as_bytes());
    if is_base64 {
        bytes = blob::base64(std::str::from_utf8(&bytes).ok()?)?;
    }
    (bytes.len() >= 8).then(|| Made::File(kind.to_owned(), bytes))
}
