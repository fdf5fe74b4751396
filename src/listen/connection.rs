//! Reads command lines and messages from a connection. Replies are buffered, and written when the peer waits for them.

use std::io;
use std::time::{Duration, Instant};

use super::body::{Body, Refused};
use super::wire::Patient;

/// Most bytes that are read at a time.
const CHUNK: usize = 32 << 10;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Without its line end.
    Is(Vec<u8>),
    TooLong,
    /// The peer has closed the connection.
    End,
}

/// How a message ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Whole,
    Refused(Refused),
    /// It has a CR or LF alone. Programs disagree on whether that ends a line, and so on where the message ends (SMTP
    /// smuggling).
    BareLineEnd,
    /// The peer has closed the connection before the end.
    End,
}

/// A connection with its buffers. Replies to pipelined commands are written together, when nothing is left to read.
pub(super) struct Connection<W> {
    pub(super) wire: W,
    /// Bytes that were read. Those from `taken` to `filled` are unused.
    input: Vec<u8>,
    taken: usize,
    filled: usize,
    output: Vec<u8>,
}

impl<W: Patient> Connection<W> {
    pub(super) fn new(wire: W) -> Self {
        Self {
            wire,
            input: vec![0; CHUNK],
            taken: 0,
            filled: 0,
            output: Vec::new(),
        }
    }

    /// Sets the time within which the next line or message has to be complete.
    pub(super) fn allow(&mut self, time: Duration) {
        self.wire.set_deadline(Instant::now() + time);
    }

    pub(super) fn say(&mut self, reply: &str) {
        self.output.extend_from_slice(reply.as_bytes());
        self.output.extend_from_slice(b"\r\n");
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.wire.write_all(&self.output)?;
            self.wire.flush()?;
            self.output.clear();
        }
        Ok(())
    }

    /// Drops what was read ahead: commands sent before TLS must not count after it.
    pub(super) fn forget_input(&mut self) {
        (self.taken, self.filled) = (0, 0);
    }

    fn ahead(&self) -> &[u8] {
        self.input.get(self.taken..self.filled).unwrap_or_default()
    }

    /// Reads more bytes; returns false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.flush()?;
        self.input.copy_within(self.taken..self.filled, 0);
        self.filled -= self.taken;
        self.taken = 0;
        if self.filled == self.input.len() {
            self.input.resize(self.filled + CHUNK, 0);
        }
        let read = loop {
            let room = self.input.get_mut(self.filled..).unwrap_or_default();
            match self.wire.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // The peer closed the connection without closing TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break 0,
                other => break other?,
            }
        };
        self.filled += read;
        Ok(read > 0)
    }

    /// Reads a command line of at most `limit` bytes. Reads a longer one to its end and drops it. A bare line feed ends
    /// a command too.
    pub(super) fn line(&mut self, limit: usize) -> io::Result<Line> {
        let mut too_long = false;
        loop {
            if let Some(end) = memchr::memchr(b'\n', self.ahead()) {
                let line = self.ahead().get(..end).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let line = if too_long || line.len() > limit {
                    Line::TooLong
                } else {
                    Line::Is(line.to_vec())
                };
                self.taken += end + 1;
                return Ok(line);
            }
            if self.ahead().len() > limit + 1 {
                too_long = true;
                self.taken = self.filled;
            }
            if !self.fill()? {
                return Ok(Line::End);
            }
        }
    }

    /// Reads a message. Only CRLF, dot, CRLF ends it. Reads even a refused message to its end, so that no part of it is
    /// taken for commands. `body` gets its bytes, without the dots that SMTP adds.
    pub(super) fn message(&mut self, body: &mut Body<'_>) -> io::Result<Message> {
        let mut bare = false;
        // True at the very beginning and after a CRLF.
        let mut at_start = true;
        let mut after_return = false;
        loop {
            let Some(end) = memchr::memchr(b'\n', self.ahead()) else {
                // A long line is taken piece by piece, so that it is not searched twice.
                let held = self.ahead().len();
                if held > 0 && !(at_start && held < 3) {
                    let mut part = self.ahead();
                    if at_start && part.first() == Some(&b'.') {
                        part = part.get(1..).unwrap_or_default();
                    }
                    bare |= has_bare_return(part, after_return);
                    after_return = part.last() == Some(&b'\r');
                    body.add(part);
                    at_start = false;
                    self.taken = self.filled;
                }
                if !self.fill()? {
                    return Ok(Message::End);
                }
                continue;
            };
            let line = self.ahead().get(..=end).unwrap_or_default();
            if at_start && line == b".\r\n" {
                self.taken += end + 1;
                return Ok(match body.refused() {
                    _ if bare => Message::BareLineEnd,
                    Some(refused) => Message::Refused(refused),
                    None => Message::Whole,
                });
            }
            let line = match line.first() {
                Some(b'.') if at_start => line.get(1..).unwrap_or_default(),
                _ => line,
            };
            let text = line.strip_suffix(b"\n").unwrap_or_default();
            let whole = text.last() == Some(&b'\r') || (text.is_empty() && after_return);
            let inner = text.strip_suffix(b"\r").unwrap_or(text);
            // A carriage return at the end of the last piece belongs to this line feed; otherwise it is bare.
            bare |= !whole || memchr::memchr(b'\r', inner).is_some() || (after_return && !text.is_empty());
            body.add(line);
            at_start = whole;
            after_return = false;
            self.taken += end + 1;
        }
    }
}

fn has_bare_return(part: &[u8], after_return: bool) -> bool {
    let inner = part.strip_suffix(b"\r").unwrap_or(part);
    after_return || memchr::memchr(b'\r', inner).is_some()
}
