//! The outlines of the shapes of SVG.

use super::canvas::Corner;
use super::path;
use super::tags::Attributes;

/// Of one element, closed or not; none of what is no shape.
pub fn outlines(tag: &str, attributes: &Attributes, size: Option<Corner>) -> Vec<Vec<Corner>> {
    let number = |name: &str| attributes.number(name).unwrap_or(0.0);
    match tag {
        "rect" => {
            let whole = |name: &str, all: Option<f64>| match attributes.get(name) {
                Some(written) if written.ends_with('%') => all.unwrap_or(0.0) * number(name) / 100.0,
                _ => number(name),
            };
            let (x, y) = (number("x"), number("y"));
            let (width, height) = (
                whole("width", size.map(|size| size.0)),
                whole("height", size.map(|size| size.1)),
            );
            vec![vec![
                (x, y),
                (x + width, y),
                (x + width, y + height),
                (x, y + height),
                (x, y),
            ]]
        }
        "circle" => {
            let (x, y, radius) = (number("cx"), number("cy"), number("r"));
            let edge = radius * 0.7;
            let corners = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
            let diagonals = [(edge, edge), (-edge, edge), (-edge, -edge), (edge, -edge)];
            let around = corners.iter().zip(diagonals);
            vec![
                around
                    .flat_map(|((dx, dy), (ex, ey))| [(x + dx * radius, y + dy * radius), (x + ex, y + ey)])
                    .collect(),
            ]
        }
        "line" => vec![vec![(number("x1"), number("y1")), (number("x2"), number("y2"))]],
        "polygon" | "polyline" => {
            let numbers = attributes.get("points").map(path::numbers).unwrap_or_default();
            vec![
                numbers
                    .chunks_exact(2)
                    .filter_map(|pair| Some((*pair.first()?, *pair.get(1)?)))
                    .collect(),
            ]
        }
        "path" => attributes.get("d").map(path::outlines).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The rectangle that a straight line of some width fills.
pub fn stroke(from: Corner, to: Corner, width: f64) -> Vec<Corner> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
    let (nx, ny) = (-dy / length * width / 2.0, dx / length * width / 2.0);
    vec![
        (from.0 + nx, from.1 + ny),
        (to.0 + nx, to.1 + ny),
        (to.0 - nx, to.1 - ny),
        (from.0 - nx, from.1 - ny),
    ]
}

/// Whether it goes around all of the drawing, as its ground does.
pub fn covers(outlines: &[Vec<Corner>], (width, height): Corner) -> bool {
    let [outline] = outlines else { return false };
    let span = |value: fn(&Corner) -> f64| {
        let least = outline.iter().map(value).fold(f64::INFINITY, f64::min);
        outline.iter().map(value).fold(f64::NEG_INFINITY, f64::max) - least
    };
    span(|(x, _)| *x) >= width * 0.98 && span(|(_, y)| *y) >= height * 0.98
}
