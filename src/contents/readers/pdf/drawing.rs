//! Codes that are drawn as many small squares, as a picture of them.

use super::object::Object;

/// Fewer squares are no code, more are another drawing.
const SQUARES: std::ops::Range<usize> = 60..40_000;
/// Modules of the largest code, with a margin.
const WIDEST: f64 = 400.0;
/// Light modules around a code.
const MARGIN: usize = 4;

/// The filled rectangles of a page.
#[derive(Default)]
pub struct Drawing {
    rectangles: Vec<[f64; 4]>,
    /// Those that are not filled yet.
    path: Vec<[f64; 4]>,
    is_light: bool,
    /// What moves and scales them, and what did outside.
    matrix: Matrix,
    saved: Vec<(Matrix, bool)>,
}

/// Scale and shift along both axes; nobody draws codes askew.
#[derive(Clone, Copy)]
struct Matrix([f64; 4]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 1.0, 0.0, 0.0])
    }
}

impl Drawing {
    pub fn operate(&mut self, word: &[u8], operands: &[Object]) {
        let number = |index: usize| operands.get(index).and_then(Object::as_number).unwrap_or(0.0);
        match word {
            b"cm" => {
                let [width, height, x, y] = self.matrix.0;
                self.matrix = Matrix([
                    width * number(0),
                    height * number(3),
                    x + width * number(4),
                    y + height * number(5),
                ]);
            }
            b"re" if self.path.len() < SQUARES.end => {
                let [width, height, x, y] = self.matrix.0;
                self.path.push([
                    x + width * number(0),
                    y + height * number(1),
                    width * number(2),
                    height * number(3),
                ]);
            }
            b"g" => self.is_light = number(0) > 0.5,
            b"rg" | b"sc" | b"scn" => self.is_light = operands.iter().filter_map(Object::as_number).sum::<f64>() > 1.5,
            b"k" => self.is_light = operands.iter().filter_map(Object::as_number).sum::<f64>() < 0.5,
            b"f" | b"F" | b"f*" | b"B" | b"b" => {
                if !self.is_light && self.rectangles.len() < SQUARES.end {
                    self.rectangles.append(&mut self.path);
                }
                self.path.clear();
            }
            b"n" | b"S" | b"s" => self.path.clear(),
            _ => {}
        }
    }

    /// Remembers and gives back what the content's own `q` and `Q` do.
    pub fn save(&mut self) {
        if self.saved.len() < 64 {
            self.saved.push((self.matrix, self.is_light));
        }
    }

    pub fn restore(&mut self) {
        if let Some((matrix, is_light)) = self.saved.pop() {
            (self.matrix, self.is_light) = (matrix, is_light);
        }
    }

    /// One bit for each module, dark ones true, with a light margin; and how many there are in a row.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the bounds that are looked at first
    pub fn modules(&self) -> Option<(Vec<bool>, usize, usize)> {
        if !SQUARES.contains(&self.rectangles.len()) {
            return None;
        }
        let upright = self
            .rectangles
            .iter()
            .map(|[x, y, width, height]| [x.min(x + width), y.min(y + height), width.abs(), height.abs()]);
        let squares: Vec<[f64; 4]> = upright
            .filter(|[_, _, width, height]| *width > 0.01 && *height > 0.01)
            .collect();
        let side = squares
            .iter()
            .map(|[_, _, width, height]| width.min(*height))
            .fold(f64::MAX, f64::min);
        // A page's background, or a frame, is much larger than what is drawn on it.
        let squares: Vec<[f64; 4]> = squares
            .into_iter()
            .filter(|[_, _, width, height]| width.max(*height) < side * 60.0)
            .collect();
        let least = |axis: usize| {
            squares
                .iter()
                .filter_map(|square| square.get(axis).copied())
                .fold(f64::MAX, f64::min)
        };
        let (left, bottom) = (least(0), least(1));
        let right = squares
            .iter()
            .map(|[x, _, width, _]| x + width)
            .fold(f64::MIN, f64::max);
        let top = squares
            .iter()
            .map(|[_, y, _, height]| y + height)
            .fold(f64::MIN, f64::max);
        let count = |length: f64| (length / side).round();
        let (columns, rows) = (count(right - left), count(top - bottom));
        let fits = |modules: f64| (8.0..WIDEST).contains(&modules);
        if !fits(columns) || !fits(rows) {
            return None;
        }
        let modules = columns * rows;
        let (columns, rows) = (columns as usize + 2 * MARGIN, rows as usize + 2 * MARGIN);
        // Those of a code lie beside one another.
        let area: f64 = squares
            .iter()
            .map(|[_, _, width, height]| (width / side + 1.0) * (height / side + 1.0))
            .sum();
        if area > modules * 8.0 {
            return None;
        }
        let mut modules = vec![false; columns * rows];
        for [x, y, width, height] in &squares {
            let (from_x, from_y) = (
                count(x - left).max(0.0) as usize,
                count(top - y - height).max(0.0) as usize,
            );
            for row in from_y..from_y + (count(*height).clamp(1.0, 400.0) as usize) {
                for column in from_x..from_x + (count(*width).clamp(1.0, 400.0) as usize) {
                    if let Some(module) = modules.get_mut((row + MARGIN) * columns + column + MARGIN) {
                        *module = true;
                    }
                }
            }
        }
        Some((modules, columns, rows))
    }
}
