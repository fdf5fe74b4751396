//! The text that comes of HTML, written line by line; with it where in the source each line comes from, and apart from it what
//! no reader sees.

use super::Trace;
use crate::mail::{Aside, AsideKind};

/// The text so far.
pub(super) struct Page {
    pub text: String,
    pub asides: Vec<Aside>,
    /// See [`super::Rendered::line_starts`].
    pub line_starts: Vec<usize>,
    /// See [`super::Rendered::pieces`].
    pub pieces: Vec<Vec<(usize, usize)>>,
    /// Number of the line that is being written, from 1.
    pub line: u32,
    /// How many elements around keep blanks and line ends.
    pub preformatted: u32,
    /// Past the last end tag.
    pub next_line_at: usize,
    /// A blank was read that is written only if more text follows on the line.
    blank: bool,
    line_started: bool,
    /// No text at all was read since the line began, not even blanks.
    line_is_empty: bool,
    /// The hidden text that may go on, and the line at which it began.
    hidden: (String, u32),
    trace: Trace,
}

impl Page {
    pub fn new(trace: Trace) -> Self {
        Self {
            text: String::new(),
            asides: Vec::new(),
            line_starts: vec![0],
            pieces: vec![Vec::new()],
            line: 1,
            preformatted: 0,
            next_line_at: 0,
            blank: false,
            line_started: false,
            line_is_empty: true,
            hidden: (String::new(), 1),
            trace,
        }
    }

    pub fn new_line(&mut self, at: usize) {
        self.text.push('\n');
        self.line = self.line.saturating_add(1);
        self.line_is_empty = true;
        if self.trace != Trace::Nothing {
            self.line_starts.push(at);
        }
        if self.trace == Trace::Pieces {
            self.pieces.push(Vec::new());
        }
        self.blank = false;
        self.line_started = false;
    }

    /// A block begins or ends: on a line of its own, but without empty lines.
    pub fn block(&mut self, at: usize) {
        self.blank = false;
        if self.line_started {
            self.new_line(at);
        } else if let Some(start) = self.line_starts.last_mut().filter(|_| self.next_line_at <= at) {
            // The line is still empty: it begins at the outermost of the tags before its text.
            if self.line_is_empty && *start < self.next_line_at {
                *start = self.next_line_at;
            }
        }
    }

    /// A cell of a table begins.
    pub fn cell(&mut self) {
        self.blank = false;
    }

    /// A cell of a table ends.
    pub fn end_cell(&mut self) {
        self.blank = false;
        self.text.push('\t');
        self.line_started = true;
    }

    /// Something that takes room without showing any text.
    pub fn gap(&mut self) {
        self.blank = true;
    }

    pub fn write(&mut self, value: &str, span: (usize, usize)) {
        self.line_is_empty = false;
        if !value.trim().is_empty() {
            self.end_hidden();
        }
        self.piece(span);
        for c in value.chars() {
            match c {
                '\n' if self.preformatted > 0 => {
                    self.new_line(span.0);
                    self.line_is_empty = false;
                    self.piece(span);
                }
                '\r' | '\0' => {}
                ' ' | '\t' | '\n' | '\x0c' if self.preformatted == 0 => self.blank = true,
                _ => {
                    if self.blank && self.line_started && !self.text.ends_with('\t') {
                        self.text.push(' ');
                    }
                    self.blank = false;
                    self.line_started = true;
                    self.text.push(if c == '\u{a0}' { ' ' } else { c });
                }
            }
        }
    }

    fn piece(&mut self, span: (usize, usize)) {
        if let Some(pieces) = self.pieces.last_mut().filter(|_| self.trace == Trace::Pieces) {
            pieces.push(span);
        }
    }

    /// Adds text that no reader sees. What follows it directly belongs to it.
    pub fn hide(&mut self, value: &str) {
        let (hidden, line) = &mut self.hidden;
        if hidden.is_empty() {
            *line = self.line;
        }
        hidden.push_str(value);
    }

    /// What is hidden from here on stands apart from what was hidden before.
    pub fn end_hidden(&mut self) {
        let (text, line) = std::mem::take(&mut self.hidden);
        self.push_aside(text, line, AsideKind::Hidden);
    }

    /// Adds a text apart from that of the page.
    pub fn aside(&mut self, text: String, kind: AsideKind) {
        self.end_hidden();
        self.push_aside(text, self.line, kind);
    }

    fn push_aside(&mut self, text: String, line: u32, kind: AsideKind) {
        if !text.trim().is_empty() {
            self.asides.push(Aside { text, line, kind });
        }
    }
}
