//! Completes an event that the server has in whole or in part: sends what is missing, publishes, and makes the receipt
//! from what the server has stored.

use uuid::Uuid;

use super::compare::Missing;
use super::portion::Portion;
use super::refused::Refusals;
use super::{AT_ONCE, PAUSE, Result, Sleep, target};
use crate::domain::{Note, Problem, Receipt, Said, Status};
use crate::misp::client::{ErrorKind, MispClient, StoredEvent};
use crate::misp::event::{Draft, Event};

/// Most looks at an event that keeps growing; then a later delivery completes it.
const LOOKS: usize = 30;

/// After this many looks with the same number of attributes, the event counts as complete.
const STILL: usize = 2;

/// Most attempts at one portion if the connection breaks.
const TRIES: usize = 3;

pub(super) struct Completion<'a> {
    client: &'a MispClient,
    sleep: &'a Sleep,
    /// The event on the server: ours, or the one to add to.
    uuid: Uuid,
    event: &'a Event,
    pub(super) stored: StoredEvent,
    refusals: Refusals,
    notes: Vec<Note>,
    /// Tags that were sent, by name.
    pub(super) tags: Vec<&'a str>,
    /// Whether the report was sent.
    pub(super) reported: bool,
    /// Whether an edit has added something.
    pub(super) grown: bool,
}

impl<'a> Completion<'a> {
    pub(super) fn new(
        client: &'a MispClient,
        sleep: &'a Sleep,
        event: &'a Event,
        uuid: Uuid,
        stored: StoredEvent,
    ) -> Self {
        Self {
            client,
            sleep,
            uuid,
            event,
            stored,
            refusals: Refusals::default(),
            notes: Vec::new(),
            tags: Vec::new(),
            reported: false,
            grown: false,
        }
    }

    /// The number of parts of our event that the server has.
    fn have(&self) -> usize {
        let sent = self.event.attributes.len()
            + self
                .event
                .objects
                .iter()
                .map(|o| 1 + o.attributes.len() + o.references.len())
                .sum::<usize>()
            + self.event.reports.len();
        sent.saturating_sub(self.missing().count())
    }

    fn missing(&self) -> Missing<'a> {
        Missing::of(self.event, &self.stored)
    }

    /// Completes our event, which the server had already.
    pub(super) fn complete(&mut self, interrupted: bool) -> Result<()> {
        let missing = self.missing();
        if missing.is_empty() && (!interrupted || missing.tags.is_empty()) {
            return Ok(());
        }
        self.settle()?;
        let missing = self.missing();
        let mut portions = self.worth_sending(&missing, interrupted)?;
        if portions.is_empty() && interrupted {
            portions.push(Portion::default());
        }
        if let Some(first) = portions.first_mut() {
            // An analyst may have removed tags on purpose, but a half-made event never had them.
            let half_made = interrupted || self.stored.tags.is_empty();
            first.tags = if half_made { missing.tags } else { Vec::new() };
            first.reports = missing.reports;
        }
        portions.retain(|portion| !portion.is_empty());
        let before = self.have();
        self.send(&portions)?;
        self.mend_references(portions.len())?;
        self.grown = self.have() > before;
        Ok(())
    }

    /// Adds to somebody else's event.
    pub(super) fn complete_target(&mut self) -> Result<()> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let mut portions = self.worth_sending(&missing, false)?;
        let tags = target::tags_to_add(&self.event.tags, &self.stored);
        match portions.first_mut() {
            Some(first) => {
                first.tags = tags;
                first.reports = missing.reports;
            }
            None if missing.attributes.is_empty() && missing.objects.is_empty() => {
                portions.push(Portion {
                    tags,
                    reports: missing.reports,
                    ..Portion::default()
                });
            }
            None => {}
        }
        let before = self.have();
        self.send(&portions)?;
        self.mend_references(portions.len())?;
        self.grown = self.have() > before;
        Ok(())
    }

    /// Waits until nothing is missing, or until [`STILL`] looks in a row see the same number of attributes.
    fn settle(&mut self) -> Result<()> {
        let mut still = 0;
        for _ in 0..LOOKS {
            let before = self.stored.count();
            (self.sleep)(PAUSE);
            self.stored = self.client.view_event(&self.uuid.to_string())?;
            still = if self.stored.count() == before { still + 1 } else { 0 };
            if still == STILL || self.missing().is_empty() {
                return Ok(());
            }
        }
        Err(ErrorKind::Busy.because(Problem::StillStoring))
    }

    /// The part of `missing` that is worth an edit. An edit stores even values of warninglists, and unpublishes the
    /// event even if it changes nothing. So this first finds out what cannot or must not be stored.
    fn worth_sending(&mut self, missing: &Missing<'a>, interrupted: bool) -> Result<Vec<Portion<'a>>> {
        self.refusals.find_listed(self.client, missing.all_attributes())?;
        if !interrupted {
            self.refusals
                .find_elsewhere(self.client, &self.stored.id, missing.all_attributes())?;
        }
        let attributes: Vec<_> = missing
            .attributes
            .iter()
            .filter(|attribute| !self.refusals.has(attribute.uuid))
            .copied()
            .collect();
        let objects = missing.worth_sending(&self.stored, &attributes, &self.refusals);
        let mut portions = Portion::split(attributes, objects, AT_ONCE);
        portions.retain(|portion| !portion.is_empty());
        for portion in &mut portions {
            portion.without = self.refusals.listed();
        }
        Ok(portions)
    }

    /// Sends one `events/edit` for each portion. An edit adds what is missing and nothing else, so it can be repeated.
    pub(super) fn send(&mut self, portions: &[Portion<'a>]) -> Result<()> {
        for portion in portions {
            let mut portion = portion.clone();
            self.reported |= !portion.reports.is_empty();
            self.tags.extend(portion.tags.iter().map(|tag| tag.name.as_str()));
            if self.refusals.find_listed(self.client, portion.all_attributes())? {
                portion.without = self.refusals.listed();
            }
            let mut tries = 1;
            self.stored = loop {
                match self.client.edit_event(self.uuid, &portion.to_edit(self.uuid)) {
                    Ok(stored) => break stored,
                    Err(error) if error.may_have_arrived() && tries < TRIES => {
                        tries += 1;
                        self.settle()?;
                    }
                    Err(error) => return Err(error),
                }
            };
        }
        Ok(())
    }

    /// MISP drops references to objects of a later portion. Sends their objects again when all objects are there.
    pub(super) fn mend_references(&mut self, portions: usize) -> Result<()> {
        if portions == 0 {
            return Ok(());
        }
        let objects = self.missing().objects_without_references(&self.stored, &[]);
        if objects.is_empty() {
            return Ok(());
        }
        let portions = Portion::split(Vec::new(), objects, AT_ONCE);
        self.send(&portions)
    }

    /// Makes MISP import indicators from the text too. Only for a new event.
    pub(super) fn import_free_text(&mut self, text: &str) {
        self.notes
            .push(match self.client.import_free_text(&self.stored.id, text) {
                Ok(count) => Note::FreeTextAdded { count },
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
        let mut missing = self.missing();
        missing.tags.retain(|tag| self.tags.contains(&tag.name.as_str()));
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
        skipped.extend(missing.explain(&self.refusals));
        self.notes.extend(missing.note());
        self.notes.extend(self.client.warning());
        let noticed = self.notes.into_iter().map(Said::from);
        Ok(Receipt {
            status,
            uuid: Some(self.uuid),
            url: Some(self.client.event_url(&self.stored.id)),
            attributes: self.stored.count(),
            objects: self.stored.objects.len(),
            event_id: Some(self.stored.id),
            mode: draft.mode.clone(),
            authentication: draft.authentication.clone(),
            skipped,
            notes: draft.notes.iter().cloned().chain(noticed).collect(),
            error: None,
        })
    }
}
