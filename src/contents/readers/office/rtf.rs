//! Rich text: its words, its fields, the template that it loads, and what is embedded, hidden in whatever way.

mod objects;
mod state;
mod words;

use crate::contents::{File, Inside, Reader, Trouble};
use words::Words;

/// Reads rich text as Word does, which takes `{\rt` for a beginning.
pub struct RichText;

impl Reader for RichText {
    fn reads(&self, file: &File<'_>) -> bool {
        file.bytes.trim_ascii_start().starts_with(b"{\\rt")
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let mut words = Words::default();
        let outcome = words.read(file.bytes, inside);
        words.finish(inside);
        outcome
    }
}

#[cfg(test)]
#[path = "rtf_tests.rs"]
mod tests;
