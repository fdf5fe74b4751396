//! What was found so far. Each value is kept once, with the place where it was found first. If it was found with and without a
//! doubt, the doubt is dropped.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{Indicator, Kind};
use crate::domain::FoundAs;

/// A value counts once more for each so many bytes.
const COUNTED: usize = 128;

/// A long text with more bytes than that for a find is no list.
const BYTES: usize = 128;

/// Collects indicators in the order of finding.
#[derive(Debug)]
pub struct Finds {
    list: Vec<Indicator>,
    /// For how many finds it has room, and for how many those count that it has: see [`weight`].
    most: usize,
    weight: usize,
    /// How often something else was found when it had so many.
    left_out: usize,
    /// Where in `list` each kind and value is, with half of its hash: a table that grows hashes nothing again.
    places: HashTable<(u32, u32)>,
    /// It is seeded at random in each process, so that nobody can write a text whose values collide.
    hasher: DefaultHashBuilder,
}

impl Default for Finds {
    fn default() -> Self {
        Self::within(usize::MAX)
    }
}

impl Finds {
    /// Takes at most so many, fewer if they are long: see [`weight`].
    pub fn within(most: usize) -> Self {
        Self {
            list: Vec::new(),
            most,
            weight: 0,
            left_out: 0,
            places: HashTable::default(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// Adds a find, or merges it with the same one found before.
    pub fn add(&mut self, mut new: Indicator) {
        let value = std::mem::take(&mut new.value);
        self.add_with(new.kind, value, |value| Indicator { value, ..new });
    }

    /// Adds the find that `make` makes of the value, unless there is no room for it.
    pub fn add_with(&mut self, kind: Kind, value: String, make: impl FnOnce(String) -> Indicator) {
        let half = half(self.hasher.hash_one((kind, value.as_str())));
        self.add_hashed(half, kind, value, make);
    }

    fn add_hashed(&mut self, half: u32, kind: Kind, value: String, make: impl FnOnce(String) -> Indicator) {
        let Self { list, places, .. } = self;
        let is_same = |(place, of_old): &(u32, u32)| {
            let old = list.get(*place as usize).filter(|_| *of_old == half);
            old.is_some_and(|old| old.kind == kind && old.value == value)
        };
        if let Some((place, _)) = places.find(whole(half), is_same).copied() {
            if let Some(old) = list.get_mut(place as usize) {
                merge(old, make(value));
            }
        } else if self.weight >= self.most {
            self.left_out += 1;
        } else if let Ok(place) = u32::try_from(list.len()) {
            places.insert_unique(whole(half), (place, half), |(_, half)| whole(*half));
            self.weight += weight(&value);
            list.push(make(value));
        }
    }

    /// Makes room for what so many bytes of text hold.
    pub fn expect(&mut self, bytes: usize) {
        self.list.reserve(bytes / BYTES);
        self.places.reserve(bytes / BYTES, |(_, half)| whole(*half));
    }

    /// An empty collection whose finds [`Finds::append`] adds without hashing them again.
    #[must_use]
    pub fn beside(&self) -> Self {
        Self {
            hasher: self.hasher.clone(),
            ..Self::within(self.most)
        }
    }

    /// Adds what was found elsewhere, in its order. `others` were made with [`Finds::beside`].
    pub fn append(&mut self, others: Self) {
        if self.list.is_empty() {
            let left_out = self.left_out + others.left_out;
            *self = Self { left_out, ..others };
            return;
        }
        let Self {
            list, places, left_out, ..
        } = others;
        self.left_out += left_out;
        let mut halves = vec![0; list.len()];
        for (place, half) in places {
            if let Some(slot) = halves.get_mut(place as usize) {
                *slot = half;
            }
        }
        self.places.reserve(list.len(), |(_, half)| whole(*half));
        for (half, mut find) in halves.into_iter().zip(list) {
            let value = std::mem::take(&mut find.value);
            self.add_hashed(half, find.kind, value, |value| Indicator { value, ..find });
        }
    }

    /// What was found so far.
    pub fn iter(&self) -> impl Iterator<Item = &Indicator> {
        self.list.iter()
    }

    /// The finds, to change what is not their kind or value.
    pub fn list(&mut self) -> &mut [Indicator] {
        &mut self.list
    }

    /// How many finds there were no room for.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// All of it, without the room for more.
    pub fn into_vec(mut self) -> Vec<Indicator> {
        self.list.shrink_to_fit();
        self.list
    }
}

/// For how many finds a value counts: long ones may take no more room than many.
pub const fn weight(value: &str) -> usize {
    1 + value.len() / COUNTED
}

#[allow(clippy::cast_possible_truncation)] // that is the point
const fn half(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A hash for the table, which takes the place from the lower bits and a tag from the upper ones.
const fn whole(half: u32) -> u64 {
    (half as u64) << 32 | half as u64
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TextSettings;
    use crate::indicator::in_text;

    #[test]
    fn what_is_appended_to_nothing_is_known_as_if_it_were_added() {
        let of = |text: &str| in_text(text, "text", &TextSettings::default());
        let mut found = Finds::within(3);
        let mut first = found.beside();
        for one in of("a.evil-dove.com b.evil-dove.com c.evil-dove.com d.evil-dove.com") {
            first.add(one);
        }
        found.append(first);
        assert_eq!((found.iter().count(), found.left_out()), (3, 1));
        let mut second = found.beside();
        for one in of("b.evil-dove.com e.evil-dove.com") {
            second.add(one);
        }
        found.append(second);
        assert_eq!(found.left_out(), 2, "one is known, for the other there is no room");
        let values: Vec<String> = found.into_vec().into_iter().map(|one| one.value).collect();
        assert_eq!(values, ["a.evil-dove.com", "b.evil-dove.com", "c.evil-dove.com"]);
    }
}
