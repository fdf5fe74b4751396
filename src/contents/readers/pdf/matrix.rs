//! How something is moved, turned and scaled before it stands on a page.

/// The six numbers of the format: `x` and `y` become `ax + cy + e` and `bx + dy + f`.
#[derive(Clone, Copy)]
pub struct Matrix(pub [f64; 6]);

impl Default for Matrix {
    fn default() -> Self {
        Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
    }
}

impl Matrix {
    /// This one first, then the one around it.
    pub fn within(self, outer: Self) -> Self {
        let [a, b, c, d, ..] = self.0;
        let (across, up, origin) = (outer.turned((a, b)), outer.turned((c, d)), outer.turned(self.origin()));
        let (left, bottom) = outer.origin();
        Self([across.0, across.1, up.0, up.1, origin.0 + left, origin.1 + bottom])
    }

    /// A distance as it is around this.
    fn turned(self, (right, up): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, ..] = self.0;
        (right * a + up * c, right * b + up * d)
    }

    /// Where a point goes.
    pub fn of(self, point: (f64, f64)) -> (f64, f64) {
        let ((right, up), (left, bottom)) = (self.turned(point), self.origin());
        (right + left, up + bottom)
    }

    /// Where the point of origin goes.
    pub fn origin(self) -> (f64, f64) {
        let [.., left, bottom] = self.0;
        (left, bottom)
    }

    /// How much larger things become.
    pub fn scale(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }
}
