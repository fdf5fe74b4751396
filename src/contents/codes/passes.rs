//! The order in which a picture is looked at: as it is, then changed in ways that bring out codes which are tiny, faint, coloured or
//! damaged. Cheap ways come first, and no other comes after one that found something.

use super::grey::Grey;
use super::picture::{Picture, Plane};
use super::regions::regions;
use super::symbols::{self, Family, Symbol, Threshold};
use crate::contents::{Inside, Stop};
use crate::domain::halves::both;

/// Most points of the copy that is looked at first.
const FIRST_POINTS: usize = 3 << 18;
/// Most points of a copy that is enlarged.
const ENLARGED_POINTS: usize = 1 << 18;
/// Most points of a copy in which single dots run together.
const DOTS_POINTS: usize = 1 << 16;
/// Most points of a copy in which patches are looked for.
const PAGE_POINTS: usize = 1 << 18;
/// Most points of a patch that is turned.
const PATCH_POINTS: usize = 1 << 17;
/// Points that are looked at for each picture in all its copies. Each counts as often as the search in it is dear.
const MOST_WORK: usize = 13 << 20;
/// White around a copy.
const MARGIN: usize = 12;
/// Fewer points in a row hold no code.
const SMALLEST: usize = 10;
/// Grey shades between black and white of a code.
const LEAST_CONTRAST: u8 = 12;
/// Those that are few: they are spread before anything is looked for.
const FEW: u8 = 128;

/// The codes of a picture, none twice.
pub fn look(picture: &Picture, inside: &mut Inside<'_>) -> Result<Vec<Symbol>, Stop> {
    let mut planes = vec![Plane::OnWhite];
    if picture.is_see_through() {
        planes.push(Plane::OnBlack);
    }
    if picture.is_coloured() {
        planes.extend((0..3).map(Plane::Colour));
    }
    let greys = planes.into_iter().map(|plane| picture.grey(plane));
    Passes::of(greys.collect(), inside)
}

/// The codes of a drawing without colours.
pub fn look_at(grey: &Grey, inside: &mut Inside<'_>) -> Result<Vec<Symbol>, Stop> {
    Passes::of(vec![grey.clone()], inside)
}

/// The codes of a drawing without any flaw, which is looked at in one way.
pub fn glance(grey: &Grey, inside: &mut Inside<'_>) -> Result<Vec<Symbol>, Stop> {
    let mut passes = Passes {
        work: MOST_WORK,
        found: Vec::new(),
        inside,
    };
    passes.all(&grey.at_most(FIRST_POINTS), Threshold::Local)?;
    Ok(passes.found)
}

/// Makes a changed copy, when it is its turn.
type Copy<'c> = &'c dyn Fn() -> Option<(Grey, Threshold)>;

struct Passes<'p, 'w> {
    /// Work that may still be done.
    work: usize,
    found: Vec<Symbol>,
    inside: &'p mut Inside<'w>,
}

impl Passes<'_, '_> {
    fn of(greys: Vec<Grey>, inside: &mut Inside<'_>) -> Result<Vec<Symbol>, Stop> {
        let mut passes = Passes {
            work: MOST_WORK,
            found: Vec::new(),
            inside,
        };
        let may_hold = |grey: &Grey| grey.width.min(grey.height) >= SMALLEST && grey.contrast() >= LEAST_CONTRAST;
        let spread = |grey: Grey| if grey.contrast() < FEW { grey.stretched() } else { grey };
        let greys: Vec<Grey> = greys.into_iter().filter(may_hold).map(spread).collect();
        for grey in &greys {
            passes.all(&grey.at_most(FIRST_POINTS), Threshold::Local)?;
            if !passes.found.is_empty() {
                return Ok(passes.found);
            }
        }
        for grey in &greys {
            passes.further(grey)?;
            if !passes.found.is_empty() {
                break;
            }
        }
        Ok(passes.found)
    }

    fn further(&mut self, grey: &Grey) -> Result<(), Stop> {
        let first = &grey.at_most(FIRST_POINTS);
        let points = first.points.len();
        let times = [4, 3, 2]
            .into_iter()
            .find(|times| points * times * times <= ENLARGED_POINTS);
        let soon: [Copy<'_>; 2] = [&|| Some((first.enlarged(times?), Threshold::Local)), &|| {
            Some((first.halved()?, Threshold::Local))
        }];
        let late: [Copy<'_>; 6] = [
            &|| Some((first.brightened(), Threshold::Global)),
            &|| Some((first.smoothed(), Threshold::Local)),
            &|| Some((first.flattened(), Threshold::Global)),
            &|| Some((first.smoothed().smoothed().halved()?, Threshold::Local)),
            &|| Some((first.at_most(DOTS_POINTS).smoothed().smoothed(), Threshold::Global)),
            &|| (grey.points.len() > points).then(|| (grey.clone(), Threshold::Local)),
        ];
        self.copies(&soon)?;
        self.patches(first)?;
        self.copies(&late)
    }

    fn copies(&mut self, copies: &[Copy<'_>]) -> Result<(), Stop> {
        for copy in copies {
            if self.found.is_empty()
                && let Some((copy, threshold)) = copy()
            {
                self.all(&copy, threshold)?;
            }
        }
        Ok(())
    }

    /// Codes other than QR that are not in the middle, or stand aslant.
    fn patches(&mut self, grey: &Grey) -> Result<(), Stop> {
        for patch in regions(&grey.at_most(PAGE_POINTS)) {
            let patch = patch.at_most(PATCH_POINTS);
            for (one, other) in [(0.0, 15.0), (30.0, 45.0), (60.0, 75.0)] {
                if self.found.is_empty() {
                    self.pair(
                        || patch.turned_by(one),
                        || patch.turned_by(other),
                        Threshold::Local,
                        &[Family::Others],
                    )?;
                }
            }
        }
        Ok(())
    }

    /// Dark codes on a bright ground, and bright ones on a dark ground.
    fn all(&mut self, grey: &Grey, threshold: Threshold) -> Result<(), Stop> {
        let dark = || grey.with_margin(MARGIN);
        let bright = || grey.inverted().with_margin(MARGIN);
        self.pair(dark, bright, threshold, &[Family::Qr, Family::Others])
    }

    /// Looks for these families in two copies of as many points, at the same time. For what too little work is left is left out.
    fn pair(
        &mut self,
        one: impl FnOnce() -> Grey,
        other: impl Fn() -> Grey + Sync,
        threshold: Threshold,
        families: &[Family],
    ) -> Result<(), Stop> {
        let one = one();
        let mut affordable = Vec::new();
        for family in families {
            let work = 2 * one.points.len() * family.work();
            if let Some(left) = self.work.checked_sub(work) {
                self.work = left;
                self.inside.step(work)?;
                affordable.push(*family);
            }
        }
        if affordable.is_empty() {
            return Ok(());
        }
        let read = |copy: &Grey| symbols::read(copy, threshold, &affordable);
        let (found, others) = both(|| read(&one), || read(&other()));
        for symbol in found.into_iter().chain(others) {
            if !self.found.contains(&symbol) {
                self.found.push(symbol);
            }
        }
        Ok(())
    }
}
