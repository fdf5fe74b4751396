//! What became of a submission, and what people are told about it.

use std::time::Duration;

use crate::destination::DeliveryError;
use crate::domain::{Problem, Receipt, Said, Status};
use crate::misp::event::Draft;
use crate::outbox::{Row, RowId, RowState};

/// What became of a submission.
#[derive(Debug)]
pub struct Delivery {
    pub id: RowId,
    /// For people.
    pub receipt: Receipt,
    /// The event, if it was built.
    pub draft: Option<Draft>,
    /// The place of the fault, if somebody has to do something about it.
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
    /// On the disk, which does not have any more what was stored.
    Storage,
}

/// Why an event is not at its destination.
#[derive(Clone)]
pub(super) enum Obstacle {
    /// Try again later.
    Temporary(Said, Option<Duration>),
    /// Something has to be mended first that concerns not only this mail. Try again now and then, and when it changed. Without
    /// a fault it may pass by itself.
    Waiting(Said, Option<Fault>),
    /// Keep until a person acts. Only the mail itself, or somebody's refusal of it, is such an obstacle.
    Permanent(Said, Fault),
}

impl Obstacle {
    /// The machine lacks memory, threads or files.
    pub(super) fn too_little(error: String) -> Self {
        Self::Waiting(Problem::TooLittle { error }.into(), None)
    }

    /// The configuration does not do.
    pub(super) const fn of_settings(problem: Said) -> Self {
        Self::Waiting(problem, Some(Fault::Settings))
    }

    /// What hinders it, and whether somebody has to mend it.
    pub(super) const fn problem(&self) -> (&Said, bool) {
        match self {
            Self::Waiting(problem, _) => (problem, true),
            Self::Temporary(problem, _) | Self::Permanent(problem, _) => (problem, false),
        }
    }

    /// Says what it waits for.
    pub(super) fn worded(self) -> Self {
        match self {
            Self::Waiting(problem, fault) => {
                let problem = Box::new(problem);
                Self::Waiting(Problem::WaitingFor { problem }.into(), fault)
            }
            other => other,
        }
    }
}

impl From<DeliveryError> for Obstacle {
    fn from(error: DeliveryError) -> Self {
        let problem = Said::from(&error);
        if error.is_temporary() {
            Self::Temporary(problem, error.pause())
        } else if error.can_be_mended() {
            Self::Waiting(problem, Some(Fault::Destination))
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
            Obstacle::Waiting(problem, fault) => (receipt(Status::Queued, problem), fault),
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

    /// What another process made of it.
    pub(super) fn of_row(row: Row) -> Self {
        // A delivered row has its receipt.
        let status = match row.state {
            RowState::Failed => Status::Failed,
            RowState::Pending | RowState::Delivered => Status::Queued,
        };
        let receipt = row.receipt.unwrap_or_else(|| Receipt {
            error: row.error,
            ..without_error(status)
        });
        Self {
            id: row.id,
            fault: (receipt.status == Status::Failed).then_some(Fault::Program),
            receipt,
            draft: None,
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
        error: Some(error),
        ..without_error(status)
    }
}

fn without_error(status: Status) -> Receipt {
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
        error: None,
    }
}
