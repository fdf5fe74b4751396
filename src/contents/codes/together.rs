//! Pictures that are shown together: each has a part of a code.

use super::picture::Picture;

/// Most pictures that are put together.
const MOST: usize = 16;
/// Ways to put the pictures of a group together that are tried.
const MOST_WAYS: usize = 8;

/// The ways in which pictures that stand in rows may be one: all of them, then each two that are neighbours.
pub fn ways(rows: &[Vec<Picture>]) -> Vec<Picture> {
    let count: usize = rows.iter().map(Vec::len).sum();
    if !(2..=MOST).contains(&count) {
        return Vec::new();
    }
    let lines: Option<Vec<Picture>> = rows.iter().map(|row| joined(row.iter().collect(), beside)).collect();
    let whole = lines.and_then(|lines| joined(lines.iter().collect(), above));
    let mut ways: Vec<Picture> = whole.into_iter().collect();
    if count > 2 {
        let all: Vec<&Picture> = rows.iter().flatten().collect();
        for pair in all.windows(2) {
            if let [one, two] = pair {
                ways.extend(beside(one, two));
                ways.extend(above(one, two));
            }
        }
    }
    ways.truncate(MOST_WAYS);
    ways
}

fn joined(pictures: Vec<&Picture>, join: fn(&Picture, &Picture) -> Option<Picture>) -> Option<Picture> {
    let mut pictures = pictures.into_iter();
    let first = pictures.next()?;
    let copy = Picture::new(first.width, first.height, first.points.clone())?;
    pictures.try_fold(copy, |whole, next| join(&whole, next))
}

/// Of about the same length, so that what is drawn goes on from one to the other.
fn fit(one: usize, two: usize) -> Option<usize> {
    let less = one.min(two);
    (one.abs_diff(two) * 10 <= less).then_some(less)
}

fn beside(left: &Picture, right: &Picture) -> Option<Picture> {
    let height = fit(left.height, right.height)?;
    let rows = left.points.chunks(left.width).zip(right.points.chunks(right.width));
    let points = rows
        .take(height)
        .flat_map(|(left, right)| [left, right].concat())
        .collect();
    Picture::new(left.width + right.width, height, points)
}

fn above(upper: &Picture, lower: &Picture) -> Option<Picture> {
    let width = fit(upper.width, lower.width)?;
    let rows = upper.points.chunks(upper.width).chain(lower.points.chunks(lower.width));
    let points = rows.flat_map(|row| row.iter().take(width).copied()).collect();
    Picture::new(width, upper.height + lower.height, points)
}
