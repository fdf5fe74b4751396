//! Finds the addresses in style sheets, in `url()` and `@import`. What `@namespace` names is no link. Takes linear time.

use super::LinkKind;

/// Calls `add` with every address that a reader's client would fetch.
pub(super) fn links(text: &str, mut add: impl FnMut(&str, LinkKind)) {
    let bytes = text.as_bytes();
    let mut position = 0;
    // Start of the at-rule that is still open.
    let mut statement: Option<usize> = None;
    while let Some(found) = bytes
        .get(position..)
        .and_then(|rest| memchr::memchr3(b'(', b';', b'@', rest))
    {
        let at = position + found;
        position = at + 1;
        match bytes.get(at) {
            Some(b'(') => {
                let name = at
                    .checked_sub(3)
                    .and_then(|from| text.get(from..at))
                    .unwrap_or_default();
                if !name.eq_ignore_ascii_case("url") {
                    continue;
                }
                let (target, end) = css_value(text, at + 1);
                let head = statement.and_then(|from| text.get(from..at)).unwrap_or_default();
                let rule = head.get(..10).unwrap_or(head).to_ascii_lowercase();
                if !rule.starts_with("@namespace") {
                    let import = rule.starts_with("@import");
                    add(&target, if import { LinkKind::Resource } else { LinkKind::Image });
                }
                position = end;
            }
            Some(b'@') => {
                statement = Some(at);
                let rule = text.get(at..at + 7).unwrap_or_default();
                let rest = text.get(at + 7..).unwrap_or_default();
                let blanks = rest.bytes().take_while(u8::is_ascii_whitespace).count();
                let quote = rest.as_bytes().get(blanks);
                if rule.eq_ignore_ascii_case("@import") && matches!(quote, Some(b'"' | b'\'')) {
                    let (target, end) = css_value(text, at + 7 + blanks);
                    add(&target, LinkKind::Resource);
                    position = end;
                }
            }
            _ => statement = None,
        }
    }
}

/// Reads a quoted or bare address in CSS and undoes its escapes. Also gives the position after it.
fn css_value(text: &str, start: usize) -> (String, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let blanks = rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(usize::from(quote.is_some())).peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            _ if Some(c) == quote => return (out, start + blanks + i + 1),
            ')' if quote.is_none() => return (out.trim_end().to_owned(), start + blanks + i + 1),
            '\\' => {
                let mut code = 0u32;
                let mut digits = 0;
                while let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(16)).filter(|_| digits < 6) {
                    code = code * 16 + digit;
                    digits += 1;
                    chars.next();
                }
                if digits == 0 {
                    out.extend(chars.next().map(|(_, c)| c).filter(|c| *c != '\n'));
                } else {
                    out.extend(char::from_u32(code).filter(|c| *c != '\0'));
                    chars.next_if(|(_, c)| c.is_ascii_whitespace());
                }
            }
            _ => out.push(c),
        }
    }
    (out, text.len())
}
