//! The order in which a picture is looked at: as it is, then changed in ways that bring out codes which are tiny, faint, coloured or
//! damaged. Cheap ways come first, and no other comes after one that found something.

use super::picture::{Grey, Picture, Plane};
use super::symbols::{self, Family, Symbol, Threshold};
use crate::contents::{Inside, Stop};

/// Codes that need no more than this are read first in a copy that has no more points.
const FIRST_POINTS: usize = 5 << 18;
/// Most points of a copy that is enlarged.
const ENLARGED_POINTS: usize = 1 << 20;
/// Points that are looked at for each picture in all its copies.
const MOST_WORK: usize = 24 << 20;
/// White around a copy.
const MARGIN: usize = 12;
/// Fewer points in a row hold no code.
const SMALLEST: usize = 10;
/// Grey shades between black and white of a code.
const LEAST_CONTRAST: u8 = 12;

/// The codes of a picture, none twice.
pub fn look(picture: &Picture, inside: &mut Inside<'_>) -> Result<Vec<Symbol>, Stop> {
    let mut passes = Passes {
        work: MOST_WORK,
        found: Vec::new(),
        inside,
    };
    let mut planes = vec![Plane::OnWhite];
    if picture.is_see_through() {
        planes.push(Plane::OnBlack);
    }
    if picture.is_coloured() {
        planes.extend((0..3).map(Plane::Colour));
    }
    for plane in planes {
        let grey = picture.grey(plane);
        if grey.width.min(grey.height) < SMALLEST || grey.contrast() < LEAST_CONTRAST {
            continue;
        }
        passes.of(&grey)?;
        if !passes.found.is_empty() {
            break;
        }
    }
    Ok(passes.found)
}

struct Passes<'p, 'w> {
    /// Points that may still be looked at.
    work: usize,
    found: Vec<Symbol>,
    inside: &'p mut Inside<'w>,
}

impl Passes<'_, '_> {
    fn of(&mut self, grey: &Grey) -> Result<(), Stop> {
        let points = grey.points.len();
        let halved = (points > FIRST_POINTS).then(|| grey.halved()).flatten();
        let first = halved.as_ref().unwrap_or(grey);
        self.all(first, Threshold::Local)?;
        let times = [4, 3, 2]
            .into_iter()
            .find(|times| points * times * times <= ENLARGED_POINTS);
        let further: [&dyn Fn() -> Option<(Grey, Threshold)>; 6] = [
            &|| Some((grey.enlarged(times?), Threshold::Local)),
            &|| halved.is_some().then(|| (grey.clone(), Threshold::Local)),
            &|| Some((first.clone(), Threshold::Global)),
            &|| Some((first.smoothed(), Threshold::Local)),
            &|| Some((first.halved()?, Threshold::Local)),
            &|| Some((first.smoothed().smoothed().halved()?, Threshold::Local)),
        ];
        for copy in further {
            if !self.found.is_empty() {
                break;
            }
            if let Some((copy, threshold)) = copy() {
                self.all(&copy, threshold)?;
            }
        }
        Ok(())
    }

    /// Dark codes on a bright ground, and bright ones on a dark ground.
    fn all(&mut self, grey: &Grey, threshold: Threshold) -> Result<(), Stop> {
        let copies = [grey.with_margin(MARGIN), grey.inverted().with_margin(MARGIN)];
        for family in [Family::Qr, Family::Others] {
            for copy in &copies {
                let Some(work) = self.work.checked_sub(copy.points.len()) else {
                    return Ok(());
                };
                self.work = work;
                self.inside.step(copy.points.len())?;
                for symbol in symbols::read(copy, threshold, family) {
                    if !self.found.contains(&symbol) {
                        self.found.push(symbol);
                    }
                }
            }
        }
        Ok(())
    }
}
