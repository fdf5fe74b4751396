//! mbox files: where one message ends and the next begins (mboxo and mboxrd; no lengths are trusted).

use std::borrow::Cow;

/// True when the bytes begin like an mbox file: a `From ` line with a time in it, then a header field.
pub fn looks_like_mbox(bytes: &[u8]) -> bool {
    is_separator(bytes)
}

/// The messages of an mbox, without their `From ` lines and the blank line after each; `>From ` at the start of a line is
/// `From ` again. Bytes that are no mbox are one message.
pub fn split_mbox(bytes: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let mut rest = Some(bytes).filter(|bytes| !bytes.is_empty());
    std::iter::from_fn(move || {
        let bytes = rest?;
        let body = if is_separator(bytes) { after_line(bytes) } else { bytes };
        let end = next_separator(body);
        let message = body.get(..end).unwrap_or_default();
        rest = body.get(end..).filter(|tail| !tail.is_empty());
        let last = rest.is_none();
        let blank = message.strip_suffix(b"\r\n").or_else(|| message.strip_suffix(b"\n"));
        let follows_line = blank.is_some_and(|message| message.ends_with(b"\n"));
        Some(unescape(blank.filter(|_| follows_line || !last).unwrap_or(message)))
    })
}

fn after_line(bytes: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', bytes)
        .and_then(|at| bytes.get(at + 1..))
        .unwrap_or_default()
}

/// Where the next separator begins: at a line start after a blank line.
fn next_separator(bytes: &[u8]) -> usize {
    for at in memchr::memmem::find_iter(bytes, b"\nFrom ") {
        let before = bytes.get(..at).unwrap_or_default();
        let blank = before.is_empty() || before.ends_with(b"\n") || before.ends_with(b"\n\r");
        if blank && bytes.get(at + 1..).is_some_and(is_separator) {
            return at + 1;
        }
    }
    bytes.len()
}

/// `From ` with a time of day, or one of the two forms without it, and something like a header field in the next line: prose
/// that begins with «From» has neither.
fn is_separator(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"From ") {
        return false;
    }
    let window = bytes.get(..1200).unwrap_or(bytes);
    let mut lines = window.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default();
    let has_time = first
        .windows(5)
        .any(|w| matches!(w, [b'0'..=b'9' | b' ', b'0'..=b'9', b':', b'0'..=b'5', b'0'..=b'9']));
    let next = lines.next().unwrap_or_default();
    let next = next.strip_prefix(b">").unwrap_or(next);
    let follows = super::header::field(next).is_some() || next.starts_with(b"From ");
    (has_time || is_timeless(first)) && super::header::is_mbox_line(first) && follows
}

/// `From -` of Netscape, `From 1844…@xxx` of Google Takeout.
fn is_timeless(line: &[u8]) -> bool {
    let sender = line.trim_ascii_end().strip_prefix(b"From ").unwrap_or_default();
    let number = sender.strip_suffix(b"@xxx").unwrap_or_default();
    sender == b"-" || (!number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// One `>` off every line of `>From `, `>>From `, … (mboxrd).
fn unescape(message: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let mut kept = 0;
    for at in memchr::memmem::find_iter(message, b">From ") {
        let before = message.get(..at).unwrap_or_default();
        let line = at - before.iter().rev().take_while(|b| **b == b'>').count();
        if line == 0 || message.get(line - 1) == Some(&b'\n') {
            out.extend_from_slice(message.get(kept..line).unwrap_or_default());
            kept = line + 1;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(message);
    }
    out.extend_from_slice(message.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: &[u8] =
        b"From a@b Mon May 14 16:31:18 2018\nFrom: a@b\n\nFrom here on\n>From me\n\nFrom what I know, no\n\n\
        From c@d Mon May 14 16:31:19 2018\nSubject: two\n\nhi\n";

    #[test]
    fn messages_are_cut_at_from_lines_only() {
        let messages: Vec<_> = split_mbox(BOX).collect();
        assert_eq!(messages.len(), 2);
        assert_eq!(
            messages[0].as_ref(),
            b"From: a@b\n\nFrom here on\nFrom me\n\nFrom what I know, no\n"
        );
        assert_eq!(messages[1].as_ref(), b"Subject: two\n\nhi\n");
    }

    #[test]
    fn a_lone_mail_is_no_mbox() {
        assert!(looks_like_mbox(BOX));
        assert!(!looks_like_mbox(b"From: a@b\n\nhi\n"));
        assert!(!looks_like_mbox(b"From here on\nit is prose\n"));
        assert_eq!(split_mbox(b"From: a@b\n\nhi\n").count(), 1);
        assert_eq!(split_mbox(b"").count(), 0);
    }

    #[test]
    fn separators_without_a_time_are_those_of_two_programs() {
        for separator in ["From -", "From 18443477922671101@xxx"] {
            let text = format!("{separator}\nSubject: one\n\nhi\n\n{separator}\r\nSubject: two\n\nhi\n");
            assert_eq!(split_mbox(text.as_bytes()).count(), 2, "{separator}");
            assert!(looks_like_mbox(text.as_bytes()));
        }
        for line in ["From - me", "From @xxx", "From 18a@xxx", "From : a@b.c 10:00"] {
            assert!(
                !looks_like_mbox(format!("{line}\nSubject: x\n\nhi\n").as_bytes()),
                "{line}"
            );
        }
    }

    #[test]
    fn line_ends_may_be_crlf() {
        let crlf = String::from_utf8_lossy(BOX).replace('\n', "\r\n");
        let messages: Vec<_> = split_mbox(crlf.as_bytes()).collect();
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[1].as_ref(), b"Subject: two\r\n\r\nhi\r\n");
    }
}
