//! Excel's old format (BIFF): cells, links, and the strings of formulas and macro sheets.

mod cipher;
mod formulas;
mod strings;

use super::store::Store;
use crate::contents::readers::office::bytes::{Bytes, u16_at, u32_at};
use crate::contents::readers::office::{formula, moniker};
use crate::contents::{Inside, Stop, Trouble};
use crate::mail::LinkKind;

/// Hands over the text of each sheet, its links, and what its formulas put together.
pub fn read(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    for name in ["Workbook", "Book"] {
        if let Some(bytes) = store.top(name, inside)? {
            let bytes = cipher::open(bytes, inside)?;
            let mut book = Book::default();
            book.records(&bytes, inside)?;
            book.finish(inside);
        }
    }
    Ok(())
}

/// A record, and the ones that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    /// Of strings that are longer than a record.
    more: Vec<&'a [u8]>,
}

const CONTINUE: u16 = 0x3c;

#[derive(Default)]
struct Book {
    /// Names of the sheets, in the order in which they follow.
    names: Vec<(String, bool)>,
    sheet: Option<usize>,
    begun: usize,
    shared: Vec<String>,
    text: String,
    row: Option<u16>,
    formulas: String,
}

impl Book {
    fn records(&mut self, bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Stop> {
        let mut rest = Bytes(bytes);
        let mut current = next(&mut rest);
        while let Some(mut record) = current {
            inside.step(16)?;
            current = next(&mut rest);
            while let Some(more) = current.take_if(|next| next.kind == CONTINUE) {
                inside.step(16)?;
                record.more.push(more.data);
                current = next(&mut rest);
            }
            self.record(&record, inside)?;
        }
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>, inside: &mut Inside<'_>) -> Result<(), Stop> {
        let data = record.data;
        match record.kind {
            // A sheet begins, or the book itself.
            0x809 => {
                self.finish(inside);
                self.sheet = self.begun.checked_sub(1);
                self.begun += 1;
            }
            0x85 => {
                let name = strings::short(data.get(6..).unwrap_or_default());
                self.names.push((name, data.get(5) == Some(&1)));
            }
            0xfc => self.shared = strings::table(data, &record.more, inside)?,
            0xfd => {
                let index = u32_at(data, 6).unwrap_or(usize::MAX);
                let text = self.shared.get(index).cloned().unwrap_or_default();
                self.cell(data, &text, inside)?;
            }
            0x204 => self.cell(data, &strings::long(data.get(6..).unwrap_or_default()), inside)?,
            0x207 => self.cell(&[], &strings::long(data), inside)?,
            0x1b8 => moniker::read(data, &self.place(), LinkKind::Anchor, inside),
            0x06 => self.formula(data.get(20..).unwrap_or_default()),
            // A name, whose formula comes after it.
            0x18 => {
                let length = usize::from(data.get(3).copied().unwrap_or_default());
                let wide = data.get(14).is_some_and(|flag| flag & 1 == 1);
                let skip = 15 + if wide { length * 2 } else { length };
                let formula = formulas::text(data.get(skip..).unwrap_or_default());
                self.add(&formula);
            }
            // A link to a program: its name, then what it is to do.
            0x1ae => exchange(&strings::long(data.get(2..).unwrap_or_default()), inside),
            _ => {}
        }
        Ok(())
    }

    fn cell(&mut self, data: &[u8], text: &str, inside: &mut Inside<'_>) -> Result<(), Stop> {
        // One long string may stand in many cells.
        inside.claim(text.len() + 1)?;
        let row = u16_at(data, 0).or(self.row);
        if self.row.is_some() && row != self.row {
            self.text.push('\n');
        }
        self.row = row;
        self.text.push_str(text);
        self.text.push('\t');
        Ok(())
    }

    fn formula(&mut self, data: &[u8]) {
        let code = u16_at(data, 0).and_then(|length| data.get(2..2 + usize::from(length)));
        let formula = formulas::text(code.unwrap_or_default());
        self.add(&formula);
    }

    fn add(&mut self, formula: &str) {
        if !formula.is_empty() {
            self.formulas.push_str(formula);
            self.formulas.push('\n');
        }
    }

    fn place(&self) -> String {
        let name = self.sheet.and_then(|index| self.names.get(index));
        name.map_or_else(String::new, |(name, _)| format!("sheet {name}"))
    }

    /// Hands over the sheet that was read until now.
    fn finish(&mut self, inside: &mut Inside<'_>) {
        let place = self.place();
        let is_macro = self
            .sheet
            .and_then(|index| self.names.get(index))
            .is_some_and(|(_, is_macro)| *is_macro);
        let formulas = std::mem::take(&mut self.formulas);
        if is_macro {
            formula::program(inside, format!("macro {place}").trim_end(), &formulas);
        } else {
            for one in formulas.lines() {
                formula::read(inside, &place, one, "");
            }
        }
        inside.text(place, std::mem::take(&mut self.text));
        self.row = None;
    }
}

fn exchange(path: &str, inside: &mut Inside<'_>) {
    if let Some((program, topic)) = path.split_once('\u{3}') {
        inside.script("external link", format!("{program} {topic}"));
    }
}

fn next<'a>(rest: &mut Bytes<'a>) -> Option<Record<'a>> {
    let kind = rest.u16()?;
    let length = usize::from(rest.u16()?);
    Some(Record {
        kind,
        data: rest.take(length.min(rest.0.len()))?,
        more: Vec::new(),
    })
}
