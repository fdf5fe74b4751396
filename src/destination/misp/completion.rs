//! Completes an event that the server has in whole or in part: sends what is missing, publishes, and makes the receipt
//! from what the server has stored.

use std::borrow::Cow;
use std::collections::HashSet;

use uuid::Uuid;

use super::compare::Missing;
use super::portion::Portion;
use super::refused::Refusals;
use super::{AT_ONCE, PAUSE, Result, Sleep, head, target};
use crate::domain::{Note, Problem, Receipt, Said, Status};
use crate::misp::client::{ErrorKind, MispClient, StoredEvent};
use crate::misp::event::{Draft, Event, EventReport};
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
    client: &'a MispClient,
    sleep: &'a Sleep,
    /// The event on the server: ours, or the one to add to.
    uuid: Uuid,
    event: &'a Event,
    pub(super) earlier: &'a Earlier,
    pub(super) stored: StoredEvent,
    refusals: Refusals,
    notes: Vec<Note>,
    /// Values that free-text import has added.
    imported: Vec<String>,
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

    /// Whether something is new that a warninglist may hold, so that an edit needs an answer about it first.
    pub(super) fn asks_warninglists(&self, record: &Record) -> bool {
        let new = Missing::since(self.event, record);
        new.all_attributes()
            .any(|one| one.enforce_warninglist || self.refusals.is_watched(one.uuid))
    }

    /// What the server may still take.
    fn missing(&self) -> Missing<'a> {
        Missing::of(self.event, &self.stored).without_known(&self.refusals)
    }

    fn record(&self) -> Option<&'a Record> {
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

    /// The report without the lines that name what is not stored: MISP shows them as invalid.
    fn readable(&self, report: &'a EventReport) -> Cow<'a, EventReport> {
        let refused = |line: &str| {
            let uuid = line
                .strip_prefix("- @[attribute](")
                .and_then(|rest| rest.strip_suffix(')'));
            uuid.and_then(|uuid| Uuid::parse_str(uuid).ok())
                .is_some_and(|uuid| self.refusals.has(uuid))
        };
        if !report.content.lines().any(refused) {
            return Cow::Borrowed(report);
        }
        let kept: Vec<&str> = report.content.split('\n').filter(|line| !refused(line)).collect();
        Cow::Owned(EventReport {
            content: kept.join("\n"),
            ..report.clone()
        })
    }

    /// Sends the report of a new event again if it names what MISP dropped.
    pub(super) fn mend_report(&mut self) -> Result<()> {
        let missing = self.missing();
        self.refusals
            .find_listed(self.client, missing.attributes.iter().copied())?;
        for attribute in &missing.attributes {
            self.refusals.refuse(attribute);
        }
        let reports = self.event.reports.iter().map(|report| self.readable(report));
        let reports: Vec<_> = reports.filter(|report| matches!(report, Cow::Owned(_))).collect();
        if reports.is_empty() {
            return Ok(());
        }
        self.send(&[Portion {
            reports,
            ..Portion::default()
        }])
    }

    /// Adds to somebody else's event.
    pub(super) fn complete_target(&mut self) -> Result<()> {
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

    /// Mails that differ in their parameter lines only are one event.
    fn other_directives(&self, draft: &Draft) -> Option<Note> {
        let record = self.record()?;
        (record.directives != draft.directives).then_some(Note::OtherParameters)
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
            event_id: Some(self.stored.id),
            skipped,
            notes: draft.notes.iter().cloned().chain(noticed).collect(),
            error: None,
        })
    }
}
