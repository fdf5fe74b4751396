//! Strings of a workbook, which may go on in the next record.

use crate::contents::readers::office::bytes::{Bytes, decode, u16_at, u32_at, wide};
use crate::contents::{Inside, Stop};

/// A string whose length is one byte.
pub fn short(data: &[u8]) -> String {
    let length = data.first().copied().unwrap_or_default();
    characters(data.get(1..).unwrap_or_default(), usize::from(length))
}

/// A string whose length is two bytes.
pub fn long(data: &[u8]) -> String {
    let length = u16_at(data, 0).unwrap_or_default();
    characters(data.get(2..).unwrap_or_default(), usize::from(length))
}

fn characters(data: &[u8], length: usize) -> String {
    let is_wide = data.first().is_some_and(|flags| flags & 1 == 1);
    let text = data.get(1..).unwrap_or_default();
    if is_wide {
        wide(text.get(..length * 2).unwrap_or(text))
    } else {
        decode(text.get(..length).unwrap_or(text), 1252)
    }
}

/// The shared strings.
pub fn table(data: &[u8], more: &[&[u8]], inside: &mut Inside<'_>) -> Result<Vec<String>, Stop> {
    let count = u32_at(data, 4).unwrap_or_default();
    let mut source = Source {
        rest: Bytes(data.get(8..).unwrap_or_default()),
        more: more.iter(),
    };
    let mut strings = Vec::new();
    while strings.len() < count {
        let Some(string) = source.string() else { break };
        inside.step(string.len() + 8)?;
        strings.push(string);
    }
    Ok(strings)
}

struct Source<'a, 'm> {
    rest: Bytes<'a>,
    more: std::slice::Iter<'m, &'a [u8]>,
}

impl Source<'_, '_> {
    fn string(&mut self) -> Option<String> {
        if self.rest.0.is_empty() {
            self.advance()?;
        }
        let mut left = usize::from(self.rest.u16()?);
        let mut flags = self.rest.u8()?;
        let runs = if flags & 8 == 0 {
            0
        } else {
            usize::from(self.rest.u16()?)
        };
        let sounds = if flags & 4 == 0 { 0 } else { self.rest.length()? };
        let mut string = String::new();
        while left > 0 {
            if self.rest.0.is_empty() {
                self.advance()?;
                // What goes on says again how wide its characters are.
                flags = self.rest.u8()?;
            }
            let width = usize::from(flags & 1) + 1;
            let here = left.min(self.rest.0.len() / width);
            if here == 0 {
                self.rest.0 = &[];
                continue;
            }
            let bytes = self.rest.take(here * width)?;
            string.push_str(&if width == 2 { wide(bytes) } else { decode(bytes, 1252) });
            left -= here;
        }
        self.skip(runs * 4 + sounds);
        Some(string)
    }

    fn advance(&mut self) -> Option<()> {
        self.rest = Bytes(self.more.next()?);
        Some(())
    }

    fn skip(&mut self, mut length: usize) {
        loop {
            let here = length.min(self.rest.0.len());
            self.rest.take(here);
            length -= here;
            if length == 0 || self.advance().is_none() {
                return;
            }
        }
    }
}
