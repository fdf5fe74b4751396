//! From a submission to its receipt: outbox first, then the event, then the destination. What cannot be delivered now
//! stays in the outbox and is tried again by whoever comes next.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::Prepared;
use crate::config::{Config, Settings};
use crate::destination::misp::MispDestination;
use crate::destination::{DeliveryError, Destination, Receipt, Status};
use crate::misp::event::Draft;
use crate::outbox::{Claim, Due, Outbox, OutboxError, RowId, Which};
use crate::submission::Target;

/// How long a row stays claimed without news of the process that holds it: what a killed one held waits that long.
const LEASE: Duration = Duration::from_secs(45);

/// How often the holder of a claim gives news.
const NEWS: Duration = Duration::from_secs(15);

/// Delivers what is in the outbox.
pub struct Courier<'a> {
    config: &'a Config,
    outbox: Outbox,
}

/// A submission's row, what became of it, and the event as it was built, if it was.
#[derive(Debug)]
pub struct Delivery {
    /// Row in the outbox.
    pub id: RowId,
    /// For the person.
    pub receipt: Receipt,
    /// The event.
    pub draft: Option<Draft>,
    /// Where the fault lies, when it failed for good.
    pub fault: Option<Fault>,
}

/// Where the fault lies that keeps an event from its destination until a person sees to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// In the configuration.
    Settings,
    /// In this program.
    Program,
    /// At the destination, which refuses.
    Destination,
}

/// Why an event is not at its destination.
enum Obstacle {
    /// Tried again later.
    Temporary(String, Option<Duration>),
    /// Kept until a person sees to it.
    Permanent(String, Fault),
}

impl<'a> Courier<'a> {
    /// Opens the outbox of the data folder.
    pub fn open(config: &'a Config, settings: &Settings) -> Result<Self, OutboxError> {
        Ok(Self {
            config,
            outbox: Outbox::open(&settings.paths.state_db)?,
        })
    }

    /// The outbox itself.
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Stores a submission, durably, and delivers it if possible.
    pub fn send(&self, prepared: impl Into<Prepared>) -> Result<Delivery, OutboxError> {
        let prepared = prepared.into();
        let (stored, claim) = self.outbox.put_claimed(&prepared.submission, LEASE)?;
        match claim {
            Some(claim) => self.keeping(&claim, || self.deliver_claimed(&claim, Some(prepared))),
            None => Ok(held_elsewhere(stored.id)),
        }
    }

    /// Delivers one row.
    pub fn deliver(&self, id: RowId) -> Result<Delivery, OutboxError> {
        match self.outbox.claim(id, LEASE)? {
            Some(claim) => self.keeping(&claim, || self.deliver_claimed(&claim, None)),
            None => Ok(held_elsewhere(id)),
        }
    }

    /// Delivers what is due; `each` sees every delivery.
    pub fn deliver_due(&self, mut each: impl FnMut(Delivery)) -> Result<(), OutboxError> {
        while let Some(delivery) = self.deliver_next()? {
            each(delivery);
        }
        Ok(())
    }

    /// Delivers the row that is due longest, if one is.
    pub fn deliver_next(&self) -> Result<Option<Delivery>, OutboxError> {
        match self.outbox.claim_due(Due::Now, 1, LEASE)?.pop() {
            Some(claim) => self.keeping(&claim, || self.deliver_claimed(&claim, None)).map(Some),
            None => Ok(None),
        }
    }

    /// Makes rows due again and delivers them.
    pub fn retry(&self, which: Which, rebuild: bool, mut each: impl FnMut(Delivery)) -> Result<(), OutboxError> {
        self.outbox.retry(which, rebuild)?;
        match which {
            Which::One(id) => {
                each(self.deliver(id)?);
                Ok(())
            }
            Which::All => self.deliver_due(each),
        }
    }

    /// Gives news of the claim while `work` goes on.
    fn keeping<T>(&self, claim: &Claim, work: impl FnOnce() -> T) -> T {
        let (working, end) = mpsc::channel::<()>();
        let outbox = &self.outbox;
        thread::scope(|scope| {
            scope.spawn(move || {
                while end.recv_timeout(NEWS) == Err(RecvTimeoutError::Timeout) {
                    // A claim that is lost, or over, shows at the next step of the work itself.
                    let _ = outbox.renew(claim, LEASE);
                }
            });
            let done = work();
            drop(working);
            done
        })
    }

    fn deliver_claimed(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Delivery, OutboxError> {
        let prepared = match prepared {
            Some(prepared) => prepared,
            None => self.outbox.submission(claim.id)?.into(),
        };
        let submission = &prepared.submission;
        let settings = match self.config.profile(submission.profile.as_deref()) {
            Ok(settings) => settings,
            Err(error) => return self.give_up(claim, Obstacle::Permanent(error.to_string(), Fault::Settings), None),
        };
        let target = submission.overrides.destination.unwrap_or(settings.destination);
        let draft = match self.outbox.draft(claim.id)? {
            Some(draft) => draft,
            None => match self.build(prepared, &settings) {
                Ok(mut draft) => {
                    draft.event.stamp(claim.stamp);
                    draft
                }
                Err(reason) => return self.give_up(claim, Obstacle::Permanent(reason, Fault::Program), None),
            },
        };
        let destination = match Self::destination(target, &settings) {
            Ok(destination) => destination,
            Err(reason) => return self.give_up(claim, Obstacle::Permanent(reason, Fault::Settings), Some(draft)),
        };
        match destination.deliver(&draft) {
            Ok(receipt) => {
                self.outbox.finish(claim, &receipt, target.name())?;
                Ok(Delivery {
                    id: claim.id,
                    receipt,
                    draft: Some(draft),
                    fault: None,
                })
            }
            Err(DeliveryError::Temporary { reason, after }) => {
                self.give_up(claim, Obstacle::Temporary(reason, after), Some(draft))
            }
            Err(DeliveryError::Permanent { reason }) => {
                self.give_up(claim, Obstacle::Permanent(reason, Fault::Destination), Some(draft))
            }
        }
    }

    /// Builds the event. A panic in a stage is a fault of ours: the mail stays in the outbox with the reason.
    fn build(&self, prepared: Prepared, settings: &Settings) -> Result<Draft, String> {
        let mut enricher = |nodes: &[crate::policy::Node<'_>]| super::enrichment::gather(nodes, settings, &self.outbox);
        let build = || super::draft(prepared, settings, &today(), &mut enricher);
        match panic::catch_unwind(AssertUnwindSafe(build)) {
            Ok(draft) => draft.map_err(|error| error.to_string()),
            Err(_) => {
                Err("building the event failed by a fault in mispigeon; please report it with this mail".to_owned())
            }
        }
    }

    fn destination(target: Target, settings: &Settings) -> Result<Box<dyn Destination>, String> {
        Ok(match target {
            Target::Misp => {
                let server = settings.misp_settings().map_err(|error| error.to_string())?;
                Box::new(MispDestination::new(server).map_err(|error| error.to_string())?)
            }
            Target::Feed => Box::new(settings.feed()),
        })
    }

    fn give_up(&self, claim: &Claim, obstacle: Obstacle, draft: Option<Draft>) -> Result<Delivery, OutboxError> {
        if let Some(draft) = draft.as_ref().filter(|_| !claim.has_draft) {
            self.outbox.keep_draft(claim, draft)?;
        }
        let (mut receipt, fault) = match obstacle {
            Obstacle::Temporary(reason, after) => {
                self.outbox.postpone(claim, &reason, after)?;
                (receipt(Status::Queued, reason), None)
            }
            Obstacle::Permanent(reason, fault) => {
                self.outbox.fail(claim, &reason)?;
                (receipt(Status::Failed, reason), Some(fault))
            }
        };
        if let Some(draft) = &draft {
            receipt.uuid = Some(draft.event.uuid);
            receipt.skipped.clone_from(&draft.skipped);
            receipt.notes.clone_from(&draft.notes);
        }
        Ok(Delivery {
            id: claim.id,
            receipt,
            draft,
            fault,
        })
    }
}

fn held_elsewhere(id: RowId) -> Delivery {
    Delivery {
        id,
        receipt: receipt(Status::Queued, "another process is delivering it just now".to_owned()),
        draft: None,
        fault: None,
    }
}

fn receipt(status: Status, error: String) -> Receipt {
    Receipt {
        status,
        uuid: None,
        event_id: None,
        url: None,
        attributes: 0,
        objects: 0,
        skipped: Vec::new(),
        notes: Vec::new(),
        error: Some(error),
    }
}

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
        .to_string()
}
