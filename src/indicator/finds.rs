//! What was found so far. Each value is kept once, with the place where it was found first. If it was found with and without a
//! doubt, the doubt is dropped.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::Indicator;
use crate::domain::FoundAs;

/// Collects indicators in the order of finding.
#[derive(Debug, Default)]
pub struct Finds {
    list: Vec<Indicator>,
    /// Indexes into `list`, hashed by kind and value, so that no value is stored twice.
    places: HashTable<u32>,
    /// It is seeded at random in each process, so that nobody can write a text whose values collide.
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

    /// What was found so far.
    pub fn iter(&self) -> impl Iterator<Item = &Indicator> {
        self.list.iter()
    }

    /// All of it.
    pub fn into_vec(self) -> Vec<Indicator> {
        self.list
    }
}

fn merge(old: &mut Indicator, mut new: Indicator) {
    let may_pass = |find: &Indicator| find.passing || find.found_as == FoundAs::Loaded;
    new.passing = may_pass(old) && may_pass(&new) && (old.passing || new.passing);
    old.passing = new.passing;
    let found_as = old.found_as.max(new.found_as);
    if old.doubt.is_some() && new.doubt.is_none() {
        if new.remarks.is_empty() {
            new.remarks = std::mem::take(&mut old.remarks);
        }
        *old = new;
    } else if old.remarks.is_empty() {
        old.remarks = new.remarks;
    }
    old.found_as = found_as;
}
