//! Codes that are drawn with the cells of HTML tables.

use std::collections::HashMap;

use super::grey::Grey;
use super::tags::{Attributes, declaration};
use crate::mail::html;

/// Fewer rows or columns are no code.
const LEAST: usize = 11;
/// More are none either.
const MOST: usize = 400;
/// Points of a side of a cell.
const SIDE: usize = 6;
/// Most ways in which the cells of a table look.
const MOST_LOOKS: usize = 8;

/// A table while its tags are read.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<usize>>,
    /// How cells look, by what they say of it; the number is that in the rows.
    looks: HashMap<String, usize>,
    shades: Vec<Option<u8>>,
    is_spoilt: bool,
}

impl Table {
    pub fn row(&mut self) {
        if self.rows.len() < MOST {
            self.rows.push(Vec::new());
        } else {
            self.is_spoilt = true;
        }
    }

    pub fn cell(&mut self, attributes: &Attributes) {
        if self.is_spoilt {
            return;
        }
        let style = attributes.get("style").unwrap_or_default();
        let ground = declaration(style, "background-color").or_else(|| declaration(style, "background"));
        let ground = ground.or_else(|| attributes.get("bgcolor"));
        let look = ground.or_else(|| attributes.get("class")).unwrap_or_default();
        let number = if let Some(number) = self.looks.get(look) {
            *number
        } else {
            self.looks.insert(look.to_owned(), self.shades.len());
            self.shades.push(ground.and_then(html::brightness));
            self.shades.len() - 1
        };
        self.is_spoilt = self.shades.len() > MOST_LOOKS;
        let times = attributes
            .get("colspan")
            .and_then(|written| written.parse().ok())
            .unwrap_or(1_usize)
            .min(MOST + 1);
        let Some(row) = self.rows.last_mut() else { return };
        if row.len() + times > MOST {
            self.is_spoilt = true;
        } else {
            row.extend(std::iter::repeat_n(number, times));
        }
    }

    /// `None` of a table that is no drawing.
    pub fn picture(&self) -> Option<Grey> {
        let rows: Vec<&Vec<usize>> = self.rows.iter().filter(|row| !row.is_empty()).collect();
        let width = rows.iter().map(|row| row.len()).max()?;
        if self.is_spoilt || rows.len() < LEAST || width < LEAST || self.shades.len() < 2 {
            return None;
        }
        let shades = self.grey_shades();
        let mut points = Vec::with_capacity(rows.len() * width * SIDE * SIDE);
        for row in &rows {
            let shade = |number: &usize| shades.get(*number).copied().unwrap_or(255);
            let cells = row.iter().map(shade).chain(std::iter::repeat(255)).take(width);
            let line: Vec<u8> = cells.flat_map(|shade| std::iter::repeat_n(shade, SIDE)).collect();
            for _ in 0..SIDE {
                points.extend_from_slice(&line);
            }
        }
        Some(Grey {
            width: width * SIDE,
            height: rows.len() * SIDE,
            points,
        })
    }

    /// A cell that says nothing is white. Classes whose colour stands elsewhere are told apart at least.
    fn grey_shades(&self) -> Vec<u8> {
        let known = self.shades.iter().flatten().count();
        let shades = self.shades.iter().enumerate().map(|(number, shade)| match shade {
            Some(shade) => *shade,
            None if known == 0 && number == 0 => 0,
            None => 255,
        });
        shades.collect()
    }
}
