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
        let [a, b, c, d, e, f] = self.0;
        let [oa, ob, oc, od, oe, of] = outer.0;
        Self([
            a * oa + b * oc,
            a * ob + b * od,
            c * oa + d * oc,
            c * ob + d * od,
            e * oa + f * oc + oe,
            e * ob + f * od + of,
        ])
    }

    /// Where the point of origin goes.
    pub fn origin(self) -> (f64, f64) {
        let [.., e, f] = self.0;
        (e, f)
    }

    /// How much larger things become.
    pub fn scale(self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        (a * d - b * c).abs().sqrt()
    }
}
