//! What fuzzing reaches: reading a message from a peer, compared with a reader that is too slow and too simple to be wrong.

use std::io::{self, Cursor, Read, Write};
use std::time::{Duration, Instant};

use super::connection::{Connection, Line, Message};
use super::wire::Patient;

/// Gives its bytes in pieces of one size.
pub(super) struct Pieces {
    bytes: Cursor<Vec<u8>>,
    size: usize,
}

/// A connection whose peer sends these bytes in pieces of that size.
pub(super) fn connection(bytes: &[u8], size: usize) -> Connection<Pieces> {
    let bytes = Cursor::new(bytes.to_vec());
    let mut connection = Connection::new(Pieces { bytes, size });
    connection.allow(Duration::from_mins(1));
    connection
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.size.min(buffer.len());
        self.bytes.read(buffer.get_mut(..size).unwrap_or_default())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Patient for Pieces {
    fn set_deadline(&mut self, _: Instant) {}
}

/// Reads a message and the line behind it.
///
/// # Panics
/// When pieces of another size or the simple reader give something else.
pub fn message(bytes: &[u8]) {
    const LIMIT: usize = 1 << 16;
    let read = |size: usize| {
        let mut connection = connection(bytes, size.max(1));
        let message = connection.message(LIMIT, &mut |_| true).ok();
        (message, connection.line(100).ok())
    };
    let whole: (Option<Message>, Option<Line>) = read(bytes.len());
    for size in [1, 7] {
        assert!(read(size) == whole, "pieces of {size} give something else");
    }
    if let (Some(Message::Is(got)), _) = &whole {
        assert!(
            simple(bytes).as_ref() == Some(got),
            "the simple reader gives something else"
        );
    }
}

/// The lines before the one with a dot alone, each without the dot that the sender added.
fn simple(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    let mut rest = bytes;
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let (line, after) = rest.split_at(end + 2);
        if line == b".\r\n" {
            return Some(message);
        }
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        rest = after;
    }
}
