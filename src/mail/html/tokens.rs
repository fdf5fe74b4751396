//! Reads a page token by token. The tokenizer calls itself for each attribute in double quotation marks: thousands of them in one tag
//! would overflow the stack, which ends the process. So its source answers with an error now and then. That makes the tokenizer return
//! to where it began, and go on in the same place.

use std::error::Error;
use std::fmt;

use html5gum::{Emitter, Readable, Reader, StringReader, Tokenizer};

/// How many pieces of attributes are read before the tokenizer has to return.
const PIECES: u32 = 64;

/// Hands all tokens to the emitter, which makes none itself.
pub fn read<E: Emitter>(html: &str, emitter: E) {
    // An error only means that the tokenizer is to be called again.
    Tokenizer::new_with_emitter(Source::new(html), emitter).for_each(drop);
}

/// What makes the tokenizer return. Nothing was read.
#[derive(Debug)]
struct Return;

impl fmt::Display for Return {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tokenizer goes on from its start")
    }
}

impl Error for Return {}

struct Source<'a> {
    text: StringReader<'a>,
    pieces: u32,
}

impl<'a> Source<'a> {
    fn new(html: &'a str) -> Self {
        Self {
            text: html.to_reader(),
            pieces: 0,
        }
    }
}

impl Reader for Source<'_> {
    type Error = Return;

    #[inline]
    fn read_byte(&mut self) -> Result<Option<u8>, Return> {
        let Ok(byte) = self.text.read_byte();
        Ok(byte)
    }

    #[inline]
    fn try_read_string(&mut self, text: &[u8], case_sensitive: bool) -> Result<bool, Return> {
        let Ok(is_next) = self.text.try_read_string(text, case_sensitive);
        Ok(is_next)
    }

    #[inline]
    fn read_until<'b>(&'b mut self, needle: &[u8], buffer: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Return> {
        // Only values in double quotation marks end at these bytes. Their state has nothing that a return would lose.
        if needle.starts_with(b"\"&") {
            self.pieces += 1;
            if self.pieces > PIECES {
                self.pieces = 0;
                return Err(Return);
            }
        }
        let Ok(piece) = self.text.read_until(needle, buffer);
        Ok(piece)
    }
}
