//! What was found so far: nothing twice, first place kept, a find without doubt wins over a doubtful one.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::Indicator;

/// Collects indicators in the order of finding.
#[derive(Debug, Default)]
pub struct Found {
    list: Vec<Indicator>,
    /// Hash of (kind, value) to place in `list`; values are not stored twice.
    index: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Found {
    /// Adds a find, or merges it with the same one found before.
    pub fn add(&mut self, new: Indicator) {
        let mut key = self.hasher.hash_one((new.kind, new.value.as_str()));
        while let Some(place) = self.index.get(&key) {
            let Some(old) = self.list.get_mut(*place as usize) else {
                return;
            };
            if old.kind == new.kind && old.value == new.value {
                merge(old, new);
                return;
            }
            key = key.wrapping_add(1);
        }
        if let Ok(place) = u32::try_from(self.list.len()) {
            self.index.insert(key, place);
            self.list.push(new);
        }
    }

    /// All of it.
    pub fn into_vec(self) -> Vec<Indicator> {
        self.list
    }
}

fn merge(old: &mut Indicator, mut new: Indicator) {
    if old.doubt.is_some() && new.doubt.is_none() {
        new.note = new.note.or(old.note.take());
        *old = new;
    } else if old.note.is_none() {
        old.note = new.note;
    }
}
