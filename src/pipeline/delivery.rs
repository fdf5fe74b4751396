//! From a submission to its receipt: outbox first, then the event, then the destination. What cannot be delivered now
//! stays in the outbox and is tried again by whoever comes next.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::Prepared;
use crate::config::{Config, ConfigError, Settings};
use crate::destination::feed::Feed;
use crate::destination::misp::MispDestination;
use crate::destination::{DeliveryError, Destination};
use crate::domain::{Problem, Receipt, Said, Status, Target};
use crate::misp::event::Draft;
use crate::outbox::{Claim, Due, Outbox, OutboxError, RowId, Which};

/// How long a row stays claimed without news of the process that holds it: what a killed one held waits that long.
const LEASE: Duration = Duration::from_secs(45);

/// How often the holder of a claim gives news.
const NEWS: Duration = Duration::from_secs(15);

/// Delivers what is in the outbox.
pub struct Courier<'a> {
    config: &'a Config,
    outbox: Outbox,
    /// Of each profile that was asked for, made once.
    settings: Mutex<HashMap<Option<String>, Arc<Settings>>>,
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

/// Events that are built before those for a feed are looked at.
const BUILT_TOGETHER: usize = 64;

/// Bytes of mails whose events go into a feed together, and so are held in memory.
const FEED_BYTES: usize = 32 << 20;

/// An event on its way to its destination.
struct Ready {
    draft: Draft,
    target: Target,
    settings: Arc<Settings>,
    /// Bytes of its mail.
    size: usize,
}

/// A row on its way: built, or already at an end.
enum Step {
    Ready(Box<Ready>),
    Ended(Box<Delivery>),
}

/// Events that go into one feed together.
#[derive(Default)]
struct FeedBatch<'c> {
    feed: Option<Feed>,
    drafts: Vec<(&'c Claim, Draft)>,
    bytes: usize,
}

impl<'c> FeedBatch<'c> {
    fn takes(&self, ready: &Ready) -> bool {
        let same = |feed: &Feed| *feed == ready.settings.feed();
        self.feed.as_ref().is_none_or(same) && self.bytes < FEED_BYTES
    }

    fn add(&mut self, claim: &'c Claim, ready: Box<Ready>) {
        self.bytes += ready.size;
        let Ready { draft, settings, .. } = *ready;
        self.feed.get_or_insert_with(|| settings.feed());
        self.drafts.push((claim, draft));
    }
}

/// Why an event is not at its destination.
#[derive(Clone)]
enum Obstacle {
    /// Tried again later.
    Temporary(Said, Option<Duration>),
    /// Kept until a person sees to it.
    Permanent(Said, Fault),
}

impl From<DeliveryError> for Obstacle {
    fn from(error: DeliveryError) -> Self {
        let problem = Said::from(&error);
        if error.is_temporary() {
            Self::Temporary(problem, error.pause())
        } else {
            Self::Permanent(problem, Fault::Destination)
        }
    }
}

impl<'a> Courier<'a> {
    /// Opens the outbox of the data folder.
    pub fn open(config: &'a Config, settings: &Settings) -> Result<Self, OutboxError> {
        Ok(Self {
            config,
            outbox: Outbox::open(&settings.paths.state_db)?,
            settings: Mutex::default(),
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
            Some(claim) => self.keeping(std::slice::from_ref(&claim), || {
                self.deliver_claimed(&claim, Some(prepared))
            }),
            None => Ok(held_elsewhere(stored.id)),
        }
    }

    /// Delivers one row.
    pub fn deliver(&self, id: RowId) -> Result<Delivery, OutboxError> {
        match self.outbox.claim(id, LEASE)? {
            Some(claim) => self.keeping(std::slice::from_ref(&claim), || self.deliver_claimed(&claim, None)),
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
            Some(claim) => self
                .keeping(std::slice::from_ref(&claim), || self.deliver_claimed(&claim, None))
                .map(Some),
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

    /// Delivers up to `limit` rows that are due, those for a feed together: its manifest is written once for all of them.
    /// `each` sees every delivery. When `go_on` says no, what was not begun is given back. Returns how many rows were taken.
    pub fn deliver_batch(
        &self,
        limit: usize,
        go_on: &dyn Fn() -> bool,
        each: &mut dyn FnMut(Delivery),
    ) -> Result<usize, OutboxError> {
        let claims = self.outbox.claim_due(Due::Now, limit, LEASE)?;
        self.keeping(&claims, || {
            let mut batch = FeedBatch::default();
            let mut rest = claims.chunks(BUILT_TOGETHER);
            for together in rest.by_ref() {
                if !go_on() {
                    together.iter().try_for_each(|claim| self.outbox.release(claim))?;
                    break;
                }
                for (claim, ready) in self.make_ready(together) {
                    match ready? {
                        Step::Ended(delivery) => each(*delivery),
                        Step::Ready(ready) if ready.target == Target::Feed => {
                            if !batch.takes(&ready) {
                                self.end_batch(std::mem::take(&mut batch), each)?;
                            }
                            batch.add(claim, ready);
                        }
                        Step::Ready(ready) => each(self.hand_over(claim, *ready)?),
                    }
                }
            }
            for claim in rest.flatten() {
                self.outbox.release(claim)?;
            }
            self.end_batch(batch, each)
        })?;
        Ok(claims.len())
    }

    /// Builds the events of several rows, with all processors.
    fn make_ready<'c>(&self, claims: &'c [Claim]) -> Vec<(&'c Claim, Result<Step, OutboxError>)> {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = claims.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let build = |claim| (claim, self.ready(claim, None));
            let shares: Vec<_> = claims
                .chunks(share)
                .map(|share| scope.spawn(move || share.iter().map(build).collect::<Vec<_>>()))
                .collect();
            // What may panic is caught where it may.
            shares
                .into_iter()
                .flat_map(|share| share.join().unwrap_or_default())
                .collect()
        })
    }

    fn end_batch(&self, batch: FeedBatch<'_>, each: &mut dyn FnMut(Delivery)) -> Result<(), OutboxError> {
        let Some(feed) = batch.feed else { return Ok(()) };
        let outcomes = match feed.deliver_many(batch.drafts.iter().map(|(_, draft)| draft)) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let obstacle = Obstacle::from(error);
                for (claim, draft) in batch.drafts {
                    each(self.give_up(claim, obstacle.clone(), Some(draft))?);
                }
                return Ok(());
            }
        };
        let mut done = Vec::with_capacity(outcomes.len());
        for ((claim, draft), outcome) in batch.drafts.into_iter().zip(outcomes) {
            match outcome {
                Ok(receipt) => done.push((claim, receipt, draft)),
                Err(error) => each(self.give_up(claim, error.into(), Some(draft))?),
            }
        }
        let ended: Vec<_> = done.iter().map(|(claim, receipt, _)| (*claim, receipt)).collect();
        self.outbox.finish_many(&ended, Target::Feed.name())?;
        for (claim, receipt, draft) in done {
            each(Delivery {
                id: claim.id,
                receipt,
                draft: Some(draft),
                fault: None,
            });
        }
        Ok(())
    }

    /// Gives news of the claims while `work` goes on.
    fn keeping<T>(&self, claims: &[Claim], work: impl FnOnce() -> T) -> T {
        let (working, end) = mpsc::channel::<()>();
        let outbox = &self.outbox;
        thread::scope(|scope| {
            scope.spawn(move || {
                while end.recv_timeout(NEWS) == Err(RecvTimeoutError::Timeout) {
                    for claim in claims {
                        // A claim that is lost, or over, shows at the next step of the work itself.
                        let _ = outbox.renew(claim, LEASE);
                    }
                }
            });
            let done = work();
            drop(working);
            done
        })
    }

    fn deliver_claimed(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Delivery, OutboxError> {
        match self.ready(claim, prepared)? {
            Step::Ready(ready) => self.hand_over(claim, *ready),
            Step::Ended(delivery) => Ok(*delivery),
        }
    }

    /// Comes to the event of a row, and to where it goes.
    fn ready(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Step, OutboxError> {
        let prepared = match prepared {
            Some(prepared) => prepared,
            None => self.outbox.submission(claim.id)?.into(),
        };
        let submission = &prepared.submission;
        let give_up = |problem: Said, fault| {
            let delivery = self.give_up(claim, Obstacle::Permanent(problem, fault), None)?;
            Ok(Step::Ended(Box::new(delivery)))
        };
        let settings = match self.settings(submission.profile.as_deref()) {
            Ok(settings) => settings,
            Err(error) => return give_up((&error).into(), Fault::Settings),
        };
        let target = submission.overrides.destination.unwrap_or(settings.destination);
        let size = submission.raw.len();
        let draft = match self.outbox.draft(claim.id)? {
            Some(draft) => draft,
            None => match self.build(prepared, &settings) {
                Ok(mut draft) => {
                    draft.event.stamp(claim.stamp);
                    draft
                }
                Err(problem) => return give_up(problem.into(), Fault::Program),
            },
        };
        Ok(Step::Ready(Box::new(Ready {
            draft,
            target,
            settings,
            size,
        })))
    }

    fn settings(&self, profile: Option<&str>) -> Result<Arc<Settings>, ConfigError> {
        let mut made = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        let profile = profile.map(str::to_owned);
        if let Some(settings) = made.get(&profile) {
            return Ok(Arc::clone(settings));
        }
        let settings = Arc::new(self.config.profile(profile.as_deref())?);
        made.insert(profile, Arc::clone(&settings));
        Ok(settings)
    }

    /// Delivers one event.
    fn hand_over(&self, claim: &Claim, ready: Ready) -> Result<Delivery, OutboxError> {
        let Ready {
            draft,
            target,
            settings,
            ..
        } = ready;
        let destination = match Self::destination(target, &settings) {
            Ok(destination) => destination,
            Err(problem) => return self.give_up(claim, Obstacle::Permanent(problem, Fault::Settings), Some(draft)),
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
            Err(error) => self.give_up(claim, error.into(), Some(draft)),
        }
    }

    /// Builds the event. A panic in a stage is a fault of ours: the mail stays in the outbox with the reason.
    fn build(&self, prepared: Prepared, settings: &Settings) -> Result<Draft, Problem> {
        let mut enricher = |nodes: &[crate::policy::Node<'_>]| super::enrichment::gather(nodes, settings, &self.outbox);
        let build = || super::draft(prepared, settings, &today(), &mut enricher);
        match panic::catch_unwind(AssertUnwindSafe(build)) {
            Ok(draft) => draft.map_err(|error| Problem::NotAMail {
                error: error.to_string(),
            }),
            Err(_) => Err(Problem::ProgramFault),
        }
    }

    fn destination(target: Target, settings: &Settings) -> Result<Box<dyn Destination>, Said> {
        Ok(match target {
            Target::Misp => {
                let server = settings.misp_settings().map_err(|error| Said::from(&error))?;
                Box::new(MispDestination::new(server).map_err(|error| Said::from(&error))?)
            }
            Target::Feed => Box::new(settings.feed()),
        })
    }

    fn give_up(&self, claim: &Claim, obstacle: Obstacle, draft: Option<Draft>) -> Result<Delivery, OutboxError> {
        if let Some(draft) = draft.as_ref().filter(|_| !claim.has_draft) {
            self.outbox.keep_draft(claim, draft)?;
        }
        let (mut receipt, fault) = match obstacle {
            Obstacle::Temporary(problem, after) => {
                self.outbox.postpone(claim, &problem, after)?;
                (receipt(Status::Queued, problem), None)
            }
            Obstacle::Permanent(problem, fault) => {
                self.outbox.fail(claim, &problem)?;
                (receipt(Status::Failed, problem), Some(fault))
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
        receipt: receipt(Status::Queued, Problem::DeliveredByAnother.into()),
        draft: None,
        fault: None,
    }
}

fn receipt(status: Status, error: Said) -> Receipt {
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
