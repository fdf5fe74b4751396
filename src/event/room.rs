//! How much an event may still grow, and what it had no room for.

use super::object::ObjectBuilder;
use crate::domain::Note;

/// What an attribute, an object or a reference takes in JSON beside its own texts, about.
const FORM: usize = 350;

pub(super) struct Room {
    limit: usize,
    left: usize,
    refused: usize,
}

impl Room {
    pub fn of(limit: usize) -> Self {
        Self {
            limit,
            left: limit,
            refused: 0,
        }
    }

    /// True if there is room for an attribute with so long texts, which then is taken.
    pub fn take_attribute(&mut self, texts: usize) -> bool {
        self.take(texts.saturating_add(FORM))
    }

    /// True if there is room for the objects, which then is taken. A file goes with the objects that describe it, or not at all.
    pub fn take_objects(&mut self, objects: &[ObjectBuilder]) -> bool {
        self.take(objects.iter().map(|object| object.size(FORM)).sum())
    }

    fn take(&mut self, size: usize) -> bool {
        let left = self.left.checked_sub(size);
        self.refused += usize::from(left.is_none());
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }

    pub fn note(&self) -> Option<Note> {
        (self.refused > 0).then_some(Note::ObjectsLeftOut {
            count: self.refused,
            size: self.limit,
        })
    }
}
