//! What fuzzing reaches: reading a message from a peer, compared with a reader that is too slow and too simple to be wrong.

use std::io::{self, Cursor, Read, Write};
use std::time::{Duration, Instant};

use super::body::Spool;
use super::connection::{Connection, Line, Message};
use super::room::Room;
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

/// A message of at most so many bytes, with them; without if it is refused. Half of the largest fit into memory, others into a file.
pub(super) fn received(connection: &mut Connection<Pieces>, limit: usize) -> (Message, Vec<u8>) {
    let spool = Spool {
        folder: std::env::temp_dir(),
        above: limit / 2,
        memory: Room::new(limit, limit),
        disk: Room::new(limit, limit),
    };
    let mut body = spool.body(limit, None, &|| ());
    let message = connection.message(&mut body).unwrap_or(Message::End);
    let bytes = if message == Message::Whole {
        body.take(Duration::ZERO).unwrap_or_default()
    } else {
        Vec::new()
    };
    (message, bytes)
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
        let (message, body) = received(&mut connection, LIMIT);
        (message, body, connection.line(100).ok())
    };
    let whole: (Message, Vec<u8>, Option<Line>) = read(bytes.len());
    for size in [1, 7] {
        assert!(read(size) == whole, "pieces of {size} give something else");
    }
    if let (Message::Whole, got, _) = &whole {
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
