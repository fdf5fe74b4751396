//! Codes on a page: drawn with SVG, with the cells of a table or with characters, in pictures that the page holds itself, and in several
//! pictures that it shows beside or above one another.

use super::grey::Grey;
use super::svg::Drawing;
use super::table::Table;
use super::tags::{self, Attributes, Draws};

/// Tables inside one another that are watched.
const MOST_TABLES: usize = 16;
/// Drawings of a page that are looked at.
const MOST_DRAWINGS: usize = 16;
/// Pictures of a page that are looked at.
const MOST_PICTURES: usize = 64;
/// Bytes of its text that are kept.
const MOST_TEXT: usize = 1 << 20;

/// What a page draws and shows.
#[derive(Default)]
pub struct Page {
    pub drawings: Vec<Grey>,
    /// Where pictures come from, those with no text between them together, by rows.
    pub groups: Vec<Vec<Vec<String>>>,
    /// The text with all its blanks.
    pub text: String,
    drawing: Option<Drawing>,
    tables: Vec<Table>,
    pictures: usize,
    is_silent: bool,
    /// A new row of pictures begins with the next one, or a new group.
    breaks_row: bool,
    breaks_group: bool,
}

impl Page {
    pub fn read(source: &str) -> Self {
        let mut page = Self::default();
        tags::walk(source, &mut page);
        page.end_drawing();
        page
    }

    fn end_drawing(&mut self) {
        let drawn = self.drawing.take().and_then(|drawing| drawing.picture());
        self.keep(drawn);
    }

    fn keep(&mut self, drawn: Option<Grey>) {
        if self.drawings.len() < MOST_DRAWINGS {
            self.drawings.extend(drawn);
        }
    }

    fn shows(&mut self, source: &str) {
        if source.is_empty() || self.pictures >= MOST_PICTURES {
            return;
        }
        self.pictures += 1;
        if std::mem::take(&mut self.breaks_group) || self.groups.is_empty() {
            self.groups.push(vec![Vec::new()]);
            self.breaks_row = false;
        }
        let Some(group) = self.groups.last_mut() else { return };
        if std::mem::take(&mut self.breaks_row) && group.last().is_some_and(|row| !row.is_empty()) {
            group.push(Vec::new());
        }
        if let Some(row) = group.last_mut() {
            row.push(source.to_owned());
        }
    }

    fn new_line(&mut self, tag: &str) {
        if matches!(tag, "br" | "tr" | "div" | "p" | "table" | "pre" | "li") {
            self.breaks_row = true;
            self.write("\n");
        }
    }

    fn write(&mut self, text: &str) {
        if self.text.len() + text.len() <= MOST_TEXT {
            self.text.push_str(text);
        }
    }
}

impl Draws for Page {
    fn open(&mut self, tag: &str, attributes: &Attributes) {
        self.is_silent = matches!(tag, "style" | "script" | "title");
        if let Some(drawing) = &mut self.drawing {
            drawing.open(tag, attributes);
        } else if tag == "svg" {
            let mut drawing = Drawing::default();
            drawing.open(tag, attributes);
            self.drawing = Some(drawing);
        }
        match tag {
            "table" if self.tables.len() < MOST_TABLES => self.tables.push(Table::default()),
            "tr" => self.tables.iter_mut().rev().take(1).for_each(Table::row),
            "td" | "th" => self
                .tables
                .iter_mut()
                .rev()
                .take(1)
                .for_each(|table| table.cell(attributes)),
            "img" => self.shows(attributes.get("src").unwrap_or_default()),
            "image" => self.shows(
                attributes
                    .get("href")
                    .or(attributes.get("xlink:href"))
                    .unwrap_or_default(),
            ),
            _ => {}
        }
        self.new_line(tag);
    }

    fn close(&mut self, tag: &str) {
        self.is_silent = false;
        if tag == "svg" {
            self.end_drawing();
        } else if let Some(drawing) = &mut self.drawing {
            drawing.close(tag);
        }
        if tag == "table" {
            let drawn = self.tables.pop().and_then(|table| table.picture());
            self.keep(drawn);
        }
        if tag != "br" {
            self.new_line(tag);
        }
    }

    fn text(&mut self, text: &str) {
        if !self.is_silent {
            self.breaks_group |= !text.trim().is_empty();
            self.write(text);
        }
    }
}
