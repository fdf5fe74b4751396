//! Hands an event to its destination, and records in its row what became of it.

use super::{Claim, Courier, Delivery, Obstacle, Ready};
use crate::config::Settings;
use crate::destination::Destination;
use crate::destination::misp::MispDestination;
use crate::domain::{Said, Target};
use crate::misp::event::Draft;
use crate::outbox::OutboxError;

impl Courier<'_> {
    pub(super) fn hand_over(&self, claim: &Claim, ready: Ready) -> Result<Delivery, OutboxError> {
        let Ready {
            draft,
            target,
            settings,
            ..
        } = ready;
        // Since it was built, another row may have been asked in vain. Its event is built again, with what the server says then.
        if let Some(delivery) = self.put_off_if_silent(claim, target, &settings)? {
            return Ok(delivery);
        }
        let destination = match Self::destination(target, &settings) {
            Ok(destination) => destination,
            Err(problem) => {
                let obstacle = Obstacle::of_settings(problem);
                self.silent.note(&settings, &obstacle);
                return self.give_up(claim, obstacle, Some(draft));
            }
        };
        match destination.deliver(&draft) {
            Ok(receipt) => {
                self.note_answer(target, &settings);
                match target {
                    Target::Misp => self.outbox.finish_on_server(claim, &receipt, target.name(), &draft)?,
                    Target::Feed => self.outbox.finish(claim, &receipt, target.name())?,
                }
                Ok(Delivery::ended(claim.id, receipt, draft))
            }
            Err(error) => {
                let obstacle = self.noted(target, &settings, error);
                self.give_up(claim, obstacle, Some(draft))
            }
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

    pub(super) fn give_up(
        &self,
        claim: &Claim,
        obstacle: Obstacle,
        draft: Option<Draft>,
    ) -> Result<Delivery, OutboxError> {
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
