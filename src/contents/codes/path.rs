//! The data of SVG paths: outlines of straight lines, curves with a few corners.

use super::canvas::Corner;

/// Most corners of one path.
const MOST: usize = 150_000;

/// The outlines of a path, and which of them are closed is not asked: what is filled is closed.
pub fn outlines(data: &str) -> Vec<Vec<Corner>> {
    let mut pen = Pen::default();
    let mut numbers = Vec::new();
    let mut letter = ' ';
    let mut rest = data;
    let mut corners = 0;
    while let Some(token) = next(&mut rest, matches!(letter, 'a' | 'A') && matches!(numbers.len(), 3 | 4)) {
        match token {
            Token::Letter(new) => {
                letter = new;
                numbers.clear();
                if matches!(letter, 'z' | 'Z') {
                    pen.close();
                }
            }
            Token::Number(number) => numbers.push(number),
        }
        if !numbers.is_empty() && numbers.len() == count(letter) {
            pen.draw(letter, &numbers);
            numbers.clear();
            corners += 3;
            // Further numbers after a move are lines.
            letter = match letter {
                'm' => 'l',
                'M' => 'L',
                other => other,
            };
        }
        if corners > MOST {
            break;
        }
    }
    pen.lift();
    pen.outlines
}

/// The numbers of a list, such as the corners of a polygon.
pub fn numbers(list: &str) -> Vec<f64> {
    let mut rest = list;
    let mut numbers = Vec::new();
    while let Some(token) = next(&mut rest, false) {
        if let Token::Number(number) = token {
            numbers.push(number);
        }
        if numbers.len() > MOST {
            break;
        }
    }
    numbers
}

/// How many numbers a command takes.
fn count(letter: char) -> usize {
    match letter.to_ascii_lowercase() {
        'm' | 'l' | 't' => 2,
        'h' | 'v' => 1,
        'c' => 6,
        's' | 'q' => 4,
        'a' => 7,
        _ => usize::MAX,
    }
}

enum Token {
    Letter(char),
    Number(f64),
}

/// The next one, of which the rest is cut off. A flag is one digit, and nothing need part it from what follows.
fn next(rest: &mut &str, is_flag: bool) -> Option<Token> {
    let text = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    let first = text.chars().next()?;
    if first.is_alphabetic() || !(first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        *rest = text.get(first.len_utf8()..)?;
        return Some(Token::Letter(first));
    }
    let end = if is_flag { 1 } else { number_end(text) };
    let (number, after) = text.split_at_checked(end)?;
    *rest = after;
    Some(Token::Number(number.parse().unwrap_or(0.0)))
}

/// Where a number ends: before a sign that is not of its exponent, and before a second dot.
fn number_end(text: &str) -> usize {
    let mut has_dot = false;
    let mut before = b'e';
    for (at, byte) in text.bytes().enumerate() {
        let goes_on = match byte {
            b'0'..=b'9' => true,
            b'.' => !std::mem::replace(&mut has_dot, true),
            b'-' | b'+' => matches!(before, b'e' | b'E'),
            b'e' | b'E' => {
                at > 0
                    && text
                        .as_bytes()
                        .get(at + 1)
                        .is_some_and(|next| matches!(next, b'0'..=b'9' | b'-' | b'+'))
            }
            _ => false,
        };
        if !goes_on {
            return at.max(1);
        }
        before = byte;
    }
    text.len()
}

#[derive(Default)]
struct Pen {
    at: Corner,
    start: Corner,
    outline: Vec<Corner>,
    outlines: Vec<Vec<Corner>>,
}

impl Pen {
    fn lift(&mut self) {
        let outline = std::mem::take(&mut self.outline);
        if outline.len() > 1 {
            self.outlines.push(outline);
        }
    }

    fn close(&mut self) {
        self.at = self.start;
        if !self.outline.is_empty() {
            self.outline.push(self.start);
        }
        self.lift();
    }

    fn line(&mut self, to: Corner) {
        if self.outline.is_empty() {
            self.outline.push(self.at);
        }
        self.outline.push(to);
        self.at = to;
    }

    fn draw(&mut self, letter: char, numbers: &[f64]) {
        let (x, y) = if letter.is_ascii_lowercase() {
            self.at
        } else {
            (0.0, 0.0)
        };
        match (letter.to_ascii_lowercase(), numbers) {
            ('m', [dx, dy]) => {
                self.lift();
                self.at = (x + dx, y + dy);
                self.start = self.at;
            }
            ('h', [dx]) => self.line((x + dx, self.at.1)),
            ('v', [dy]) => self.line((self.at.0, y + dy)),
            ('l' | 't', [dx, dy]) => self.line((x + dx, y + dy)),
            ('c', [ax, ay, bx, by, dx, dy]) => self.curve((x + ax, y + ay), (x + bx, y + by), (x + dx, y + dy)),
            ('s' | 'q', [bx, by, dx, dy]) => self.curve((x + bx, y + by), (x + bx, y + by), (x + dx, y + dy)),
            ('a', [radius, _, _, is_large, sweep, dx, dy]) => {
                self.arc(*radius, *is_large != 0.0, *sweep != 0.0, (x + dx, y + dy));
            }
            _ => {}
        }
    }

    fn curve(&mut self, one: Corner, two: Corner, to: Corner) {
        let from = self.at;
        for t in [0.25, 0.5, 0.75] {
            let u: f64 = 1.0 - t;
            let at = |from: f64, one: f64, two: f64, to: f64| {
                u * u * u * from + 3.0 * u * u * t * one + 3.0 * u * t * t * two + t * t * t * to
            };
            self.line((at(from.0, one.0, two.0, to.0), at(from.1, one.1, two.1, to.1)));
        }
        self.line(to);
    }

    /// By its middle alone.
    fn arc(&mut self, radius: f64, is_large: bool, sweep: bool, to: Corner) {
        let from = self.at;
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let half = dx.hypot(dy) / 2.0;
        let radius = radius.abs().max(half);
        let rest = (radius * radius - half * half).max(0.0).sqrt();
        let height = if is_large { radius + rest } else { radius - rest };
        let side = if sweep { 1.0 } else { -1.0 };
        if half > 0.0 {
            let (nx, ny) = (dy / (2.0 * half), -dx / (2.0 * half));
            self.line((
                from.0 + dx / 2.0 + nx * height * side,
                from.1 + dy / 2.0 + ny * height * side,
            ));
        }
        self.line(to);
    }
}
