//! What was found so far: nothing twice, first place kept, a find without doubt wins over a doubtful one.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::Indicator;

/// Collects indicators in the order of finding.
#[derive(Debug, Default)]
pub struct Finds {
    list: Vec<Indicator>,
    /// Places in `list`, found by (kind, value): no value is stored twice.
    places: HashTable<u32>,
    /// Seeded at random in each process: nobody can write a text whose values collide.
    hasher: DefaultHashBuilder,
}

impl Finds {
    /// Adds a find, or merges it with the same one found before.
    pub fn add(&mut self, new: Indicator) {
        let Self { list, places, hasher } = self;
        let hash = |find: &Indicator| hasher.hash_one((find.kind, find.value.as_str()));
        let at = |place: &u32| list.get(*place as usize);
        let same = |place: &u32| at(place).is_some_and(|old| old.kind == new.kind && old.value == new.value);
        let key = hash(&new);
        if let Some(place) = places.find(key, same).copied() {
            if let Some(old) = list.get_mut(place as usize) {
                merge(old, new);
            }
        } else if let Ok(place) = u32::try_from(list.len()) {
            places.insert_unique(key, place, |place| at(place).map_or(0, hash));
            list.push(new);
        }
    }

    /// All of it.
    pub fn into_vec(self) -> Vec<Indicator> {
        self.list
    }
}

fn merge(old: &mut Indicator, mut new: Indicator) {
    new.passing &= old.passing;
    old.passing = new.passing;
    if old.doubt.is_some() && new.doubt.is_none() {
        if new.remarks.is_empty() {
            new.remarks = std::mem::take(&mut old.remarks);
        }
        *old = new;
    } else if old.remarks.is_empty() {
        old.remarks = new.remarks;
    }
}
