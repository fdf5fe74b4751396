//! What a person asked for in a review, ready to be looked up for each find. Read once for all mails of a case.

use hashbrown::HashSet;

use super::edits::RowEdits;
use crate::domain::Overrides;
use crate::indicator::{Indicator, Kind};

/// Types under which a list may name a file.
const OF_FILES: [&str; 4] = ["attachment", "malware-sample", "filename", "file"];

pub(super) struct Wishes<'a> {
    deselected: Named<'a>,
    selected: Named<'a>,
    pub(super) edits: RowEdits<'a>,
}

impl<'a> Wishes<'a> {
    pub(super) fn of(overrides: &'a Overrides) -> Self {
        Self {
            deselected: Named::of(&overrides.deselected),
            selected: Named::of(&overrides.selected),
            edits: RowEdits::of(&overrides.edits),
        }
    }

    pub(super) fn deselect(&self, indicator: &Indicator) -> bool {
        self.deselected.has(indicator)
    }

    pub(super) fn select(&self, indicator: &Indicator) -> bool {
        self.selected.has(indicator)
    }

    pub(super) fn deselect_file(&self, name: &str) -> bool {
        self.deselected.has_file(name)
    }

    pub(super) fn select_file(&self, name: &str) -> bool {
        self.selected.has_file(name)
    }
}

/// Types and values.
struct Named<'a>(HashSet<(&'a str, &'a str)>);

impl<'a> Named<'a> {
    fn of(list: &'a [(String, String)]) -> Self {
        Self(list.iter().map(|(kind, value)| (&**kind, &**value)).collect())
    }

    /// The list may have a URL as `link`, as the review showed it.
    fn has(&self, indicator: &Indicator) -> bool {
        let is_there = |kind| self.0.contains(&(kind, indicator.value.as_str()));
        !self.0.is_empty() && (is_there(indicator.misp_type()) || (indicator.kind == Kind::Url && is_there("link")))
    }

    fn has_file(&self, name: &str) -> bool {
        !self.0.is_empty() && !name.is_empty() && OF_FILES.iter().any(|kind| self.0.contains(&(*kind, name)))
    }
}
