//! Codes that are drawn with characters: blocks, halves and quarters of blocks, Braille, squares, or two letters of any kind.

use std::collections::BTreeSet;

use super::grey::Grey;

/// Fewer lines, or characters in a line, are no code.
const LEAST_LINES: usize = 5;
const LEAST_WIDTH: usize = 8;
/// Different lines of light and dark that every code has: PDF417 has three rows at least.
const LEAST_KINDS: usize = 3;
/// More are no code either.
const MOST_LINES: usize = 400;
const MOST_WIDTH: usize = 400;
/// Drawings of one text that are looked at.
const MOST: usize = 8;
/// A cell of a character is so many parts wide and high.
const ACROSS: usize = 2;
const DOWN: usize = 4;
/// Points of a side of a part. Characters are twice as high as they are wide.
const SIDE: usize = 4;

/// The drawings of a text. Each is given in the ways in which its characters may be meant.
pub fn drawings(text: &str) -> Vec<Vec<Grey>> {
    let mut drawings = Vec::new();
    let mut run = Run::default();
    for line in text.lines().map(without_quote).chain(["end of the last run"]) {
        if run.add(line) {
            continue;
        }
        drawings.extend(std::mem::take(&mut run).drawn());
        run.add(line);
        if drawings.len() >= MOST {
            break;
        }
    }
    drawings
}

/// Without the marks of a quoted mail.
fn without_quote(line: &str) -> &str {
    if line.starts_with('>') {
        let inner = line.trim_start_matches(['>', ' ']);
        // The blanks that belong to the drawing stay; one belongs to the mark.
        let start = line.len() - inner.len();
        let marks = line.get(..start).unwrap_or_default();
        let end = marks.rfind('>').map_or(0, |at| at + 1);
        let rest = line.get(end..).unwrap_or_default();
        return rest.strip_prefix(' ').unwrap_or(rest);
    }
    line
}

/// Lines beside one another that may be a drawing.
#[derive(Default)]
struct Run<'a> {
    lines: Vec<&'a str>,
    /// Its characters, as long as they are no blocks.
    letters: Letters,
    is_of_blocks: bool,
}

/// The two characters of which a drawing is, or fewer.
#[derive(Clone, Copy, Default)]
struct Letters {
    first: Option<char>,
    second: Option<char>,
}

impl Letters {
    /// False for a third one.
    fn add(&mut self, letter: char) -> bool {
        let places = [&mut self.first, &mut self.second];
        let place = places
            .into_iter()
            .find(|place| place.is_none_or(|known| known == letter));
        place.map(|place| *place = Some(letter)).is_some()
    }

    const fn is_empty(self) -> bool {
        self.first.is_none()
    }
}

impl<'a> Run<'a> {
    /// Whether the line goes on with the drawing.
    fn add(&mut self, line: &'a str) -> bool {
        let line = line.trim_end();
        if self.lines.len() >= MOST_LINES || line.len() > MOST_WIDTH * 4 {
            return false;
        }
        if line.is_empty() {
            if !self.lines.is_empty() {
                self.lines.push(line);
            }
            return true;
        }
        let mut letters = self.letters;
        let mut blocks = false;
        let mut last = None;
        for letter in line.chars() {
            if last.replace(letter) == Some(letter) {
                continue;
            }
            if parts(letter).is_some() {
                blocks |= !letter.is_whitespace();
                continue;
            }
            if !letters.add(letter) {
                return false;
            }
        }
        let is_same_kind = self.lines.is_empty() || self.is_of_blocks || !blocks || self.letters.is_empty();
        if (blocks && !letters.is_empty()) || (self.is_of_blocks && !letters.is_empty()) || !is_same_kind {
            return false;
        }
        self.letters = letters;
        self.is_of_blocks |= blocks;
        self.lines.push(line);
        true
    }

    fn drawn(mut self) -> Option<Vec<Grey>> {
        while self.lines.last().is_some_and(|line| line.is_empty()) {
            self.lines.pop();
        }
        let full: Vec<&str> = self.lines.iter().filter(|line| !line.is_empty()).copied().collect();
        let width = full.iter().map(|line| line.chars().count()).max()?;
        if full.len() < LEAST_LINES || !(LEAST_WIDTH..=MOST_WIDTH).contains(&width) {
            return None;
        }
        // Rules of dashes and rows of one letter draw nothing.
        let kinds: BTreeSet<&str> = full.iter().filter(|line| !is_uniform(line)).copied().collect();
        if kinds.len() < LEAST_KINDS {
            return None;
        }
        let dark = self.letters.first.max(self.letters.second);
        let draw = |lines: &[&str], is_square: bool| grey(lines, width, dark, is_square);
        let mut ways = vec![draw(&self.lines, false), draw(&self.lines, true)];
        // Mail programs put a blank line between two paragraphs.
        if full.len() < self.lines.len() {
            ways.extend([draw(&full, false), draw(&full, true)]);
        }
        Some(ways)
    }
}

fn is_uniform(line: &str) -> bool {
    let mut letters = line.chars();
    let first = letters.next();
    letters.all(|letter| Some(letter) == first)
}

fn grey(lines: &[&str], width: usize, dark: Option<char>, is_square: bool) -> Grey {
    // Of a square character only the width changes.
    let wide = if is_square { 2 * SIDE } else { SIDE };
    let mut points = Vec::with_capacity(lines.len() * DOWN * SIDE * width * ACROSS * wide);
    for line in lines {
        let cells: Vec<u8> = line
            .chars()
            .map(|letter| parts(letter).unwrap_or(if Some(letter) == dark { FULL } else { 0 }))
            .chain(std::iter::repeat(0))
            .take(width)
            .collect();
        for down in 0..DOWN {
            let row: Vec<u8> = cells
                .iter()
                .flat_map(|cell| (0..ACROSS).map(move |across| cell >> (down * ACROSS + across) & 1))
                .flat_map(|is_dark| std::iter::repeat_n(if is_dark == 1 { 0 } else { 255 }, wide))
                .collect();
            for _ in 0..SIDE {
                points.extend_from_slice(&row);
            }
        }
    }
    Grey {
        width: width * ACROSS * wide,
        height: lines.len() * DOWN * SIDE,
        points,
    }
}

const FULL: u8 = 0xff;
const LEFT: u8 = 0b0101_0101;
const UPPER: u8 = 0b0000_1111;

/// Which parts of its cell a character fills: two in each of four rows. `None` of what is no block.
fn parts(letter: char) -> Option<u8> {
    Some(match letter {
        ' ' | '\u{a0}' | '\t' | '░' | '□' | '⬜' | '▢' | '◻' | '\u{2800}' | '\u{3000}' => 0,
        '█' | '▓' | '▒' | '■' | '⬛' | '◼' | '▉' | '▇' => FULL,
        '▀' => UPPER,
        '▄' => !UPPER,
        '▌' => LEFT,
        '▐' => !LEFT,
        '▘' => LEFT & UPPER,
        '▝' => !LEFT & UPPER,
        '▖' => LEFT & !UPPER,
        '▗' => !LEFT & !UPPER,
        '▚' => (LEFT & UPPER) | (!LEFT & !UPPER),
        '▞' => (!LEFT & UPPER) | (LEFT & !UPPER),
        '▛' => LEFT | UPPER,
        '▜' => !LEFT | UPPER,
        '▙' => LEFT | !UPPER,
        '▟' => !LEFT | !UPPER,
        '\u{2801}'..='\u{28ff}' => braille(letter),
        _ => return None,
    })
}

/// The dots of Braille are numbered down the left side, down the right side, then the lowest two.
fn braille(letter: char) -> u8 {
    const PLACES: [u8; 8] = [0, 2, 4, 1, 3, 5, 6, 7];
    let dots = u32::from(letter) - 0x2800;
    let place = |(dot, place): (usize, &u8)| u8::from(dots >> dot & 1 == 1) << place;
    PLACES.iter().enumerate().map(place).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_light_and_dark_are_no_drawing() {
        let line = |letter: &str, number: usize| format!("{}\n", letter.repeat(number));
        for text in [
            line("X", 78).repeat(125),
            (8..60).map(|number| line("-", number)).collect(),
            format!("    {}", line("=", 40)).repeat(20),
        ] {
            assert!(drawings(&text).is_empty(), "{text}");
        }
        assert_eq!(drawings(&"XX X  XX\nX XX X X\nXXX X  X\n".repeat(3)).len(), 1);
    }
}
