//! Runs of clusters, each told by its length and by how far it is from the one before.

use crate::contents::readers::disc::image::Extent;

/// Up to the end of the list, or up to what breaks it.
pub fn extents(mut runs: &[u8], cluster: u64) -> Vec<Extent> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((extent, rest)) = next(runs, cluster, &mut at) {
        found.push(extent);
        runs = rest;
    }
    found
}

fn next<'r>(runs: &'r [u8], cluster: u64, at: &mut i64) -> Option<(Extent, &'r [u8])> {
    let (head, rest) = runs.split_first().filter(|(head, _)| **head != 0)?;
    let (number, rest) = rest.split_at_checked(usize::from(head & 0xf))?;
    let (distance, rest) = rest.split_at_checked(usize::from(head >> 4))?;
    let len = u64::try_from(signed(number)?).ok()?.checked_mul(cluster)?;
    // A hole, which is zeros.
    if distance.is_empty() {
        return Some((Extent { at: None, len }, rest));
    }
    *at = at.checked_add(signed(distance)?)?;
    let place = u64::try_from(*at).ok()?.checked_mul(cluster)?;
    Some((Extent { at: Some(place), len }, rest))
}

/// At most eight bytes, the lowest first.
fn signed(bytes: &[u8]) -> Option<i64> {
    let is_negative = bytes.last()? & 0x80 != 0;
    let mut all = [if is_negative { 0xff } else { 0 }; 8];
    all.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(all))
}
