//! The bytes that a mail is read from. A mail inside another one shares those of the mail around it: otherwise a mail in a mail in a
//! mail would be in memory as many times as it is deep.

use std::ops::Range;

use bytes::Bytes;

#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// Of somebody who keeps them: parts are copied.
    Lent(&'a [u8]),
    /// Parts are views.
    Shared(&'a Bytes),
}

impl<'a> Source<'a> {
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Lent(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }

    /// A part of them; empty when they end before it.
    pub fn part(self, range: Range<usize>) -> Bytes {
        match (self, self.bytes().get(range.clone())) {
            (_, None) => Bytes::new(),
            (Self::Lent(_), Some(part)) => Bytes::copy_from_slice(part),
            (Self::Shared(all), Some(_)) => all.slice(range),
        }
    }
}
