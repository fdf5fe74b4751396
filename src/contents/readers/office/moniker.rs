//! Addresses as Windows stores them in objects and old spreadsheets.

use memchr::memmem;

use super::bytes::{Bytes, wide};
use super::external;
use crate::contents::Inside;
use crate::mail::LinkKind;

/// Class of what names an address: `79EAC9E0-BAF9-11CE-8C82-00AA004BA90B`.
const URL: [u8; 16] = [
    0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11, 0x8c, 0x82, 0, 0xaa, 0, 0x4b, 0xa9, 0x0b,
];

/// Most that are read in one piece of data.
const MOST: usize = 4096;

/// Hands over every address in some data.
pub fn read(bytes: &[u8], place: &str, kind: LinkKind, inside: &mut Inside<'_>) {
    for at in memmem::find_iter(bytes, &URL).take(MOST) {
        let mut rest = Bytes(bytes.get(at + URL.len()..).unwrap_or_default());
        let target = rest.length().and_then(|length| rest.take(length)).map(wide);
        external::target(inside, place, &target.unwrap_or_default(), "", kind);
    }
}
