//! A picture of bounded size.

use super::grey::{Grey, byte};

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

    pub fn on_white(&self) -> Grey {
        self.grey(Plane::OnWhite)
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
