//! Where in a picture a code may be: patches in which dark and bright change everywhere.

use super::grey::Grey;

/// Points of a side of a cell.
const CELL: usize = 8;
/// A cell in which dark and bright differ less is plain.
const BUSY: u8 = 80;
/// Cells of a side of the smallest patch.
const LEAST: usize = 3;
/// Patches that are looked at.
const MOST: usize = 3;

/// The largest patches, with the white around them.
pub fn regions(grey: &Grey) -> Vec<Grey> {
    let (across, down) = (grey.width.div_ceil(CELL), grey.height.div_ceil(CELL));
    let mut busy = busy(grey, across, down);
    let mut patches = Vec::new();
    for start in 0..busy.len() {
        if busy.get(start).copied().unwrap_or_default() {
            patches.extend(patch(&mut busy, start, across));
        }
    }
    patches.sort_by_key(|patch| std::cmp::Reverse(patch.cells));
    let cut = |patch: &Patch| {
        let points = |from: usize, to: usize| from.saturating_sub(1) * CELL..(to + 2) * CELL;
        grey.cut(points(patch.left, patch.right), points(patch.top, patch.bottom))
    };
    patches.iter().take(MOST).map(cut).collect()
}

fn busy(grey: &Grey, across: usize, down: usize) -> Vec<bool> {
    let mut least = vec![u8::MAX; across * down];
    let mut most = vec![0; across * down];
    for (y, row) in grey.points.chunks_exact(grey.width.max(1)).enumerate() {
        for (x, cell) in row.chunks(CELL).enumerate() {
            let at = y / CELL * across + x;
            let (darkest, brightest) = (cell.iter().min().copied(), cell.iter().max().copied());
            if let (Some(least), Some(most)) = (least.get_mut(at), most.get_mut(at)) {
                *least = darkest.unwrap_or(u8::MAX).min(*least);
                *most = brightest.unwrap_or_default().max(*most);
            }
        }
    }
    // The squares of a code may be as large as a cell, so a cell is looked at with those right of it and below it.
    let beside = |values: &[u8], at: usize, choose: fn(u8, u8) -> u8| {
        let near = [at, at + 1, at + across, at + across + 1];
        near.into_iter().filter_map(|at| values.get(at).copied()).reduce(choose)
    };
    let is_busy = |at| {
        let darkest = beside(&least, at, u8::min).unwrap_or_default();
        beside(&most, at, u8::max).unwrap_or_default().saturating_sub(darkest) >= BUSY
    };
    (0..across * down).map(is_busy).collect()
}

struct Patch {
    cells: usize,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

/// The busy cells around one. They are plain afterwards.
fn patch(busy: &mut [bool], start: usize, across: usize) -> Option<Patch> {
    let mut patch = Patch {
        cells: 0,
        left: usize::MAX,
        right: 0,
        top: usize::MAX,
        bottom: 0,
    };
    let mut open = vec![start];
    while let Some(at) = open.pop() {
        let Some(cell) = busy.get_mut(at).filter(|cell| **cell) else {
            continue;
        };
        *cell = false;
        let (x, y) = (at % across, at / across);
        patch.cells += 1;
        patch.left = patch.left.min(x);
        patch.right = patch.right.max(x);
        patch.top = patch.top.min(y);
        patch.bottom = patch.bottom.max(y);
        let beside = [
            (x > 0).then(|| at - 1),
            (x + 1 < across).then_some(at + 1),
            at.checked_sub(across),
            Some(at + across),
        ];
        open.extend(beside.into_iter().flatten());
    }
    let (wide, high) = (patch.right - patch.left + 1, patch.bottom - patch.top + 1);
    // A code that is turned fills half of the rectangle around it.
    (wide.min(high) >= LEAST && patch.cells * 5 >= wide * high * 2).then_some(patch)
}
