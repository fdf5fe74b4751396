//! From a submission to its receipt: outbox, event, destination. What cannot be delivered now stays in the outbox for
//! the next process that runs.

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

mod alone;
mod batch;
mod changes;
mod handover;
mod outcome;
mod silent;

use changes::Change;
use outcome::Obstacle;
pub use outcome::{Delivery, Fault};
pub use silent::Silent;

use super::Prepared;
use crate::config::{Config, Settings};
use crate::domain::{Problem, Submission, Target, TlpLevel, last_cause, with_causes};
use crate::faults;
use crate::mail::MailError;
use crate::misp::event::Draft;
use crate::misp::record::Earlier;
use crate::outbox::{Claim, Outbox, OutboxError, RowId, RowState, Which};

/// How long a claim lasts if it is not renewed. Rows of a killed process wait that long.
const LEASE: Duration = Duration::from_secs(45);

/// How often the holder of a claim renews it.
const NEWS: Duration = Duration::from_secs(15);

/// Delivers what is in the outbox.
pub struct Courier<'a> {
    config: &'a Config,
    outbox: Outbox,
    /// The program whose process delivers what ended another one.
    program: Option<PathBuf>,
    silent: Arc<Silent>,
}

/// An event with its destination.
struct Ready {
    draft: Draft,
    target: Target,
    settings: Arc<Settings>,
}

/// A row whose event is ready for delivery, or that ended before.
enum Step {
    Ready(Box<Ready>),
    Ended(Box<Delivery>),
}

impl<'a> Courier<'a> {
    pub fn open(config: &'a Config, settings: &Settings) -> Result<Self, OutboxError> {
        Ok(Self {
            config,
            outbox: Outbox::open(&settings.paths.state_db)?,
            program: None,
            silent: Arc::default(),
        })
    }

    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Stores a submission, durably, and delivers it if possible.
    pub fn send(&self, prepared: impl Into<Prepared>) -> Result<Delivery, OutboxError> {
        let prepared = prepared.into();
        let (stored, claim) = self.outbox.put_claimed(&prepared.submission, LEASE)?;
        // Also so that a later process can tell whether the configuration has changed since.
        if let Err(error) = self.wake_if_changed() {
            tracing::warn!("what was put off waits on: {}", with_causes(&error));
        }
        match claim {
            Some(claim) => self.deliver_kept(&claim, Some(prepared)),
            None => self.not_claimed(stored.id),
        }
    }

    /// Stores submissions instead of a row that is not delivered, all or none, and delivers them if possible.
    pub fn replace(&self, id: RowId, first: Prepared, rest: &[Submission]) -> Result<Vec<Delivery>, OutboxError> {
        let (stored, claim, others) = self.outbox.replace_claimed(id, &first.submission, rest, LEASE)?;
        let mut deliveries = vec![match claim {
            Some(claim) => self.deliver_kept(&claim, Some(first))?,
            None => self.not_claimed(stored.id)?,
        }];
        for other in others {
            deliveries.push(self.deliver(other.id)?);
        }
        Ok(deliveries)
    }

    pub fn deliver(&self, id: RowId) -> Result<Delivery, OutboxError> {
        match self.outbox.claim(id, LEASE)? {
            Some(claim) => self.deliver_kept(&claim, None),
            None => self.not_claimed(id),
        }
    }

    /// What became of a row that nobody may claim: another process has it, or it has ended.
    fn not_claimed(&self, id: RowId) -> Result<Delivery, OutboxError> {
        let row = self.outbox.show(id)?;
        Ok(match row.state {
            RowState::Pending => Delivery::held_elsewhere(id),
            RowState::Failed | RowState::Delivered => Delivery::of_row(row),
        })
    }

    /// Delivers everything that is due and calls `each` with every delivery.
    pub fn deliver_due(&self, mut each: impl FnMut(Delivery)) -> Result<(), OutboxError> {
        while let Some(delivery) = self.deliver_next()? {
            each(delivery);
        }
        Ok(())
    }

    /// Delivers the row that has been due longest, if there is one.
    pub fn deliver_next(&self) -> Result<Option<Delivery>, OutboxError> {
        self.wake_if_changed()?;
        match self.outbox.claim_due(1, LEASE)?.pop() {
            Some(claim) => self.deliver_kept(&claim, None).map(Some),
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

    /// Runs `work` and renews the claims meanwhile.
    fn keeping<T>(&self, claims: &[Claim], work: impl FnOnce() -> T) -> T {
        let (working, end) = mpsc::channel::<()>();
        let outbox = &self.outbox;
        thread::scope(|scope| {
            let renew = move || {
                while end.recv_timeout(NEWS) == Err(RecvTimeoutError::Timeout) {
                    for claim in claims {
                        // When a claim is lost, the next step of the work fails and says so.
                        let _ = outbox.renew(claim, LEASE);
                    }
                }
            };
            let spawn = |()| thread::Builder::new().spawn_scoped(scope, renew);
            if let Err(error) = faults::point("renew.spawn").and_then(spawn) {
                // If the work takes longer than the claims last, another process may do it too, which is harmless.
                tracing::warn!("no thread to renew claims: {error}");
            }
            let done = work();
            drop(working);
            done
        })
    }

    /// Makes rows due that were put off, if the configuration has changed since the last look. Returns whether it has.
    pub fn wake_if_changed(&self) -> Result<bool, OutboxError> {
        let Some(change) = changes::since_last_look(self.config, &self.outbox)? else {
            return Ok(false);
        };
        let is_changed = change == Change::Files;
        self.silent.forget();
        self.outbox.wake(is_changed)?;
        Ok(is_changed)
    }

    fn deliver_kept(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Delivery, OutboxError> {
        if let Some(delivery) = self.deliver_alone(claim)? {
            return Ok(delivery);
        }
        let claims = std::slice::from_ref(claim);
        let delivered = self.keeping(claims, || self.deliver_claimed(claim, prepared));
        if delivered.is_err() {
            self.let_go(claims);
        }
        delivered
    }

    /// Gives claims back after an error, so that it is not taken for the end of the process.
    fn let_go(&self, claims: &[Claim]) {
        for claim in claims {
            // Rows that ended are no longer held. If the database is gone, the claim ends by itself.
            let _ = self.outbox.release(claim);
        }
    }

    fn deliver_claimed(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Delivery, OutboxError> {
        match self.ready_or_set_aside(claim, prepared)? {
            Step::Ready(ready) => self.hand_over(claim, *ready),
            Step::Ended(delivery) => Ok(*delivery),
        }
    }

    /// Like [`Self::ready`]. A row that cannot be read is set aside with the reason.
    fn ready_or_set_aside(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Step, OutboxError> {
        match self.ready(claim, prepared) {
            Err(error) => {
                let obstacle = if error.is_of_row() {
                    Obstacle::Permanent(error.as_damage(claim.id), Fault::Storage)
                } else if error.is_lack_of_memory() {
                    Obstacle::too_little(last_cause(&error))
                } else {
                    return Err(error);
                };
                Ok(Step::Ended(Box::new(self.give_up(claim, obstacle, None)?)))
            }
            ready => ready,
        }
    }

    /// Loads or builds the event of a row, and reads its settings.
    fn ready(&self, claim: &Claim, prepared: Option<Prepared>) -> Result<Step, OutboxError> {
        let prepared = match prepared {
            Some(prepared) => prepared,
            None => self.outbox.submission(claim.id)?.into(),
        };
        let submission = &prepared.submission;
        let give_up = |obstacle: Obstacle| {
            let delivery = self.give_up(claim, obstacle, None)?;
            Ok(Step::Ended(Box::new(delivery)))
        };
        let settings = match self.config.settings(submission.profile.as_deref()) {
            Ok(settings) => settings,
            Err(error) => return give_up(Obstacle::of_settings((&error).into())),
        };
        let overrides = submission.overrides.clone();
        let target = overrides.destination.unwrap_or(settings.destination);
        if let Some(delivery) = self.put_off_if_silent(claim, target, &settings)? {
            return Ok(Step::Ended(Box::new(delivery)));
        }
        let kept = match self.outbox.draft(claim.id) {
            // Its mail is whole, so the event can be built again.
            Err(error) if error.is_of_row() => {
                tracing::warn!(
                    "outbox entry {}: its event is built again: {}",
                    claim.id,
                    with_causes(&error)
                );
                None
            }
            kept => kept?,
        };
        let built = match kept {
            Some(draft) => Ok(draft),
            None => self.built(claim, prepared, &settings)?,
        };
        let mut draft = match built {
            Ok(draft) => draft,
            Err(obstacle) => return give_up(obstacle),
        };
        let level = draft.event.tags.iter().find_map(|tag| TlpLevel::of_tag(&tag.name));
        if let Some(problem) = settings.keeps_out_of_feed(level, &overrides) {
            let obstacle = Obstacle::Permanent(problem.into(), Fault::Settings);
            let delivery = self.give_up(claim, obstacle, Some(draft))?;
            return Ok(Step::Ended(Box::new(delivery)));
        }
        draft.earlier = match self.outbox.record(draft.event.uuid)? {
            Some(record) => Earlier::Delivered(Box::new(record)),
            None if claim.attempts > 0 => Earlier::Tried,
            None => Earlier::None,
        };
        Ok(Step::Ready(Box::new(Ready {
            draft,
            target,
            settings,
        })))
    }

    /// Builds the event of a row. A mail that was stored as it came is opened first; the row of a carrier becomes the first mail in it.
    fn built(
        &self,
        claim: &Claim,
        mut prepared: Prepared,
        settings: &Arc<Settings>,
    ) -> Result<Result<Draft, Obstacle>, OutboxError> {
        if prepared.submission.is_unopened() {
            let identity = prepared.submission.identity;
            let unload = || {
                let mut all = super::unload(prepared.submission, &[], settings)?.into_iter();
                Ok((all.next().ok_or(MailError::Empty)?, all))
            };
            let (first, rest) = match caught(unload) {
                Ok(unloaded) => unloaded,
                Err(obstacle) => return Ok(Err(obstacle)),
            };
            let rest: Vec<Submission> = rest.map(|one| one.submission).collect();
            if first.submission.identity != identity || !rest.is_empty() {
                self.outbox.unload(claim, &first.submission, &rest)?;
            }
            prepared = first;
        }
        let stamped = |mut draft: Draft| {
            draft.event.stamp(claim.stamp);
            draft
        };
        Ok(self.build(prepared, settings).map(stamped))
    }

    fn build(&self, prepared: Prepared, settings: &Arc<Settings>) -> Result<Draft, Obstacle> {
        let mut ask_lists = |values: &[String]| self.ask_lists(settings, values);
        let mut enricher = |nodes: &[crate::policy::Node<'_>]| {
            super::enrichment::gather(nodes, settings, &self.outbox, &mut ask_lists)
        };
        caught(|| super::draft(prepared, settings, &today(), &mut enricher))
    }
}

/// Catches a panic of a stage: the mail then stays in the outbox with the reason.
fn caught<T>(stage: impl FnOnce() -> Result<T, MailError>) -> Result<T, Obstacle> {
    let permanent = |problem: Problem| Obstacle::Permanent(problem.into(), Fault::Program);
    match panic::catch_unwind(AssertUnwindSafe(stage)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(permanent(Problem::NotAMail {
            error: error.to_string(),
        })),
        // A stage that gets no thread panics, and the mail is not to blame.
        Err(_) => Err(match thread::Builder::new().spawn(|| ()) {
            Err(error) => Obstacle::too_little(error.to_string()),
            Ok(_) => permanent(Problem::ProgramFault),
        }),
    }
}

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
        .to_string()
}
