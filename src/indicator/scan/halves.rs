//! A long text is read from its start and from its middle at the same time. What is found in it stays the same.

use std::ops::Range;
use std::sync::Arc;

use memchr::memchr;

use super::super::find::{Told, Words};
use super::{HostLists, NEAR, Scan};
use crate::domain::halves::both;

/// Shorter stretches take less time than a thread gains.
const LONG: usize = 1 << 19;

/// Where the second half of a long stretch begins: with a line.
pub(super) fn middle(bytes: &[u8], stretch: &Range<usize>) -> Option<usize> {
    let half = stretch.start + stretch.len() / 2;
    let line_end = memchr(b'\n', bytes.get(half..stretch.end)?)?;
    (stretch.len() >= LONG).then_some(half + line_end + 1)
}

impl Scan<'_> {
    /// Reads a stretch whose second half begins at `middle`. Where the first half goes on beyond that, or what it found last has a
    /// say in what follows, it is read to the end, and what the other thread found is dropped.
    pub(in crate::indicator) fn halves(&mut self, stretch: Range<usize>, middle: usize) {
        // Lists that grow are copied again and again, and what a thread frees nobody else uses.
        self.found.expect(stretch.len());
        let mut found = self.found.beside();
        found.expect(stretch.end - middle);
        let mut lines = self.lines.clone();
        lines.at(self.bytes, middle);
        let mut second = Scan {
            part: Arc::clone(&self.part),
            lines,
            lists: HostLists::default(),
            told: Told::default(),
            words: Words::default(),
            judged: middle,
            floor: middle,
            split: (0, 0),
            version_end: 0,
            #[cfg(test)]
            last: middle..middle,
            found: &mut found,
            ..*self
        };
        let (reached, _) = both(|| self.pass(stretch.start..middle), || second.pass(middle..stretch.end));
        if !self.is_done_with(reached, middle) {
            self.pass(reached..stretch.end);
            return;
        }
        (self.judged, self.floor) = (second.judged, second.floor);
        (self.split, self.version_end) = (second.split, second.version_end);
        (self.lines, self.lists) = (second.lines, second.lists);
        #[cfg(test)]
        {
            self.last = second.last;
        }
        self.found.append(found);
    }

    /// Whether nothing that was read before `middle` has a say in what follows.
    fn is_done_with(&self, reached: usize, middle: usize) -> bool {
        let far = |end: usize| end == 0 || end + NEAR <= middle;
        reached == middle && self.judged <= middle && far(self.version_end) && far(self.split.0)
    }
}
