//! Which items of a preview stand in a part of the mail that a person has chosen in the mail program.

use std::collections::HashSet;

use url::Url;

use super::preview::Item;
use crate::config::Settings;
use crate::indicator::{self, Indicator};
use crate::mail;

/// The items that stand in a stretch of the text.
pub fn in_text(items: &[Item], text: &str, settings: &Settings) -> Vec<usize> {
    let found = indicator::in_text(&mail::without_files(text), "text", &settings.text);
    those_of(items, &found)
}

/// The items of a link: its target, what that leads to, and their hosts.
///
/// If one's own people were taken out of the target, it ends earlier. So where no item is the target, the longest beginning of it
/// takes its place.
pub fn in_link(items: &[Item], target: &str, settings: &Settings) -> Vec<usize> {
    let found = indicator::in_link(target, &settings.text);
    let mut those = those_of(items, &found);
    let is_address = |at: &usize| items.get(*at).and_then(address).is_some();
    if !those.iter().any(is_address) {
        let targets: Vec<String> = found.iter().filter_map(|one| whole(&one.value)).collect();
        let begins = |start: &str| targets.iter().any(|target| target.starts_with(start));
        let starts = (0..).zip(items).filter_map(|(at, item)| Some((address(item)?, at)));
        let longest = starts
            .filter(|(start, _)| begins(start))
            .max_by_key(|(start, _)| start.len());
        those.extend(longest.map(|(_, at)| at));
    }
    those
}

fn those_of(items: &[Item], found: &[Indicator]) -> Vec<usize> {
    let values: HashSet<String> = found.iter().map(|one| comparable(&one.value)).collect();
    let is_there = |item: &Item| value(item).is_some_and(|value| values.contains(&comparable(value)));
    (0..)
        .zip(items)
        .filter(|(_, item)| is_there(item))
        .map(|(at, _)| at)
        .collect()
}

fn value(item: &Item) -> Option<&str> {
    item.indicator().map(|found| &*found.value)
}

fn address(item: &Item) -> Option<String> {
    value(item).and_then(whole)
}

/// Mail programs write a URL as browsers do: its host in lower case, its path with percent signs.
fn comparable(value: &str) -> String {
    whole(value).unwrap_or_else(|| value.to_lowercase())
}

/// A URL with a host.
fn whole(value: &str) -> Option<String> {
    Url::parse(value).ok().filter(Url::has_host).map(String::from)
}

#[cfg(test)]
#[path = "within_tests.rs"]
mod tests;
