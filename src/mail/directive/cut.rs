//! Cutting ranges out of bytes, and putting others in their place.

use std::ops::Range;

/// The bytes without the ranges, which are in order and may overlap.
pub(super) fn without(bytes: &[u8], ranges: Vec<Range<usize>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    for range in ranges {
        out.extend_from_slice(bytes.get(position..range.start.max(position)).unwrap_or_default());
        position = position.max(range.end);
    }
    out.extend_from_slice(bytes.get(position..).unwrap_or_default());
    out
}

/// The bytes with each range replaced; the ranges are in order and do not overlap.
pub(super) fn apply(raw: &[u8], edits: Vec<(Range<usize>, Vec<u8>)>) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut position = 0;
    for (range, bytes) in edits {
        out.extend_from_slice(raw.get(position..range.start).unwrap_or_default());
        out.extend_from_slice(&bytes);
        position = range.end;
    }
    out.extend_from_slice(raw.get(position..).unwrap_or_default());
    out
}
