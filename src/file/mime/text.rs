//! Kinds of text: by the first characters, else by the file's name, else plain text.

use crate::domain::Ending;

/// How many bytes of a file are checked for being text.
const WINDOW: usize = 64 * 1024;

/// First characters, in lower case and without leading blanks, and their type.
const BEGINNINGS: &[(&str, &str)] = &[
    ("<!doctype html", "text/html"),
    ("<html", "text/html"),
    ("<head", "text/html"),
    ("<body", "text/html"),
    ("<title", "text/html"),
    ("<script", "text/html"),
    ("<meta", "text/html"),
    ("<table", "text/html"),
    ("<div", "text/html"),
    ("<iframe", "text/html"),
    ("<style", "text/html"),
    ("<svg", "image/svg+xml"),
    ("<hta:", "application/hta"),
    ("<?php", "text/x-php"),
    ("<job", "text/x-wsf"),
    ("<package>", "text/x-wsf"),
    ("<scriptlet", "text/x-wsc"),
    ("-----begin pgp signature", "application/pgp-signature"),
    ("-----begin pgp message", "application/pgp-encrypted"),
    ("-----begin pgp public key", "application/pgp-keys"),
    ("-----begin certificate", "application/x-pem-file"),
    ("begin:vcard", "text/vcard"),
    ("begin:vcalendar", "text/calendar"),
    ("[internetshortcut]", "application/x-mswinurl"),
    ("#@~^", "text/x-encoded-script"),
];

/// Header fields that the first line of a mail may have.
const MAIL_HEADERS: [&str; 12] = [
    "received:",
    "return-path:",
    "delivered-to:",
    "from:",
    "message-id:",
    "date:",
    "x-mozilla-status:",
    "mime-version:",
    "subject:",
    "to:",
    "dkim-signature:",
    "arc-seal:",
];

pub(super) fn of(bytes: &[u8], name: Option<&str>) -> Option<&'static str> {
    if !looks_like_text(bytes) {
        return None;
    }
    let start = start_of(bytes);
    let fits = |(beginning, _): &&(&str, &str)| start.starts_with(beginning);
    let by_content = BEGINNINGS.iter().find(fits).map(|(_, mime)| *mime);
    let hta = || start.contains("<hta:application").then_some("application/hta");
    let extension = name.and_then(Ending::of_name).and_then(Ending::mime);
    hta()
        .or_else(|| extension.filter(|mime| *mime == "application/hta"))
        .or(by_content)
        .or_else(|| shebang(&start))
        .or_else(|| is_mail(&start).then_some("message/rfc822"))
        .or(extension)
        .or_else(|| {
            start.starts_with("<?xml").then_some(if start.contains("<svg") {
                "image/svg+xml"
            } else {
                "text/xml"
            })
        })
        .or(Some("text/plain"))
}

/// Whether it has no NUL and no control character that text does not use. UTF-16 counts only with a byte order mark.
pub(super) fn looks_like_text(bytes: &[u8]) -> bool {
    let window = bytes.get(..WINDOW).unwrap_or(bytes);
    let control = |byte: &u8| matches!(byte, 0..=6 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    match window {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            let little = window.first() == Some(&0xff);
            let pairs = window.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
            let mut units = pairs.map(|pair| {
                if little {
                    u16::from_le_bytes(pair)
                } else {
                    u16::from_be_bytes(pair)
                }
            });
            units.all(|unit| u8::try_from(unit).map_or(true, |byte| !control(&byte)))
        }
        _ => !window.iter().any(control),
    }
}

/// True if at least one byte in 32 is a control character that no charset of text uses. Does not count NUL, which is between
/// the letters of UTF-16, and which attackers put into words to split them.
pub(super) fn is_garbled(bytes: &[u8]) -> bool {
    let window = bytes.get(..4096).unwrap_or(bytes);
    let control = |byte: &&u8| matches!(byte, 1..=6 | 0x10..=0x1a | 0x1c..=0x1f | 0x7f);
    let count = window.iter().filter(control).count();
    count >= 4 && count * 32 >= window.len() && !matches!(window, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// The first 4096 bytes in lower case, without byte order mark, leading blanks and comments.
fn start_of(bytes: &[u8]) -> String {
    const START: usize = 4096;
    let start = bytes.get(..START).unwrap_or(bytes);
    let (text, _, _) = encoding_rs::UTF_8.decode(start); // obeys the byte order marks of UTF-16 too
    let mut text = text.trim_start();
    while let Some((_, rest)) = text.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        text = rest.trim_start();
    }
    text.to_ascii_lowercase()
}

fn shebang(start: &str) -> Option<&'static str> {
    let line = start.strip_prefix("#!")?.lines().next()?;
    Some(match line {
        line if line.contains("python") => "text/x-script.python",
        line if line.contains("perl") => "text/x-perl",
        line if line.contains("php") => "text/x-php",
        line if line.contains("node") => "text/javascript",
        line if line.contains("pwsh") => "text/x-powershell",
        _ => "text/x-shellscript",
    })
}

/// Whether it begins with a header line and has another one soon after: `To: whom it may concern` alone is no mail.
fn is_mail(start: &str) -> bool {
    let is_header = |line: &str| MAIL_HEADERS.iter().any(|header| line.starts_with(header));
    let mut lines = start
        .lines()
        .filter(|line| !line.starts_with("from "))
        .take(40)
        .take_while(|line| !line.is_empty());
    lines.next().is_some_and(is_header) && lines.any(is_header)
}
