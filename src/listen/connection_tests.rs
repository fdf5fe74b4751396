//! Reading lines and messages, whatever the pieces that they come in.

use super::body::Refused;
use super::connection::{Line, Message};
use super::fuzzed::{connection, received};

/// What each size of pieces gives, which must be the same.
fn message(bytes: &[u8], limit: usize) -> (Message, String, Line) {
    let read = |size| {
        let mut connection = connection(bytes, size);
        let (message, body) = received(&mut connection, limit);
        (message, String::from_utf8(body).unwrap(), connection.line(100).unwrap())
    };
    let whole = read(bytes.len().max(1));
    for size in [1, 2, 3, 5, 7] {
        assert_eq!(
            read(size),
            whole,
            "{:?} in pieces of {size}",
            String::from_utf8_lossy(bytes)
        );
    }
    whole
}

#[test]
fn a_message_ends_with_a_lone_dot_and_loses_its_stuffing() {
    let quit = || Line::Is(b"QUIT".to_vec());
    for (given, kept) in [
        ("a\r\n.\r\nQUIT\r\n", "a\r\n"),
        (".\r\nQUIT\r\n", ""),
        ("..a\r\n...\r\n.b\r\n\r\n.\r\nQUIT\r\n", ".a\r\n..\r\nb\r\n\r\n"),
        ("a.\r\n.\r\nQUIT\r\n", "a.\r\n"),
    ] {
        assert_eq!(
            message(given.as_bytes(), 100),
            (Message::Whole, kept.to_owned(), quit()),
            "{given:?}"
        );
    }
}

#[test]
fn nothing_but_crlf_dot_crlf_ends_a_message() {
    for smuggled in [
        "a\n.\nMAIL\r\n",
        "a\n.\r\nMAIL\r\n",
        "a\r.\r\nMAIL\r\n",
        "a\r\n.\nMAIL\r\n",
        "a\r\n.\rMAIL\r\n",
        "a\r\r\n",
    ] {
        let all = format!("{smuggled}.\r\nQUIT\r\n");
        let read = message(all.as_bytes(), 100);
        assert_eq!(
            read,
            (Message::BareLineEnd, String::new(), Line::Is(b"QUIT".to_vec())),
            "{smuggled:?}"
        );
    }
}

#[test]
fn a_message_over_the_limit_is_read_to_its_end() {
    let text = format!("{}\r\n.\r\nQUIT\r\n", "x".repeat(300));
    assert_eq!(
        message(text.as_bytes(), 302),
        (
            Message::Whole,
            format!("{}\r\n", "x".repeat(300)),
            Line::Is(b"QUIT".to_vec())
        )
    );
    assert_eq!(
        message(text.as_bytes(), 301),
        (
            Message::Refused(Refused::TooLarge),
            String::new(),
            Line::Is(b"QUIT".to_vec())
        )
    );
    assert_eq!(message(b"half a mail\r\n", 100).0, Message::End);
}

#[test]
fn a_line_over_the_limit_is_read_to_its_end() {
    for size in [1, 3, 1000] {
        let text = format!("NOOP\nRSET\r\n{}\r\nQUIT\r\n", "x".repeat(300));
        let mut connection = connection(text.as_bytes(), size);
        let mut line = || connection.line(100).unwrap();
        assert_eq!(line(), Line::Is(b"NOOP".to_vec()));
        assert_eq!(line(), Line::Is(b"RSET".to_vec()));
        assert_eq!(line(), Line::TooLong);
        assert_eq!(line(), Line::Is(b"QUIT".to_vec()));
        assert_eq!(line(), Line::End);
    }
}
