//! Sends what is new in an event that was delivered before, and remembers how it was.

use std::collections::HashSet;

use uuid::Uuid;

use super::compare::Missing;
use super::completion::Completion;
use super::portion::Portion;
use super::{AT_ONCE, Result};
use crate::domain::Note;
use crate::misp::event::Draft;
use crate::misp::record::Record;

impl Completion<'_> {
    /// Whether something is new that a warninglist may hold, so that an edit needs an answer about it first.
    pub(super) fn asks_warninglists(&self, record: &Record) -> bool {
        let new = Missing::since(self.event, record);
        new.all_attributes()
            .any(|one| one.enforce_warninglist || self.refusals.is_watched(one.uuid))
    }

    /// Sends what an earlier delivery did not have, without a look at the event: nothing else has changed. Returns
    /// false if there is nothing to send. An edit of an event that is gone fails with [`ErrorKind::NotFound`].
    pub(super) fn extend(&mut self, record: &Record) -> Result<bool> {
        let new = Missing::since(self.event, record);
        self.refusals.find_listed(self.client, new.all_attributes())?;
        let attributes: Vec<_> = new
            .attributes
            .iter()
            .copied()
            .filter(|one| !self.refusals.has(one.uuid))
            .collect();
        let mut portions = Portion::split(attributes, new.objects.clone(), AT_ONCE);
        if let Some(first) = portions.first_mut() {
            first.reports = new.reports.iter().map(|report| self.readable(report)).collect();
        }
        portions.retain(|portion| !portion.is_empty());
        if portions.is_empty() {
            return Ok(false);
        }
        self.send(&portions)?;
        self.mend_references(portions.len())?;
        let stored: HashSet<Uuid> = self.stored.all_attributes().map(|one| one.uuid).collect();
        self.grown = new.all_attributes().any(|one| stored.contains(&one.uuid)) || !new.references.is_empty();
        Ok(true)
    }

    /// Mails that differ in their parameter lines only are one event.
    pub(super) fn other_directives(&self, draft: &Draft) -> Option<Note> {
        let record = self.record()?;
        (record.directives != draft.directives).then_some(Note::OtherParameters)
    }
}
