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
mod outcome;

use outcome::Obstacle;
pub use outcome::{Delivery, Fault};

use super::Prepared;
use crate::config::{Config, Settings};
use crate::destination::Destination;
use crate::destination::misp::MispDestination;
use crate::domain::{Problem, Said, Submission, Target, TlpLevel, last_cause, with_causes};
use crate::faults;
use crate::misp::event::Draft;
use crate::misp::record::Earlier;
use crate::outbox::{Claim, Outbox, OutboxError, RowId, Which};

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
}

/// An event with its destination.
struct Ready {
    draft: Draft,
    target: Target,
    settings: Arc<Settings>,
    /// Size of its mail in bytes.
    size: usize,
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
        })
    }

    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Stores a submission, durably, and delivers it if possible.
    pub fn send(&self, prepared: impl Into<Prepared>) -> Result<Delivery, OutboxError> {
        let prepared = prepared.into();
        let (stored, claim) = self.outbox.put_claimed(&prepared.submission, LEASE)?;
        match claim {
            Some(claim) => self.deliver_kept(&claim, Some(prepared)),
            None => Ok(Delivery::held_elsewhere(stored.id)),
        }
    }

    /// Stores a submission instead of a row that is not delivered, and delivers it if possible.
    pub fn replace(&self, id: RowId, submission: Submission) -> Result<Delivery, OutboxError> {
        let (stored, claim) = self.outbox.replace_claimed(id, &submission, LEASE)?;
        match claim {
            Some(claim) => self.deliver_kept(&claim, Some(submission.into())),
            None => Ok(Delivery::held_elsewhere(stored.id)),
        }
    }

    pub fn deliver(&self, id: RowId) -> Result<Delivery, OutboxError> {
        match self.outbox.claim(id, LEASE)? {
            Some(claim) => self.deliver_kept(&claim, None),
            None => Ok(Delivery::held_elsewhere(id)),
        }
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

    /// Makes rows due that wait for somebody to mend something, if the configuration has changed since the last look.
    fn wake_if_changed(&self) -> Result<(), OutboxError> {
        if changes::since_last_look(self.config, self.outbox.path()) {
            self.outbox.wake()?;
        }
        Ok(())
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
            Err(error) => return give_up(Obstacle::Waiting((&error).into(), Fault::Settings)),
        };
        let overrides = submission.overrides.clone();
        let target = overrides.destination.unwrap_or(settings.destination);
        let size = submission.raw.len();
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
        let mut draft = match kept {
            Some(draft) => draft,
            None => match self.build(prepared, &settings) {
                Ok(mut draft) => {
                    draft.event.stamp(claim.stamp);
                    draft
                }
                Err(obstacle) => return give_up(obstacle),
            },
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
            size,
        })))
    }

    fn hand_over(&self, claim: &Claim, ready: Ready) -> Result<Delivery, OutboxError> {
        let Ready {
            draft,
            target,
            settings,
            ..
        } = ready;
        let destination = match Self::destination(target, &settings) {
            Ok(destination) => destination,
            Err(problem) => return self.give_up(claim, Obstacle::Waiting(problem, Fault::Settings), Some(draft)),
        };
        match destination.deliver(&draft) {
            Ok(receipt) => {
                match target {
                    Target::Misp => self.outbox.finish_on_server(claim, &receipt, target.name(), &draft)?,
                    Target::Feed => self.outbox.finish(claim, &receipt, target.name())?,
                }
                Ok(Delivery::ended(claim.id, receipt, draft))
            }
            Err(error) => self.give_up(claim, error.into(), Some(draft)),
        }
    }

    /// Builds the event. Catches a panic of a stage: the mail then stays in the outbox with the reason.
    fn build(&self, prepared: Prepared, settings: &Settings) -> Result<Draft, Obstacle> {
        let mut enricher = |nodes: &[crate::policy::Node<'_>]| super::enrichment::gather(nodes, settings, &self.outbox);
        let build = || super::draft(prepared, settings, &today(), &mut enricher);
        let permanent = |problem: Problem| Obstacle::Permanent(problem.into(), Fault::Program);
        match panic::catch_unwind(AssertUnwindSafe(build)) {
            Ok(Ok(draft)) => Ok(draft),
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
        let obstacle = obstacle.worded();
        if let Some(draft) = draft.as_ref().filter(|_| !claim.has_draft) {
            self.outbox.keep_draft(claim, draft)?;
        }
        match &obstacle {
            Obstacle::Temporary(problem, after) => {
                self.outbox.postpone(claim, problem, *after)?;
            }
            Obstacle::Waiting(problem, _) => {
                self.outbox.wait(claim, problem)?;
            }
            Obstacle::Permanent(problem, _) => self.outbox.fail(claim, problem)?,
        }
        Ok(Delivery::given_up(claim.id, obstacle, draft))
    }
}

/// Today in UTC, `YYYY-MM-DD`.
pub fn today() -> String {
    jiff::tz::Offset::UTC
        .to_datetime(jiff::Timestamp::now())
        .date()
        .to_string()
}
