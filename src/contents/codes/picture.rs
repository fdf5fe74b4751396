//! A picture of bounded size, and the grey copies of it that codes are looked for in.

/// Most points that are kept of a picture: an A4 page at 180 dpi.
pub const MOST_POINTS: usize = 3 << 20;

/// Points with red, green, blue and how opaque they are.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub points: Vec<[u8; 4]>,
}

/// What of a picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// How bright it is on white paper.
    OnWhite,
    /// How bright it is on a black ground, for pictures that one sees through.
    OnBlack,
    /// One colour of three.
    Colour(usize),
}

impl Picture {
    /// `None` if the points are not as many as the sides say.
    pub fn new(width: usize, height: usize, points: Vec<[u8; 4]>) -> Option<Self> {
        let is_whole = width > 0 && height > 0 && width.checked_mul(height) == Some(points.len());
        is_whole.then_some(Self { width, height, points })
    }

    /// A picture of a larger one, row by row: each point is the mean of a square of so many points that [`MOST_POINTS`] are not exceeded.
    pub fn shrunk(width: usize, height: usize, point: impl Fn(usize, usize) -> [u8; 4]) -> Option<Self> {
        let mut side = 1;
        while (width / side).checked_mul(height / side)? > MOST_POINTS {
            side += 1;
        }
        let (new_width, new_height) = (width / side, height / side);
        let mut points = Vec::with_capacity(new_width.checked_mul(new_height)?);
        for y in 0..new_height {
            for x in 0..new_width {
                points.push(mean(side, |dx, dy| point(x * side + dx, y * side + dy)));
            }
        }
        Self::new(new_width, new_height, points)
    }

    pub fn is_see_through(&self) -> bool {
        self.points.iter().any(|[.., opaque]| *opaque < 128)
    }

    pub fn is_coloured(&self) -> bool {
        let differs = |[red, green, blue, _]: &[u8; 4]| red.abs_diff(*green).max(green.abs_diff(*blue)) > 48;
        self.points.iter().any(differs)
    }

    pub fn grey(&self, plane: Plane) -> Grey {
        let points = self.points.iter().map(|point| brightness(*point, plane)).collect();
        Grey {
            width: self.width,
            height: self.height,
            points,
        }
    }
}

fn mean(side: usize, point: impl Fn(usize, usize) -> [u8; 4]) -> [u8; 4] {
    if side == 1 {
        return point(0, 0);
    }
    let mut sums = [0_usize; 4];
    for dy in 0..side {
        for dx in 0..side {
            for (sum, value) in sums.iter_mut().zip(point(dx, dy)) {
                *sum += usize::from(value);
            }
        }
    }
    sums.map(|sum| byte(sum / (side * side)))
}

fn brightness([red, green, blue, opaque]: [u8; 4], plane: Plane) -> u8 {
    let grey = match plane {
        Plane::Colour(0) => usize::from(red),
        Plane::Colour(1) => usize::from(green),
        Plane::Colour(_) => usize::from(blue),
        _ => (usize::from(red) * 77 + usize::from(green) * 150 + usize::from(blue) * 29) >> 8,
    };
    let ground = if plane == Plane::OnBlack { 0 } else { 255 };
    let opaque = usize::from(opaque);
    byte((grey * opaque + ground * (255 - opaque)) / 255)
}

fn byte(value: usize) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

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

    /// Every point as the mean of itself and its neighbours, which takes off noise.
    pub fn smoothed(&self) -> Self {
        Self {
            points: means(&means(&self.points, 1), self.width),
            ..*self
        }
    }
}

/// Of each value and those that stand so many before and after it. Beyond the ends all is white.
fn means(values: &[u8], step: usize) -> Vec<u8> {
    let before = std::iter::repeat_n(&255, step).chain(values);
    let after = values.iter().skip(step).chain(std::iter::repeat(&255));
    let sums = values.iter().zip(before).zip(after);
    sums.map(|((value, before), after)| byte((usize::from(*value) + usize::from(*before) + usize::from(*after)) / 3))
        .collect()
}
