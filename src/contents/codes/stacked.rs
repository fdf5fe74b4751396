//! PDF417 codes. The crate's own search for several codes may go from one place to another and back for ever, and finds none where one
//! cannot be read. So one is looked for at a time, in what those before it leave.

use rxing::Point;
use rxing::common::BitMatrix;
use rxing::pdf417::decoder::pdf_417_scanning_decoder;
use rxing::pdf417::detector::pdf_417_detector;
use rxing::pdf417::pdf_417_common::{MODULES_IN_CODEWORD, MODULES_IN_STOP_PATTERN};

/// Places of a picture that are tried.
const MOST: usize = 16;

/// How the picture may lie.
const TURNS: [u32; 4] = [0, 180, 270, 90];

/// The corners of a code (top left, bottom left, top right, bottom right), then those of what stands between the patterns at its ends.
/// An end that was not found has none.
type Corners = [Option<Point>; 8];

/// The texts of all codes that lie the same way.
pub fn read(matrix: &BitMatrix) -> Vec<String> {
    let mut tries = MOST;
    let turned = |degrees: &u32| {
        let mut turned = matrix.clone();
        turned.rotate(*degrees).ok()?;
        Some(turned)
    };
    let mut ways = TURNS
        .iter()
        .filter_map(turned)
        .map(|matrix| upright(matrix, &mut tries));
    ways.find(|texts| !texts.is_empty()).unwrap_or_default()
}

fn upright(mut matrix: BitMatrix, tries: &mut usize) -> Vec<String> {
    let mut texts = Vec::new();
    while *tries > 0
        && let Some(corners) = pdf_417_detector::detect(false, &matrix).and_then(|all| all.first().copied())
    {
        *tries -= 1;
        let text = decoded(&matrix, &corners);
        let [top, bottom, top_end, bottom_end, first, first_bottom, last, last_bottom] = corners;
        // What lies between two patterns that do not belong together may be a code: only one of them goes.
        let read: &[Option<Point>] = if text.is_some() {
            &corners
        } else if top.is_some() {
            &[top, first, bottom, first_bottom]
        } else {
            &[last, top_end, last_bottom, bottom_end]
        };
        wipe(&mut matrix, read.iter().flatten());
        texts.extend(text);
    }
    texts
}

fn decoded(matrix: &BitMatrix, corners: &Corners) -> Option<String> {
    let [top, bottom, top_end, bottom_end, first, first_bottom, last, last_bottom] = *corners;
    let width = |left: Option<Point>, right: Option<Point>| Some(whole((left?.x - right?.x).abs()));
    let of_end = |width: u32| width * MODULES_IN_CODEWORD / MODULES_IN_STOP_PATTERN;
    let widths = [
        width(top, first),
        width(bottom, first_bottom),
        width(last, top_end).map(of_end),
        width(last_bottom, bottom_end).map(of_end),
    ];
    let widths = widths.into_iter().flatten();
    let (narrowest, widest) = (widths.clone().min()?, widths.max()?);
    let decoded =
        pdf_417_scanning_decoder::decode(matrix, first, first_bottom, last, last_bottom, narrowest, widest).ok()?;
    Some(decoded.getText().to_owned())
}

/// Makes the area between these corners white.
fn wipe<'p>(matrix: &mut BitMatrix, corners: impl Iterator<Item = &'p Point> + Clone) {
    let columns = corners.clone().map(|corner| whole(corner.x));
    let rows = corners.map(|corner| whole(corner.y));
    let (Some(left), Some(right)) = (columns.clone().min(), columns.max()) else {
        return;
    };
    let (Some(top), Some(bottom)) = (rows.clone().min(), rows.max()) else {
        return;
    };
    for y in top..=bottom.min(matrix.getHeight().saturating_sub(1)) {
        for x in left..=right.min(matrix.getWidth().saturating_sub(1)) {
            matrix.unset(x, y);
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // places in a picture
const fn whole(place: f32) -> u32 {
    place as u32
}
