//! `outbox.*`: a person lists, retries and drops what waits for delivery.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::choices::Choices;
use super::delivery::{self, DETAILS, Delivery};
use super::{Call, Fault, Stage, Whole, existing_outbox, page, to_text};
use crate::config::Settings;
use crate::domain::Mode;
use crate::outbox::{Outbox, OutboxError, RowId, Standing, Which};
use crate::pipeline::delivery::Courier;

/// Most rows or deliveries in one answer.
const ROWS: usize = 100;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct List {
    /// List delivered rows instead of waiting ones.
    delivered: bool,
    offset: usize,
}

#[derive(Serialize)]
pub struct Listed {
    rows: Box<RawValue>,
    next: Option<usize>,
    backlog: Backlog,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retry {
    /// `None` for all rows.
    row: Option<RowId>,
    rebuild: bool,
}

#[derive(Serialize)]
pub struct Retried {
    deliveries: Vec<Delivery>,
    backlog: Backlog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drop {
    row: RowId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    row: RowId,
}

/// An entry with what was chosen for it. It has a handle like a message that was handed over.
#[derive(Serialize)]
pub struct Opened {
    message: String,
    mode: Mode,
    profile: Option<String>,
    subject: Option<String>,
    overrides: Whole<Choices>,
}

#[derive(Default, Serialize)]
pub struct Backlog {
    pending: u64,
    failed: u64,
}

impl Backlog {
    pub fn of(outbox: &Outbox) -> Result<Self, Fault> {
        let Standing { pending, failed, .. } = outbox.standing()?;
        Ok(Self { pending, failed })
    }

    pub fn if_any(settings: &Settings) -> Result<Self, Fault> {
        existing_outbox(settings)?
            .as_ref()
            .map_or_else(|| Ok(Self::default()), Self::of)
    }
}

pub fn list(call: &Call<'_>, List { delivered, offset }: List) -> Result<Listed, Fault> {
    let Some(outbox) = existing_outbox(&call.settings(None)?)? else {
        return Ok(Listed {
            rows: page::empty()?,
            next: None,
            backlog: Backlog::default(),
        });
    };
    // The history may be long, so read only the rows of this page.
    let (rows, before) = if delivered {
        (outbox.latest(offset, ROWS + 1)?, offset)
    } else {
        (outbox.waiting()?, 0)
    };
    let (rows, next) = page::of(&rows, offset - before, ROWS, page::FULL, to_text)?;
    Ok(Listed {
        rows,
        next: next.map(|next| before.saturating_add(next)),
        backlog: Backlog::of(&outbox)?,
    })
}

pub fn retry(call: &Call<'_>, Retry { row, rebuild }: Retry) -> Result<Retried, Fault> {
    let config = call.config()?;
    let courier = Courier::open(config, &config.profile(None)?)?.with_program();
    let outbox = courier.outbox();
    let rows = match row {
        Some(row) => vec![row],
        None => outbox.waiting()?.iter().map(|row| row.id).collect(),
    };
    let mut deliveries = Vec::new();
    let mut room = DETAILS;
    for (done, id) in rows.iter().enumerate() {
        call.check()?;
        call.progress(Stage::Delivering, done, rows.len());
        let mut made = None;
        let result = courier.retry(Which::One(*id), rebuild, |delivery| made = Some(delivery));
        // When retrying all rows, one that somebody else delivers or drops meanwhile is no error.
        if row.is_some() {
            result?;
        }
        if let Some(delivery) = made.filter(|_| deliveries.len() < ROWS) {
            deliveries.push(Delivery::of_row(outbox, delivery, &mut room)?);
        }
    }
    Ok(Retried {
        deliveries: delivery::first(deliveries)?,
        backlog: Backlog::of(outbox)?,
    })
}

pub fn open(call: &Call<'_>, Open { row }: Open) -> Result<Opened, Fault> {
    let outbox = existing_outbox(&call.settings(None)?)?.ok_or(OutboxError::NoRow(row))?;
    let submission = outbox.submission(row)?;
    let (mode, profile) = (submission.mode, submission.profile.clone());
    let subject = submission.subject.clone();
    let overrides = Whole(Choices::from(submission.overrides.clone()));
    Ok(Opened {
        message: call.session.messages.open(row, submission)?,
        mode,
        profile,
        subject,
        overrides,
    })
}

pub fn drop(call: &Call<'_>, Drop { row }: Drop) -> Result<Backlog, Fault> {
    let outbox = existing_outbox(&call.settings(None)?)?.ok_or(OutboxError::NoRow(row))?;
    outbox.drop(row)?;
    Backlog::of(&outbox)
}
