//! What a page draws with paths, as far as codes are drawn with them: filled outlines, and straight lines of some width.

use super::matrix::Matrix;
use super::object::Object;
use crate::contents::codes::{Canvas, Corner, stroke};

/// Fewer dark shapes are no code.
const FEWEST: usize = 60;
/// Corners that are kept of a page.
const MOST: usize = 200_000;
/// A page's ground, a frame or the rule of a table is much larger than what is usual on it.
const MUCH_LARGER: f64 = 30.0;

/// The shapes of a page.
#[derive(Default)]
pub struct Drawing {
    /// In the order of drawing, each with its shade.
    shapes: Vec<(Vec<Vec<Corner>>, u8)>,
    corners: usize,
    /// Outlines that are not drawn yet.
    path: Vec<Vec<Corner>>,
    ink: Ink,
    saved: Vec<Ink>,
}

#[derive(Clone, Copy)]
struct Ink {
    /// What moves and turns the page, and what did around it.
    matrix: Matrix,
    fill: u8,
    stroke: u8,
    width: f64,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            matrix: Matrix::default(),
            fill: 0,
            stroke: 0,
            width: 1.0,
        }
    }
}

impl Drawing {
    pub fn operate(&mut self, word: &[u8], operands: &[Object]) {
        let number = |index: usize| operands.get(index).and_then(Object::as_number).unwrap_or(0.0);
        match word {
            b"cm" => self.ink.matrix = Matrix(std::array::from_fn(number)).within(self.ink.matrix),
            b"w" => self.ink.width = number(0),
            b"m" => self.begin((number(0), number(1))),
            b"l" => self.line((number(0), number(1))),
            // Of a curve its middle will do.
            b"c" => self.curve((number(0), number(1)), (number(2), number(3)), (number(4), number(5))),
            b"v" | b"y" => self.curve((number(0), number(1)), (number(0), number(1)), (number(2), number(3))),
            b"re" => {
                let (left, bottom) = (number(0), number(1));
                let (right, top) = (left + number(2), bottom + number(3));
                self.begin((left, bottom));
                for corner in [(right, bottom), (right, top), (left, top), (left, bottom)] {
                    self.line(corner);
                }
            }
            b"h" => self.close(),
            b"g" | b"rg" | b"k" | b"sc" | b"scn" => self.ink.fill = shade(operands),
            b"G" | b"RG" | b"K" | b"SC" | b"SCN" => self.ink.stroke = shade(operands),
            b"cs" => self.ink.fill = 0,
            b"CS" => self.ink.stroke = 0,
            b"f" | b"F" | b"f*" => self.draw(true, false),
            b"S" => self.draw(false, true),
            b"B" | b"B*" => self.draw(true, true),
            b"s" | b"b" | b"b*" => {
                self.close();
                self.draw(word != b"s", true);
            }
            b"n" => self.path.clear(),
            _ => {}
        }
    }

    /// Remembers and gives back what the content's own `q` and `Q` do.
    pub fn save(&mut self) {
        if self.saved.len() < 64 {
            self.saved.push(self.ink);
        }
    }

    pub fn restore(&mut self) {
        if let Some(ink) = self.saved.pop() {
            self.ink = ink;
        }
    }

    fn begin(&mut self, corner: Corner) {
        if self.corners < MOST {
            self.corners += 1;
            self.path.push(vec![corner]);
        }
    }

    fn line(&mut self, corner: Corner) {
        if self.corners < MOST
            && let Some(outline) = self.path.last_mut()
        {
            self.corners += 1;
            outline.push(corner);
        }
    }

    fn curve(&mut self, one: Corner, two: Corner, to: Corner) {
        let Some(from) = self.path.last().and_then(|outline| outline.last()).copied() else {
            return;
        };
        let middle = |value: fn(Corner) -> f64| (value(from) + 3.0 * (value(one) + value(two)) + value(to)) / 8.0;
        self.line((middle(|corner| corner.0), middle(|corner| corner.1)));
        self.line(to);
    }

    fn close(&mut self) {
        if let Some(first) = self.path.last().and_then(|outline| outline.first()).copied() {
            self.line(first);
        }
    }

    fn draw(&mut self, fills: bool, strokes: bool) {
        let ink = self.ink;
        let path = std::mem::take(&mut self.path);
        // Pages count upwards, pictures downwards.
        let on_page = |corner: &Corner| {
            let (right, up) = ink.matrix.of(*corner);
            (right, -up)
        };
        let outlines: Vec<Vec<Corner>> = path
            .iter()
            .map(|outline| outline.iter().map(on_page).collect())
            .collect();
        if strokes && ink.width > 0.0 {
            let width = ink.width * ink.matrix.scale();
            let edges = outlines
                .iter()
                .flat_map(|outline| outline.iter().zip(outline.iter().skip(1)));
            let edges = edges.map(|(from, to)| (vec![stroke(*from, *to, width)], ink.stroke));
            self.shapes.extend(edges);
        }
        if fills && !outlines.is_empty() {
            self.shapes.push((outlines, ink.fill));
        }
    }

    /// What may be a code; `None` of a page with too few shapes.
    pub fn canvas(self) -> Option<Canvas> {
        let (mut dark, mut light) = (Vec::new(), Vec::new());
        for (outlines, shade) in &self.shapes {
            let of_its_shade = if *shade < 128 { &mut dark } else { &mut light };
            of_its_shade.extend(outlines.iter().map(|outline| size(outline)));
        }
        // A code is drawn by its dark modules, or on a dark ground by its light ones.
        let is_inverted = dark.len() < light.len();
        let mut sizes = if is_inverted { light } else { dark };
        if sizes.len() < FEWEST {
            return None;
        }
        let middle = sizes.len() / 2;
        let (_, usual, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
        let largest = *usual * MUCH_LARGER;
        let mut canvas = Canvas::default();
        for (mut outlines, shade) in self.shapes {
            outlines.retain(|outline| size(outline) <= largest);
            canvas.fill(outlines, if is_inverted { !shade } else { shade });
        }
        Some(canvas)
    }
}

/// The longer side of what an outline goes around.
fn size(outline: &[Corner]) -> f64 {
    let span = |value: fn(&Corner) -> f64| {
        let (least, most) = outline
            .iter()
            .map(value)
            .fold((f64::MAX, f64::MIN), |(least, most), one| {
                (least.min(one), most.max(one))
            });
        most - least
    };
    span(|(x, _)| *x).max(span(|(_, y)| *y))
}

/// Of a colour in grey, red-green-blue or the four inks; a pattern is dark.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and 255
fn shade(operands: &[Object]) -> u8 {
    let parts: Vec<f64> = operands.iter().filter_map(Object::as_number).collect();
    let light = match *parts {
        [grey] => grey,
        [red, green, blue] => 0.3 * red + 0.59 * green + 0.11 * blue,
        [cyan, magenta, yellow, black] => (1.0 - black) * (1.0 - 0.3 * cyan - 0.59 * magenta - 0.11 * yellow),
        _ => 0.0,
    };
    (light.clamp(0.0, 1.0) * 255.0) as u8
}
