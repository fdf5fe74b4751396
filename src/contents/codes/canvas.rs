//! Shapes that are drawn into a grey picture.

use super::grey::Grey;

/// Most corners of the shapes of a drawing.
const MOST_CORNERS: usize = 200_000;
/// Points of the longer side of the picture.
const LONGEST: f64 = 760.0;
/// Most rows that all edges cross together.
const MOST_CROSSINGS: usize = 8 << 20;

pub type Corner = (f64, f64);

/// Something filled with one shade.
struct Shape {
    outlines: Vec<Vec<Corner>>,
    shade: u8,
}

/// What was drawn so far, in units of the drawing.
#[derive(Default)]
pub struct Canvas {
    shapes: Vec<Shape>,
    corners: usize,
}

impl Canvas {
    pub fn is_full(&self) -> bool {
        self.corners >= MOST_CORNERS
    }

    pub fn fill(&mut self, outlines: Vec<Vec<Corner>>, shade: u8) {
        let corners: usize = outlines.iter().map(Vec::len).sum();
        let is_drawn = outlines.iter().flatten().all(|(x, y)| x.abs() < 1e6 && y.abs() < 1e6);
        if corners > 0 && is_drawn && !self.is_full() {
            self.corners += corners;
            self.shapes.push(Shape { outlines, shade });
        }
    }

    /// `None` of a drawing with hardly any corners, or none of size.
    pub fn picture(&self) -> Option<Grey> {
        let corners = || self.shapes.iter().flat_map(|shape| shape.outlines.iter().flatten());
        if self.corners < 24 {
            return None;
        }
        let least = |value: fn(&Corner) -> f64| corners().map(value).fold(f64::INFINITY, f64::min);
        let most = |value: fn(&Corner) -> f64| corners().map(value).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (least(|(x, _)| *x), least(|(_, y)| *y));
        let (across, down) = (most(|(x, _)| *x) - left, most(|(_, y)| *y) - top);
        let scale = LONGEST / across.max(down);
        if !scale.is_finite() || across * scale < 20.0 || down * scale < 20.0 {
            return None;
        }
        let mut paper = Paper::new(whole(across * scale) + 1, whole(down * scale) + 1);
        for shape in &self.shapes {
            let to_paper = |(x, y): &Corner| ((x - left) * scale, (y - top) * scale);
            let outlines = shape
                .outlines
                .iter()
                .map(|outline| outline.iter().map(to_paper).collect());
            if !paper.fill(outlines, shape.shade) {
                break;
            }
        }
        Some(paper.grey)
    }
}

struct Paper {
    grey: Grey,
    crossings: usize,
}

impl Paper {
    fn new(width: usize, height: usize) -> Self {
        Self {
            grey: Grey {
                width,
                height,
                points: vec![255; width * height],
            },
            crossings: MOST_CROSSINGS,
        }
    }

    /// Fills what the outlines go around, in either direction. `false` if that is too much work.
    fn fill(&mut self, outlines: impl Iterator<Item = Vec<Corner>>, shade: u8) -> bool {
        let mut crossings: Vec<(usize, f64, i32)> = Vec::new();
        for outline in outlines {
            let next = outline.iter().cycle().skip(1);
            for (from, to) in outline.iter().zip(next) {
                self.cross(*from, *to, &mut crossings);
            }
        }
        if self.crossings == 0 {
            return false;
        }
        crossings.sort_by(|one, two| one.0.cmp(&two.0).then(one.1.total_cmp(&two.1)));
        let mut around = 0;
        for pair in crossings.windows(2) {
            let [(row, from, turn), (next_row, to, _)] = pair else {
                continue;
            };
            around += turn;
            if row != next_row {
                around = 0;
            } else if around != 0 {
                self.line(*row, *from, *to, shade);
            }
        }
        true
    }

    /// Where an edge crosses the middles of rows.
    fn cross(&mut self, from: Corner, to: Corner, crossings: &mut Vec<(usize, f64, i32)>) {
        let (upper, lower, turn) = if from.1 <= to.1 { (from, to, 1) } else { (to, from, -1) };
        let rows = whole((upper.1 - 0.5).ceil())..whole((lower.1 - 0.5).ceil()).min(self.grey.height);
        self.crossings = self.crossings.saturating_sub(rows.len());
        if self.crossings == 0 {
            return;
        }
        let slope = (lower.0 - upper.0) / (lower.1 - upper.1);
        crossings.extend(rows.map(|row| (row, upper.0 + (number(row) + 0.5 - upper.1) * slope, turn)));
    }

    fn line(&mut self, row: usize, from: f64, to: f64, shade: u8) {
        let width = self.grey.width;
        let (from, to) = (
            whole((from - 0.5).ceil()).min(width),
            whole((to - 0.5).ceil()).min(width),
        );
        let points = self.grey.points.get_mut(row * width + from..row * width + to.max(from));
        points.unwrap_or_default().fill(shade);
    }
}

/// Negative and endless numbers become the least and the greatest.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // that is the point
fn whole(value: f64) -> usize {
    value.clamp(0.0, 1e6) as usize
}

#[allow(clippy::cast_precision_loss)] // rows of a picture are few
fn number(row: usize) -> f64 {
    row as f64
}
