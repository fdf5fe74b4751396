//! The end of a delivery: free text, publishing, and the receipt.

use super::Result;
use super::compare::Missing;
use super::completion::Completion;
use crate::domain::{Note, Receipt, Said, Status};
use crate::misp::event::Draft;

impl Completion<'_> {
    /// Makes MISP import indicators from the text too. Only for a new event.
    pub(super) fn import_free_text(&mut self, text: &str) {
        self.notes
            .push(match self.client.import_free_text(&self.stored.id, text) {
                Ok(values) => {
                    let count = values.len();
                    self.imported = values;
                    Note::FreeTextAdded { count }
                }
                Err(error) => Note::FreeTextFailed {
                    error: Box::new((&error).into()),
                },
            });
    }

    /// Publishes in a request of its own, after all others. If `events/add` asked for it, a broken connection could
    /// leave a half-made event published.
    pub(super) fn publish(&mut self, wanted: bool, before: bool, status: Status) -> Result<()> {
        let unpublished_by_us = before && !self.stored.published && status == Status::Unchanged;
        if self.stored.published || !(wanted || unpublished_by_us) {
            if before && !self.stored.published {
                self.notes.push(Note::NoLongerPublished);
            }
            return Ok(());
        }
        match self.client.publish_event(self.uuid) {
            Ok(()) => self.stored.published = true,
            Err(error) if error.is_temporary() => return Err(error),
            Err(error) => self.notes.push(Note::NotPublished {
                error: Box::new((&error).into()),
            }),
        }
        Ok(())
    }

    pub(super) fn receipt(mut self, draft: &Draft, status: Status) -> Result<Receipt> {
        let mut missing = Missing::of(self.event, &self.stored);
        // Tags that were refused before are refused still, as long as nobody has added them.
        let refused_before = |name: &str| {
            let mut refused = self.record().into_iter().flat_map(|record| &record.refused);
            refused.any(|one| one.r#type == "tag" && one.value == name)
        };
        missing
            .tags
            .retain(|tag| self.tags.contains(&tag.name.as_str()) || refused_before(&tag.name));
        if !self.reported {
            missing.reports.clear();
        }
        if status != Status::Created {
            // Somebody may have removed them.
            missing.attribute_tags.clear();
            missing.sightings = 0;
        }
        if !missing.is_empty() {
            self.refusals.find_listed(self.client, missing.all_attributes())?;
        }
        let mut skipped = draft.skipped.clone();
        skipped.extend(missing.explain(self.event, &self.refusals));
        skipped.retain(|one| !self.imported.contains(&one.value));
        self.notes.extend(self.other_directives(draft));
        self.notes.extend(missing.note());
        self.notes.extend(self.client.warning());
        let noticed = self.notes.into_iter().map(Said::from);
        Ok(Receipt {
            status,
            uuid: Some(self.uuid),
            url: Some(self.client.event_url(&self.stored.id)),
            attributes: self.stored.count(),
            objects: self.stored.objects.len(),
            added: self.added,
            event_id: Some(self.stored.id),
            mode: draft.mode.clone(),
            authentication: draft.authentication.clone(),
            skipped,
            notes: draft.notes.iter().cloned().chain(noticed).collect(),
            error: None,
        })
    }
}
