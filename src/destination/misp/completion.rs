//! Completes an event that the server has in whole or in part: sends what is missing, publishes, and makes the receipt
//! from what the server has stored.

use std::collections::HashSet;

use uuid::Uuid;

use super::compare::Missing;
use super::portion::Portion;
use super::refused::Refusals;
use super::{AT_ONCE, PAUSE, Result, Sleep, head, target};
use crate::domain::{Added, Note, Problem, Status};
use crate::misp::client::{ErrorKind, MispClient, StoredEvent};
use crate::misp::event::{Draft, Event};
use crate::misp::record::{Earlier, Record};

/// Most looks at an event that keeps growing; then a later delivery completes it.
const LOOKS: usize = 30;

/// After this many looks with the same number of attributes, the event counts as complete.
const STILL: usize = 2;

/// An event that was not changed for so many seconds is not being stored any more: 20,000 attributes take a server 40.
const QUIET: i64 = 600;

/// Most attempts at one portion if the connection breaks.
const TRIES: usize = 3;

pub(super) struct Completion<'a> {
    pub(super) client: &'a MispClient,
    sleep: &'a Sleep,
    /// The event on the server: ours, or the one to add to.
    pub(super) uuid: Uuid,
    pub(super) event: &'a Event,
    pub(super) earlier: &'a Earlier,
    pub(super) stored: StoredEvent,
    pub(super) refusals: Refusals,
    pub(super) notes: Vec<Note>,
    /// Values that free-text import has added.
    pub(super) imported: Vec<String>,
    /// Tags that were sent, by name.
    pub(super) tags: Vec<&'a str>,
    /// Whether the report was sent.
    pub(super) reported: bool,
    /// Whether an edit has added something.
    pub(super) grown: bool,
    /// What was added to an event that was named.
    pub(super) added: Option<Added>,
}

impl<'a> Completion<'a> {
    pub(super) fn new(
        client: &'a MispClient,
        sleep: &'a Sleep,
        draft: &'a Draft,
        uuid: Uuid,
        stored: StoredEvent,
    ) -> Self {
        let event = &draft.event;
        let mut refusals = Refusals::default();
        if draft.check_objects {
            refusals.watch_objects(event);
        }
        if let Earlier::Delivered(record) = &draft.earlier {
            refusals.remember(record, event);
        }
        Self {
            client,
            sleep,
            uuid,
            event,
            earlier: &draft.earlier,
            stored,
            refusals,
            notes: Vec::new(),
            imported: Vec::new(),
            tags: Vec::new(),
            reported: false,
            grown: false,
            added: None,
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

    /// Whether an edit added or changed something.
    pub(super) fn status(&self) -> Status {
        if self.grown { Status::Updated } else { Status::Unchanged }
    }

    /// What the server may still take.
    pub(super) fn missing(&self) -> Missing<'a> {
        Missing::of(self.event, &self.stored).without_known(&self.refusals)
    }

    pub(super) fn record(&self) -> Option<&'a Record> {
        match self.earlier {
            Earlier::Delivered(record) => Some(record),
            Earlier::None | Earlier::Tried => None,
        }
    }

    /// Finds what of the first portion loses its IDS flag.
    pub(super) fn prepare(&mut self, first: &mut Portion<'a>) -> Result<()> {
        let of_objects = first.objects.iter().flat_map(|object| &object.attributes);
        let flagged: Vec<_> = of_objects.filter(|one| self.refusals.is_watched(one.uuid)).collect();
        if !flagged.is_empty() {
            self.refusals.find_listed(self.client, flagged.into_iter())?;
            first.unflagged = self.refusals.unflagged();
        }
        Ok(())
    }

    /// Completes our event, which the server had already.
    pub(super) fn complete(&mut self, interrupted: bool) -> Result<()> {
        let missing = self.missing();
        if !missing.is_empty() || (interrupted && !missing.tags.is_empty()) {
            if interrupted || !self.is_old() {
                self.settle()?;
            }
        } else if interrupted {
            return Ok(());
        }
        let missing = self.missing();
        let mut portions = self.worth_sending(&missing, interrupted)?;
        if portions.is_empty() {
            portions.push(Portion::default());
        }
        let heading = if interrupted {
            head::Heading::default()
        } else {
            head::compare(self.event, &self.stored, self.record())
        };
        if let Some(first) = portions.first_mut() {
            // An analyst may have removed tags on purpose, but a half-made event never had them.
            let half_made = interrupted || self.stored.tags.is_empty();
            let is_edited = interrupted || !first.is_empty();
            first.tags = if half_made && is_edited {
                missing.tags
            } else {
                heading.tags.clone()
            };
            // The report alone may be missing because somebody has deleted it.
            let reports = missing.reports.iter().filter(|_| is_edited);
            first.reports = reports.map(|report| self.readable(report)).collect();
            first.head = heading.change;
        }
        portions.retain(|portion| !portion.is_empty());
        let changes = heading.changes();
        self.notes.extend(heading.notes());
        let before = self.have();
        self.send(&portions)?;
        self.mend_references(portions.len())?;
        self.grown = changes || self.have() > before;
        Ok(())
    }

    /// Whether the server cannot be storing the event any more.
    fn is_old(&self) -> bool {
        match self.earlier {
            Earlier::Delivered(_) => true,
            Earlier::Tried => false,
            Earlier::None => self.stored.age.is_some_and(|age| age > QUIET),
        }
    }

    /// Adds to somebody else's event.
    pub(super) fn complete_target(&mut self) -> Result<()> {
        let before = self.ours();
        self.extend_target()?;
        let after = self.ours();
        self.added = Some(Added {
            attributes: after.attributes.saturating_sub(before.attributes),
            objects: after.objects.saturating_sub(before.objects),
        });
        Ok(())
    }

    /// How many of our attributes and objects the event has.
    fn ours(&self) -> Added {
        let of_objects = self.event.objects.iter().flat_map(|object| &object.attributes);
        let attributes: HashSet<Uuid> = self
            .event
            .attributes
            .iter()
            .chain(of_objects)
            .map(|one| one.uuid)
            .collect();
        let objects: HashSet<Uuid> = self.event.objects.iter().map(|object| object.uuid).collect();
        let stored = &self.stored;
        Added {
            attributes: stored
                .all_attributes()
                .filter(|one| attributes.contains(&one.uuid))
                .count(),
            objects: stored.objects.iter().filter(|one| objects.contains(&one.uuid)).count(),
        }
    }

    fn extend_target(&mut self) -> Result<()> {
        let missing = self.missing();
        if missing.is_empty() {
            return Ok(());
        }
        let mut portions = self.worth_sending(&missing, false)?;
        let tags = target::tags_to_add(&self.event.tags, &self.stored);
        let reports = missing.reports.iter().map(|report| self.readable(report)).collect();
        match portions.first_mut() {
            Some(first) => {
                first.tags = tags;
                first.reports = reports;
            }
            None if missing.attributes.is_empty() && missing.objects.is_empty() => {
                portions.push(Portion {
                    tags,
                    reports,
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
            portion.unflagged = self.refusals.unflagged();
        }
        Ok(portions)
    }

    /// Sends one `events/edit` for each portion. An edit adds what is missing and nothing else, so it can be repeated.
    pub(super) fn send(&mut self, portions: &[Portion<'a>]) -> Result<()> {
        for portion in portions {
            let mut portion = portion.clone();
            self.reported |= !portion.reports.is_empty();
            self.tags.extend(portion.tags.iter().map(|tag| tag.name.as_str()));
            self.refusals.find_listed(self.client, portion.all_attributes())?;
            portion.without = self.refusals.listed();
            portion.unflagged = self.refusals.unflagged();
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
        let missing = self.missing();
        let mut objects = missing.objects_without_references(&self.stored, &[]);
        // Those of an earlier delivery are gone because somebody removed them.
        if let Some(record) = self.record() {
            let is_new = |uuid: Uuid| !record.has(uuid);
            objects.retain(|object| object.references.iter().any(|one| is_new(one.uuid)));
        }
        if objects.is_empty() {
            return Ok(());
        }
        let portions = Portion::split(Vec::new(), objects, AT_ONCE);
        self.send(&portions)
    }
}
