//! A MISP server as destination: one `events/add` with everything, a look at what was really stored, one `events/edit`
//! where something is missing, and publishing last. The requests themselves are `misp::client`'s.

use std::time::Duration;

use uuid::Uuid;

use super::{DeliveryError, Destination, Receipt, Status};
use crate::misp::client::{MispClient, MispError, MispSettings, StoredEvent};
use crate::misp::event::{Draft, Event};

mod compare;
mod portion;
mod refused;
mod target;
#[cfg(test)]
mod tests;

use compare::Missing;
use portion::Portion;
use refused::Refusals;

/// Attributes in one request. A server takes 2 s for them; more in one request gains nothing and runs into time-outs.
const AT_ONCE: usize = 1000;

/// Between two looks at an event that may still be being stored.
const PAUSE: Duration = Duration::from_secs(2);

/// Looks before an event that keeps growing, or does not appear, is left for later.
const LOOKS: usize = 30;

/// An event that does not appear within this many looks was never begun.
const LOOKS_FOR_FIRST_SIGN: usize = 3;

/// Times that one portion is sent, when the server breaks off.
const TRIES: usize = 3;

type Result<T> = std::result::Result<T, MispError>;

/// Waits between two looks.
pub type Sleep = Box<dyn Fn(Duration) + Send + Sync>;

/// A MISP server as destination.
pub struct MispDestination {
    client: MispClient,
    sleep: Sleep,
}

/// How the event came to be on the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// By this delivery, in one go.
    Now,
    /// By this delivery, which was cut off: it may be half made.
    Interrupted,
    /// By an earlier delivery or somebody else.
    Before,
}

/// A delivery while it runs.
struct Delivery<'a> {
    client: &'a MispClient,
    sleep: &'a Sleep,
    /// Uuid of the event on the server: ours, or that of the event to add to.
    uuid: Uuid,
    event: &'a Event,
    stored: StoredEvent,
    refusals: Refusals,
    notes: Vec<String>,
    /// Names of the tags that were sent.
    tags: Vec<&'a str>,
    /// The report was sent.
    reported: bool,
    /// An edit of ours brought something.
    grown: bool,
}

impl MispDestination {
    /// The server that the settings name. Nothing is sent yet.
    pub fn new(settings: MispSettings) -> Result<Self> {
        Ok(Self::with_client(MispClient::new(settings)?))
    }

    /// The server that `client` talks to.
    pub fn with_client(client: MispClient) -> Self {
        Self {
            client,
            sleep: Box::new(std::thread::sleep),
        }
    }

    /// Waits by `sleep` instead of the system's clock.
    #[must_use]
    pub fn with_sleep(mut self, sleep: Sleep) -> Self {
        self.sleep = sleep;
        self
    }

    /// The client, for questions that are no delivery.
    pub const fn client(&self) -> &MispClient {
        &self.client
    }

    fn create(&self, draft: &Draft) -> Result<Receipt> {
        let event = &draft.event;
        let mut portions = Portion::split(
            event.attributes.iter().collect(),
            event.objects.iter().collect(),
            AT_ONCE,
        );
        let first = portions.remove(0);
        let (made, stored) = match self.client.add_event(&first.to_add(event)) {
            Ok(stored) => (Made::Now, stored),
            Err(MispError::Exists { reason }) => (Made::Before, self.view_existing(event.uuid, &reason)?),
            Err(error) if error.may_have_arrived() => match self.await_first_sign(event.uuid) {
                Ok(true) => (Made::Interrupted, self.client.view_event(&event.uuid.to_string())?),
                _ => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let mut delivery = self.delivery(event, event.uuid, stored);
        let published = delivery.stored.published;
        if made == Made::Now {
            delivery.tags = event.tags.iter().map(|tag| tag.name.as_str()).collect();
            delivery.reported = true;
            delivery.send(&portions)?;
            delivery.mend_references(portions.len())?;
        } else {
            delivery.complete(made == Made::Interrupted)?;
        }
        let status = match made {
            Made::Now | Made::Interrupted => Status::Created,
            Made::Before if delivery.grown => Status::Updated,
            Made::Before => Status::Unchanged,
        };
        delivery.publish(draft.publish, published, status)?;
        delivery.receipt(draft, status)
    }

    fn add_to(&self, draft: &Draft, target: &str) -> Result<Receipt> {
        let stored = target::find(&self.client, target)?;
        let published = stored.published;
        let mut delivery = self.delivery(&draft.event, stored.uuid, stored);
        delivery.complete_target()?;
        let status = if delivery.grown {
            Status::Updated
        } else {
            Status::Unchanged
        };
        delivery.publish(draft.publish, published, status)?;
        delivery.receipt(draft, status)
    }

    fn delivery<'a>(&'a self, event: &'a Event, uuid: Uuid, stored: StoredEvent) -> Delivery<'a> {
        let (client, sleep) = (&self.client, &self.sleep);
        Delivery {
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

    fn view_existing(&self, uuid: Uuid, said: &str) -> Result<StoredEvent> {
        self.client.view_event(&uuid.to_string()).map_err(|error| match error {
            MispError::NotFound { .. } => MispError::Permission {
                reason: format!("MISP says: {said} But this user may not see it: it belongs to another organisation"),
            },
            other => other,
        })
    }

    /// The server broke off: has it begun to store the event?
    fn await_first_sign(&self, uuid: Uuid) -> Result<bool> {
        for look in 1..=LOOKS_FOR_FIRST_SIGN {
            match self.client.event_exists(uuid) {
                Ok(false) => {}
                Err(error) if error.is_temporary() && look < LOOKS_FOR_FIRST_SIGN => {}
                other => return other,
            }
            if look < LOOKS_FOR_FIRST_SIGN {
                (self.sleep)(PAUSE);
            }
        }
        Ok(false)
    }
}

impl Destination for MispDestination {
    fn deliver(&self, draft: &Draft) -> std::result::Result<Receipt, DeliveryError> {
        let receipt = match &draft.add_to {
            Some(target) => self.add_to(draft, target),
            None => self.create(draft),
        };
        Ok(receipt?)
    }
}

impl<'a> Delivery<'a> {
    /// How much of ours the server has.
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

    /// Finishes an event of ours that was there when we looked.
    fn complete(&mut self, interrupted: bool) -> Result<()> {
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
            // An analyst may have taken tags away on purpose; a half-made event never had them.
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

    /// Adds to an event of others.
    fn complete_target(&mut self) -> Result<()> {
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

    /// Waits until the server has stopped storing: two looks that see the same number, or nothing missing.
    fn settle(&mut self) -> Result<()> {
        for _ in 0..LOOKS {
            let before = self.stored.count();
            (self.sleep)(PAUSE);
            self.stored = self.client.view_event(&self.uuid.to_string())?;
            if self.stored.count() == before || self.missing().is_empty() {
                return Ok(());
            }
        }
        let reason = "MISP is still storing the event; it is completed later if need be".to_owned();
        Err(MispError::Busy { reason, after: None })
    }

    /// What of `missing` an edit can bring. An edit stores also what is on a warninglist, and it unpublishes even when
    /// it changes nothing: so what cannot or must not be stored is found out before.
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

    /// One `events/edit` for each portion. It completes, leaves alone what is there, and is harmless to repeat.
    fn send(&mut self, portions: &[Portion<'a>]) -> Result<()> {
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

    /// A reference into a later portion was dropped: send its object once more, now that all are there.
    fn mend_references(&mut self, portions: usize) -> Result<()> {
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

    /// Last, in a request of its own: `published` in an `events/add` that fails leaves a half-made event published.
    fn publish(&mut self, wanted: bool, before: bool, status: Status) -> Result<()> {
        let unpublished_by_us = before && !self.stored.published && status == Status::Unchanged;
        if self.stored.published || !(wanted || unpublished_by_us) {
            if before && !self.stored.published {
                self.notes.push(
                    "the event was published; with its new content it is not, until it is published again".into(),
                );
            }
            return Ok(());
        }
        match self.client.publish_event(self.uuid) {
            Ok(()) => self.stored.published = true,
            Err(error) if error.is_temporary() => return Err(error),
            Err(error) => self
                .notes
                .push(format!("the event is stored, but not published: {error}")),
        }
        Ok(())
    }

    fn receipt(mut self, draft: &Draft, status: Status) -> Result<Receipt> {
        let mut missing = self.missing();
        missing.tags.retain(|tag| self.tags.contains(&tag.name.as_str()));
        if !self.reported {
            missing.reports.clear();
        }
        if status != Status::Created {
            // Somebody may have taken them away.
            missing.attribute_tags.clear();
            missing.sightings = 0;
        }
        if !missing.is_empty() {
            self.refusals.find_listed(self.client, missing.all_attributes())?;
        }
        let mut skipped = draft.skipped.clone();
        skipped.extend(self.refusals.explain(&missing));
        let mut notes = draft.notes.clone();
        notes.append(&mut self.notes);
        notes.extend(missing.notes());
        notes.extend(self.client.warning());
        Ok(Receipt {
            status,
            uuid: Some(self.uuid),
            url: Some(self.client.event_url(&self.stored.id)),
            attributes: self.stored.count(),
            objects: self.stored.objects.len(),
            event_id: Some(self.stored.id),
            skipped,
            notes,
            error: None,
        })
    }
}
