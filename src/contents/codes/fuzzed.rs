//! What fuzzing reaches: the search for codes in one black and white picture, without all the copies in which the program looks for more.

use super::grey::Grey;
use super::symbols::{self, Family, Threshold};

/// White around the picture.
const MARGIN: usize = 8;
/// Most points in a row, and most rows.
const MOST: usize = 400;

/// The picture has a row for each line, with a black point for each odd byte, as `1` is one.
pub fn picture(bytes: &[u8]) {
    let rows: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').take(MOST).collect();
    let width = rows.iter().map(|row| row.len().min(MOST)).max().unwrap_or_default() + 2 * MARGIN;
    let height = rows.len() + 2 * MARGIN;
    let mut points = vec![u8::MAX; width * height];
    for (row, line) in rows.iter().zip(points.chunks_mut(width).skip(MARGIN)) {
        let dark = row.iter().zip(line.iter_mut().skip(MARGIN));
        dark.take(width - 2 * MARGIN)
            .filter(|(byte, _)| **byte & 1 == 1)
            .for_each(|(_, point)| *point = 0);
    }
    let grey = Grey { width, height, points };
    for threshold in [Threshold::Local, Threshold::Global] {
        symbols::read(&grey, threshold, &[Family::Qr, Family::Others]);
    }
}
