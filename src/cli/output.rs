//! Standard output: tables on a terminal, tab-separated lines in a pipe, JSON, CSV. Control characters in a mail never
//! reach a terminal.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::failure::Failure;
use crate::domain::halves;
use crate::misp::event::{Envelope, Event};
use crate::misp::json::ThreeBytes;
use crate::pipeline::row;

pub const HEADING: Style = Style::new().bold();
pub const GOOD: Style = AnsiColor::Green.on_default();
/// For what waits or is left out.
pub const WAITING: Style = AnsiColor::Yellow.on_default();
pub const BAD: Style = AnsiColor::Red.on_default();
/// For what is less important.
pub const FAINT: Style = Style::new().dimmed();

/// Most characters of a table cell on a terminal. Pipes, JSON and CSV get everything.
const MAX_CELL: usize = 80;

/// For fewer JSON documents a thread takes longer than it saves.
const LONG: usize = 500;

pub struct Out {
    writer: BufWriter<Stdout>,
    is_terminal: bool,
    is_styled: bool,
    csv_begun: bool,
}

impl Out {
    pub fn new() -> Self {
        let stdout = io::stdout();
        // This also switches on a console of Windows, which shows styles as strange letters until then.
        let styles = anstream::AutoStream::auto(io::stdout()).current_choice();
        Self {
            is_terminal: stdout.is_terminal(),
            is_styled: styles == anstream::ColorChoice::AlwaysAnsi,
            writer: BufWriter::with_capacity(64 << 10, stdout),
            csv_begun: false,
        }
    }

    /// One JSON document on a line.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        serde_json::to_writer(&mut self.writer, value)
            .map_err(io::Error::from)
            .and_then(|()| self.writer.write_all(b"\n"))
            .map_err(Failure::from_output)
    }

    /// Some JSON documents, each on a line.
    pub fn json_lines(&mut self, values: &[impl Serialize + Sync]) -> Result<(), Failure> {
        let (first, second) = values.split_at(values.len() / 2);
        if first.len() < LONG {
            return values.iter().try_for_each(|value| self.json(value));
        }
        let (first, second) = halves::both(|| json_lines(first), || json_lines(second));
        for lines in [first, second] {
            lines
                .and_then(|lines| self.writer.write_all(&lines))
                .map_err(Failure::from_output)?;
        }
        Ok(())
    }

    /// An event exactly as it would be sent, on a line.
    pub fn event(&mut self, event: Event) -> Result<(), Failure> {
        let mut writer = BufWriter::with_capacity(64 << 10, ThreeBytes(&mut self.writer));
        serde_json::to_writer(&mut writer, &Envelope { event })
            .map_err(io::Error::from)
            .and_then(|()| writer.write_all(b"\n"))
            .and_then(|()| writer.flush())
            .map_err(Failure::from_output)
    }

    /// A line of text, which may have styles.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        let written = if self.is_styled {
            writeln!(self.writer, "{text}")
        } else {
            writeln!(self.writer, "{}", anstream::adapter::strip_str(text))
        };
        written.map_err(Failure::from_output)
    }

    /// A CSV record. The first one comes after the headings.
    pub fn csv<const N: usize>(&mut self, headings: [&str; N], cells: &[String; N]) -> Result<(), Failure> {
        if !self.csv_begun {
            self.csv_begun = true;
            self.line(&row::csv_headings(&headings))?;
        }
        self.line(&row::csv_record(cells))
    }

    /// A row of a table. On a terminal it waits for [`Out::table`], as all rows are needed to align them. In a pipe it has tabs.
    pub fn row<const N: usize>(&mut self, columns: &mut Columns<N>, row: [String; N]) -> Result<(), Failure> {
        if self.is_terminal {
            columns.rows.push(row);
            return Ok(());
        }
        self.line(&row.map(|cell| printable(&cell)).join("\t"))
    }

    /// The rows that waited: aligned, with headings, without empty columns.
    pub fn table<const N: usize>(&mut self, columns: &Columns<N>) -> Result<(), Failure> {
        let widths = columns.widths();
        let line = |cells: &mut dyn Iterator<Item = &str>, style: Style| {
            let padded: Vec<String> = cells
                .zip(widths)
                .filter(|(_, width)| *width > 0)
                .map(|(cell, width)| format!("{:width$}", shorten(&printable(cell))))
                .collect();
            format!("{style}{}{style:#}", padded.join("  ").trim_end())
        };
        if !columns.rows.is_empty() {
            let headings = line(&mut columns.headings.iter().copied(), HEADING);
            self.line(&headings)?;
        }
        for row in &columns.rows {
            let text = line(&mut row.iter().map(String::as_str), Style::new());
            self.line(&text)?;
        }
        Ok(())
    }

    pub fn flush(&mut self) -> Result<(), Failure> {
        self.writer.flush().map_err(Failure::from_output)
    }
}

fn json_lines(values: &[impl Serialize]) -> io::Result<Vec<u8>> {
    let mut lines = Vec::with_capacity(values.len() * 256);
    for value in values {
        serde_json::to_writer(&mut lines, value)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A table with `N` columns. Only those on a terminal have rows.
pub struct Columns<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    pub fn new(headings: [&'static str; N]) -> Self {
        Self {
            headings,
            rows: Vec::new(),
        }
    }

    /// The width of each column, 0 if all its cells are empty.
    fn widths(&self) -> [usize; N] {
        let mut widths = [0; N];
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(shorten(&printable(cell)).chars().count());
            }
        }
        for (width, heading) in widths.iter_mut().zip(self.headings) {
            if *width > 0 {
                *width = (*width).max(heading.len());
            }
        }
        widths
    }
}

/// Replaces control characters and those that change the direction of text. A mail must not send escape sequences to a
/// terminal.
pub fn printable(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .map(|c| if is_hidden(c) { '\u{fffd}' } else { c })
        .collect()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_CELL) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_sequence_does_not_reach_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c"), "a\u{fffd}[31mb\u{fffd}c");
    }
}
