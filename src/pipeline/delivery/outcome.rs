//! What became of a submission, and what people are told about it.

use std::time::Duration;

use crate::destination::DeliveryError;
use crate::domain::{Problem, Receipt, Said, Status};
use crate::misp::event::Draft;
use crate::outbox::RowId;

/// What became of a submission.
#[derive(Debug)]
pub struct Delivery {
    pub id: RowId,
    /// For people.
    pub receipt: Receipt,
    /// The event, if it was built.
    pub draft: Option<Draft>,
    /// The place of the fault, if it failed for good.
    pub fault: Option<Fault>,
}

/// Where somebody has to change something before a failed delivery can succeed.
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
#[derive(Clone)]
pub(super) enum Obstacle {
    /// Try again later.
    Temporary(Said, Option<Duration>),
    /// Keep until a person acts.
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

impl Delivery {
    pub(super) fn ended(id: RowId, receipt: Receipt, draft: Draft) -> Self {
        Self {
            id,
            receipt,
            draft: Some(draft),
            fault: None,
        }
    }

    pub(super) fn given_up(id: RowId, obstacle: Obstacle, draft: Option<Draft>) -> Self {
        let (mut receipt, fault) = match obstacle {
            Obstacle::Temporary(problem, _) => (receipt(Status::Queued, problem), None),
            Obstacle::Permanent(problem, fault) => (receipt(Status::Failed, problem), Some(fault)),
        };
        if let Some(draft) = &draft {
            receipt.uuid = Some(draft.event.uuid);
            receipt.skipped.clone_from(&draft.skipped);
            receipt.notes.clone_from(&draft.notes);
            receipt.mode.clone_from(&draft.mode);
            receipt.authentication.clone_from(&draft.authentication);
        }
        Self {
            id,
            receipt,
            draft,
            fault,
        }
    }

    pub(super) fn held_elsewhere(id: RowId) -> Self {
        Self {
            id,
            receipt: receipt(Status::Queued, Problem::DeliveredByAnother.into()),
            draft: None,
            fault: None,
        }
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
        added: None,
        mode: None,
        authentication: None,
        skipped: Vec::new(),
        notes: Vec::new(),
        error: Some(error),
    }
}
