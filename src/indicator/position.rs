//! A place among the texts of a mail, in the four bytes that a find has to spare for it.

use std::num::NonZeroU32;

/// A byte of the [`super::texts`] of a mail, counted over all of them; none of what stands in no such text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Position(Option<NonZeroU32>);

impl Position {
    /// That byte, unless it is beyond four gigabytes.
    pub fn new(byte: usize) -> Self {
        let counted_from_one = u32::try_from(byte).ok().and_then(|byte| byte.checked_add(1));
        Self(counted_from_one.and_then(NonZeroU32::new))
    }

    /// The byte, from 0.
    pub fn byte(self) -> Option<usize> {
        self.0.map(|counted_from_one| counted_from_one.get() as usize - 1)
    }
}
