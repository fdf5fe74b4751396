//! A MISP server as destination: sends one `events/add` with everything, looks at what MISP stored, sends an
//! `events/edit` if something is missing, and publishes last. `misp::client` has the requests.

use std::time::Duration;

use uuid::Uuid;

use super::{DeliveryError, Destination};
use crate::domain::{Problem, Receipt, Said, Status};
use crate::misp::client::{ErrorKind, MispClient, MispError, MispSettings, StoredEvent};
use crate::misp::event::Draft;
use crate::misp::record::{Earlier, Record};

mod again;
mod compare;
mod completion;
mod ending;
mod head;
mod portion;
mod refused;
mod report;
#[cfg(test)]
mod shelf;
mod target;
#[cfg(test)]
mod tests;

use completion::Completion;
use portion::Portion;

/// Most attributes in one request, which takes a server 2 s. More would gain nothing and run into time-outs.
const AT_ONCE: usize = 1000;

/// Wait between two looks at an event that the server may still be storing.
const PAUSE: Duration = Duration::from_secs(2);

/// After this many looks without the event, the server never began to store it.
const LOOKS_FOR_FIRST_SIGN: usize = 3;

type Result<T> = std::result::Result<T, MispError>;

/// How to wait. Tests pass a function that returns at once.
pub type Sleep = Box<dyn Fn(Duration) + Send + Sync>;

pub struct MispDestination {
    client: MispClient,
    sleep: Sleep,
}

/// How the event got onto the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// This delivery made it, in one go.
    Now,
    /// This delivery was cut off while making it: it may be half made.
    Interrupted,
    /// It was there before, from an earlier delivery or from somebody else.
    Before,
}

impl MispDestination {
    /// Sends nothing yet.
    pub fn new(settings: MispSettings) -> Result<Self> {
        Ok(Self::with_client(MispClient::new(settings)?))
    }

    pub fn with_client(client: MispClient) -> Self {
        Self {
            client,
            sleep: Box::new(std::thread::sleep),
        }
    }

    #[must_use]
    pub fn with_sleep(mut self, sleep: Sleep) -> Self {
        self.sleep = sleep;
        self
    }

    /// For requests other than deliveries.
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
        let mut first = portions.remove(0);
        let mut delivery = self.delivery(draft, event.uuid, StoredEvent::default());
        delivery.prepare(&mut first)?;
        let (made, stored) = match self.client.add_event(&first.to_add(event)) {
            Ok(stored) => (Made::Now, stored),
            Err(error) if error.kind == ErrorKind::Exists => (Made::Before, self.view_existing(event.uuid, &error)?),
            Err(error) if error.may_have_arrived() => match self.await_first_sign(event.uuid) {
                Ok(true) => (Made::Interrupted, self.client.view_event(&event.uuid.to_string())?),
                // The server answers: it was only this request that took too long.
                Ok(false) => {
                    let kind = ErrorKind::Interrupted;
                    return Err(MispError { kind, ..error });
                }
                Err(_) => return Err(error),
            },
            Err(error) => return Err(error),
        };
        let published = stored.published;
        delivery.stored = stored;
        if made == Made::Now {
            // Whatever was there before is gone.
            delivery.earlier = &Earlier::None;
            delivery.tags = event.tags.iter().map(|tag| tag.name.as_str()).collect();
            delivery.reported = true;
            delivery.send(&portions)?;
            delivery.mend_references(portions.len())?;
            delivery.mend_report()?;
        } else {
            delivery.complete(made == Made::Interrupted)?;
        }
        let status = match made {
            Made::Now | Made::Interrupted => Status::Created,
            Made::Before => delivery.status(),
        };
        if let (Status::Created, Some(text)) = (status, &draft.free_text) {
            delivery.import_free_text(text);
        }
        delivery.publish(draft.publish, published, status)?;
        delivery.receipt(draft, status)
    }

    /// Delivers again what the server has, as far as the outbox remembers. Takes at most two requests, unless settings
    /// and values have changed together. `None`: the server does not have it any more.
    fn update(&self, draft: &Draft, record: &Record) -> Result<Option<Receipt>> {
        let gone = |error: MispError| match error.kind {
            ErrorKind::NotFound => Ok(None),
            _ => Err(error),
        };
        let uuid = draft.event.uuid;
        let mut delivery = self.delivery(draft, uuid, StoredEvent::default());
        if delivery.asks_warninglists(record) && head::is_same(&draft.event, record) {
            match delivery.extend(record) {
                Ok(true) => {
                    let published = delivery.stored.publish_timestamp > 0;
                    delivery.publish(draft.publish, published, Status::Updated)?;
                    return delivery.receipt(draft, Status::Updated).map(Some);
                }
                Ok(false) => {}
                Err(error) => return gone(error),
            }
        }
        delivery.stored = match self.client.view_event(&uuid.to_string()) {
            Ok(stored) => stored,
            Err(error) => return gone(error),
        };
        let published = delivery.stored.published;
        delivery.complete(false)?;
        let status = delivery.status();
        delivery.publish(draft.publish, published, status)?;
        delivery.receipt(draft, status).map(Some)
    }

    fn add_to(&self, draft: &Draft, target: &str) -> Result<Receipt> {
        let stored = target::find(&self.client, target)?;
        let published = stored.published;
        let mut delivery = self.delivery(draft, stored.uuid, stored);
        delivery.complete_target()?;
        let status = delivery.status();
        delivery.publish(draft.publish, published, status)?;
        delivery.receipt(draft, status)
    }

    fn delivery<'a>(&'a self, draft: &'a Draft, uuid: Uuid, stored: StoredEvent) -> Completion<'a> {
        Completion::new(&self.client, &self.sleep, draft, uuid, stored)
    }

    fn view_existing(&self, uuid: Uuid, exists: &MispError) -> Result<StoredEvent> {
        self.client.view_event(&uuid.to_string()).map_err(|error| {
            if error.kind != ErrorKind::NotFound {
                return error;
            }
            let problem = Box::new(Said::from(exists));
            ErrorKind::Permission.because(Problem::EventNotVisible { problem })
        })
    }

    /// Whether the server had begun to store the event when the connection broke. Without an answer the next delivery looks again:
    /// others wait meanwhile.
    fn await_first_sign(&self, uuid: Uuid) -> Result<bool> {
        for look in 1..=LOOKS_FOR_FIRST_SIGN {
            if self.client.event_exists(uuid)? {
                return Ok(true);
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
        if let Some(target) = &draft.add_to {
            return Ok(self.add_to(draft, target)?);
        }
        if let Earlier::Delivered(record) = &draft.earlier
            && let Some(receipt) = self.update(draft, record)?
        {
            return Ok(receipt);
        }
        Ok(self.create(draft)?)
    }
}
