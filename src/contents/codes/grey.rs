//! The grey copies of a picture that codes are looked for in.

use std::ops::Range;

/// A picture without colours.
#[derive(Clone)]
pub struct Grey {
    pub width: usize,
    pub height: usize,
    pub points: Vec<u8>,
}

impl Grey {
    fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.points.chunks_exact(self.width.max(1))
    }

    /// The difference between its brightest and its darkest point.
    pub fn contrast(&self) -> u8 {
        let darkest = self.points.iter().min().copied().unwrap_or_default();
        let brightest = self.points.iter().max().copied().unwrap_or_default();
        brightest - darkest
    }

    /// With the darkest point black and the brightest white.
    pub fn stretched(&self) -> Self {
        let darkest = self.points.iter().min().copied().unwrap_or_default();
        let contrast = usize::from(self.contrast()).max(1);
        let stretch = |point: &u8| byte(usize::from(point - darkest) * 255 / contrast);
        Self {
            points: self.points.iter().map(stretch).collect(),
            ..*self
        }
    }

    /// With all but the dark points white, so that what lies in shadow is told from ink.
    pub fn brightened(&self) -> Self {
        let brighten = |point: &u8| byte(usize::from(*point) * 3);
        Self {
            points: self.points.iter().map(brighten).collect(),
            ..*self
        }
    }

    /// Each point as it is beside those around it, which takes off shadows.
    pub fn flattened(&self) -> Self {
        let reach = (self.width.min(self.height) / 8).clamp(6, 64);
        let ground = turned(&wide_means(&self.points, self.width, reach), self.width);
        let ground = turned(&wide_means(&ground, self.height, reach), self.height);
        let flat =
            |(point, ground): (&u8, u8)| byte((128 + 4 * usize::from(*point)).saturating_sub(4 * usize::from(ground)));
        Self {
            points: self.points.iter().zip(ground).map(flat).collect(),
            ..*self
        }
    }

    /// A part of it.
    pub fn cut(&self, across: Range<usize>, down: Range<usize>) -> Self {
        let rows = self.rows().skip(down.start).take(down.len());
        let points: Vec<u8> = rows
            .flat_map(|row| row.get(across.clone()).unwrap_or_default())
            .copied()
            .collect();
        let width = across.end.min(self.width).saturating_sub(across.start).max(1);
        Self {
            width,
            height: points.len() / width,
            points,
        }
    }

    /// Turned around its middle, with white corners.
    pub fn turned_by(&self, degrees: f64) -> Self {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let (width, height) = (number(self.width), number(self.height));
        let diagonal = width.hypot(height);
        let new = whole(diagonal);
        let mut points = Vec::with_capacity(new * new);
        for y in 0..new {
            for x in 0..new {
                let (dx, dy) = (number(x) - diagonal / 2.0, number(y) - diagonal / 2.0);
                let (from_x, from_y) = (
                    cosine * dx + sine * dy + width / 2.0,
                    cosine * dy - sine * dx + height / 2.0,
                );
                let is_inside = from_x >= 0.0 && from_y >= 0.0 && from_x < width && from_y < height;
                let at = whole(from_y) * self.width + whole(from_x);
                points.push(if is_inside {
                    self.points.get(at).copied().unwrap_or(255)
                } else {
                    255
                });
            }
        }
        Self {
            width: new,
            height: new,
            points,
        }
    }

    pub fn inverted(&self) -> Self {
        Self {
            points: self.points.iter().map(|point| 255 - point).collect(),
            ..*self
        }
    }

    /// With a white margin, without which a code at the edge is not found.
    pub fn with_margin(&self, margin: usize) -> Self {
        let width = self.width + 2 * margin;
        let mut points = vec![255; width * margin];
        for row in self.rows() {
            points.extend(std::iter::repeat_n(255, margin));
            points.extend_from_slice(row);
            points.extend(std::iter::repeat_n(255, margin));
        }
        points.extend(std::iter::repeat_n(255, width * margin));
        Self {
            width,
            height: self.height + 2 * margin,
            points,
        }
    }

    /// Every point as a square of points.
    pub fn enlarged(&self, times: usize) -> Self {
        let mut points = Vec::with_capacity(self.points.len() * times * times);
        for row in self.rows() {
            let wide: Vec<u8> = row
                .iter()
                .flat_map(|point| std::iter::repeat_n(*point, times))
                .collect();
            for _ in 0..times {
                points.extend_from_slice(&wide);
            }
        }
        Self {
            width: self.width * times,
            height: self.height * times,
            points,
        }
    }

    /// Half as wide and half as high; `None` of what has no half.
    pub fn halved(&self) -> Option<Self> {
        let mut points = Vec::with_capacity(self.points.len() / 4);
        for pair in self.points.chunks_exact(2 * self.width.max(1)) {
            let (upper, lower) = pair.split_at(self.width);
            for (above, below) in upper.chunks_exact(2).zip(lower.chunks_exact(2)) {
                let sum: usize = above.iter().chain(below).map(|point| usize::from(*point)).sum();
                points.push(byte(sum / 4));
            }
        }
        let (width, height) = (self.width / 2, self.height / 2);
        (width > 0 && height > 0).then_some(Self { width, height, points })
    }

    /// Halved until it has no more points than that.
    pub fn at_most(&self, points: usize) -> Self {
        let mut smaller = self.clone();
        while smaller.points.len() > points
            && let Some(halved) = smaller.halved()
        {
            smaller = halved;
        }
        smaller
    }

    /// Every point as the mean of itself and its neighbours, which takes off noise.
    pub fn smoothed(&self) -> Self {
        Self {
            points: means(&means(&self.points, 1), self.width),
            ..*self
        }
    }
}

/// Of each value of a row and those that stand within reach.
fn wide_means(values: &[u8], width: usize, reach: usize) -> Vec<u8> {
    let mut means = Vec::with_capacity(values.len());
    for row in values.chunks_exact(width.max(1)) {
        let mut sum: usize = row.iter().take(reach).map(|value| usize::from(*value)).sum();
        let mut count = reach.min(row.len());
        for at in 0..row.len() {
            if let Some(next) = row.get(at + reach) {
                sum += usize::from(*next);
                count += 1;
            }
            if let Some(last) = at.checked_sub(reach + 1).and_then(|last| row.get(last)) {
                sum -= usize::from(*last);
                count -= 1;
            }
            means.push(byte(sum / count.max(1)));
        }
    }
    means
}

/// With rows as columns.
fn turned(values: &[u8], width: usize) -> Vec<u8> {
    let columns = (0..width).map(|column| values.iter().skip(column).step_by(width.max(1)));
    columns.flatten().copied().collect()
}

#[allow(clippy::cast_precision_loss)] // sides of pictures are short
fn number(side: usize) -> f64 {
    side as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is within a picture
fn whole(side: f64) -> usize {
    side as usize
}

/// Of each value and those that stand so many before and after it. Beyond the ends all is white.
fn means(values: &[u8], step: usize) -> Vec<u8> {
    let before = std::iter::repeat_n(&255, step).chain(values);
    let after = values.iter().skip(step).chain(std::iter::repeat(&255));
    let sums = values.iter().zip(before).zip(after);
    sums.map(|((value, before), after)| byte((usize::from(*value) + usize::from(*before) + usize::from(*after)) / 3))
        .collect()
}

pub fn byte(value: usize) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}
