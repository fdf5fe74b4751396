//! Drawings in SVG, as far as codes are drawn with it: rectangles, paths, lines, circles, polygons, and what is used again.

use super::canvas::{Canvas, Corner};
use super::grey::Grey;
use super::path;
use super::shapes::{covers, outlines, stroke};
use super::tags::{Attributes, Draws};
use crate::mail::html;

/// Most groups inside one another whose shifts are remembered.
const MOST_GROUPS: usize = 64;
/// Most shapes that may be used again.
const MOST_NAMED: usize = 64;

/// Width times, height times, to the right, down.
#[derive(Clone, Copy)]
struct Shift(f64, f64, f64, f64);

/// A drawing while its tags are read.
pub struct Drawing {
    canvas: Canvas,
    /// Of each open element.
    groups: Vec<(Shift, Ink)>,
    /// Elements that are open beyond [`MOST_GROUPS`].
    deeper: usize,
    /// What stands in `<defs>` or `<symbol>` is drawn where it is used.
    named: Vec<(String, Vec<Vec<Corner>>, Ink)>,
    /// Elements of that kind which are open, and the name of the outermost.
    hidden: usize,
    name: Option<String>,
    size: Option<Corner>,
}

/// How something is filled, and the lines that are drawn: with what, how wide.
#[derive(Clone, Copy)]
struct Ink {
    fill: Option<u8>,
    stroke: Option<u8>,
    width: f64,
}

impl Default for Drawing {
    fn default() -> Self {
        let ink = Ink {
            fill: Some(0),
            stroke: None,
            width: 1.0,
        };
        Self {
            canvas: Canvas::default(),
            groups: vec![(Shift(1.0, 1.0, 0.0, 0.0), ink)],
            deeper: 0,
            named: Vec::new(),
            hidden: 0,
            name: None,
            size: None,
        }
    }
}

impl Drawing {
    pub fn picture(&self) -> Option<Grey> {
        self.canvas.picture()
    }

    fn innermost(&self) -> (Shift, Ink) {
        let outermost = Ink {
            fill: Some(0),
            stroke: None,
            width: 1.0,
        };
        self.groups
            .last()
            .copied()
            .unwrap_or((Shift(1.0, 1.0, 0.0, 0.0), outermost))
    }

    fn shape(&mut self, outlines: Vec<Vec<Corner>>, ink: Ink, shift: Shift) {
        if let Some(name) = self.name.clone().filter(|_| self.hidden > 0) {
            if self.named.len() < MOST_NAMED {
                self.named.push((name, outlines, ink));
            }
            return;
        }
        let shifted = |outline: &Vec<Corner>| outline.iter().map(|corner| shift.of(*corner)).collect();
        if let (Some(shade), true) = (ink.stroke, ink.width > 0.0) {
            for outline in &outlines {
                for (from, to) in outline.iter().zip(outline.iter().skip(1)) {
                    let line = vec![shifted(&stroke(*from, *to, ink.width))];
                    self.canvas.fill(line, shade);
                }
            }
        }
        if let Some(shade) = ink.fill {
            self.canvas.fill(outlines.iter().map(shifted).collect(), shade);
        }
    }

    fn r#use(&mut self, attributes: &Attributes, shift: Shift) {
        let target = attributes.get("href").or_else(|| attributes.get("xlink:href"));
        let Some(name) = target.and_then(|target| target.strip_prefix('#')) else {
            return;
        };
        let by = (
            attributes.number("x").unwrap_or(0.0),
            attributes.number("y").unwrap_or(0.0),
        );
        let shift = shift.then(Shift(1.0, 1.0, by.0, by.1));
        let used: Vec<_> = self.named.iter().filter(|(known, ..)| known == name).cloned().collect();
        if self.hidden == 0 {
            for (_, outlines, ink) in used {
                self.shape(outlines, ink, shift);
            }
        }
    }
}

impl Draws for Drawing {
    fn open(&mut self, tag: &str, attributes: &Attributes) {
        let (outer, ink) = self.innermost();
        let shift = attributes
            .get("transform")
            .map_or(outer, |written| outer.then(transform(written)));
        let ink = ink_of(attributes, ink);
        if tag == "svg" && self.size.is_none() {
            self.size = size(attributes);
        }
        if matches!(tag, "defs" | "symbol" | "clippath" | "mask" | "pattern") {
            self.hidden += 1;
        }
        if self.hidden > 0
            && let Some(id) = attributes.get("id")
        {
            self.name = Some(id.to_owned());
        }
        match tag {
            _ if self.canvas.is_full() => {}
            "use" => self.r#use(attributes, shift),
            _ => {
                let outlines = outlines(tag, attributes, self.size);
                let is_ground = ink.fill == Some(0)
                    && says_nothing(attributes)
                    && self.size.is_some_and(|size| covers(&outlines, size));
                if !outlines.is_empty() {
                    let fill = if is_ground || tag == "line" { None } else { ink.fill };
                    self.shape(outlines, Ink { fill, ..ink }, shift);
                }
            }
        }
        if self.groups.len() < MOST_GROUPS {
            self.groups.push((shift, ink));
        } else {
            self.deeper += 1;
        }
    }

    fn close(&mut self, tag: &str) {
        if matches!(tag, "defs" | "symbol" | "clippath" | "mask" | "pattern") {
            self.hidden = self.hidden.saturating_sub(1);
        }
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    fn text(&mut self, _: &str) {}
}

impl Shift {
    fn of(self, (x, y): Corner) -> Corner {
        (x * self.0 + self.2, y * self.1 + self.3)
    }

    /// First the inner one.
    fn then(self, inner: Self) -> Self {
        let (x, y) = self.of((inner.2, inner.3));
        Self(self.0 * inner.0, self.1 * inner.1, x, y)
    }
}

/// Moves and sizes; what turns is left out, since codes are read in any direction.
fn transform(written: &str) -> Shift {
    let mut shift = Shift(1.0, 1.0, 0.0, 0.0);
    for call in written.split(')').take(8) {
        let Some((name, list)) = call.split_once('(') else {
            continue;
        };
        let name = name.trim_matches(|c: char| c == ',' || c.is_whitespace());
        let one = match (name, path::numbers(list).as_slice()) {
            ("translate", [x]) => Shift(1.0, 1.0, *x, 0.0),
            ("translate", [x, y]) => Shift(1.0, 1.0, *x, *y),
            ("scale", [times]) => Shift(*times, *times, 0.0, 0.0),
            ("scale", [x, y]) => Shift(*x, *y, 0.0, 0.0),
            ("matrix", [a, _, _, d, x, y]) => Shift(*a, *d, *x, *y),
            _ => continue,
        };
        shift = shift.then(one);
    }
    shift
}

fn size(attributes: &Attributes) -> Option<Corner> {
    let view = attributes.get("viewbox").map(path::numbers);
    match view.as_deref() {
        Some([_, _, width, height]) => Some((*width, *height)),
        _ => Some((attributes.number("width")?, attributes.number("height")?)),
    }
}

/// A shape whose colour is not told, or told by a class.
fn says_nothing(attributes: &Attributes) -> bool {
    attributes.styled("fill").is_none()
}

fn ink_of(attributes: &Attributes, outer: Ink) -> Ink {
    let shade = |name: &str, outer: Option<u8>| match attributes.styled(name) {
        None | Some("inherit") => outer,
        Some("none" | "transparent") => None,
        // A ramp of colours, or one that only a browser knows, is drawn on white paper.
        Some(colour) => Some(html::brightness(colour).unwrap_or(0)),
    };
    let width = attributes.styled("stroke-width").map(path::numbers);
    Ink {
        fill: shade("fill", outer.fill),
        stroke: shade("stroke", outer.stroke),
        width: width
            .and_then(|numbers| numbers.first().copied())
            .unwrap_or(outer.width),
    }
}
