//! `send`: stores a message durably, and delivers it if possible now.

use serde::{Deserialize, Serialize};

use super::choices::{Choices, request};
use super::delivery::{self, DETAILS, Delivery};
use super::messages::{Entry, Message};
use super::{Call, Fault, Kind, Stage, object, target};
use crate::config::Settings;
use crate::domain::{Mode, Submission};
use crate::faults;
use crate::pipeline::delivery::Courier;
use crate::pipeline::{self, Request};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    message: String,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default, deserialize_with = "object")]
    overrides: Choices,
    /// Do not ask the server whether it has the event to add to.
    #[serde(default)]
    unchecked: bool,
}

#[derive(Serialize)]
pub struct Sent {
    deliveries: Vec<Delivery>,
}

/// If an event of a carrier cannot be stored, those before it stay stored.
pub fn send(call: &Call<'_>, asked: Send) -> Result<Sent, Fault> {
    // Do this first, so that the handle ends in any case.
    let message = call.session.messages.take(&asked.message)?;
    call.check()?;
    let config = call.config()?;
    let event = asked.overrides.event().map(str::to_owned);
    let request = request(&message, asked.mode, asked.profile, asked.overrides)?;
    let settings = config.profile(request.profile.as_deref())?;
    if let Some(event) = event.filter(|_| !asked.unchecked) {
        target::check(call, &settings, &event)?;
    }
    let courier = Courier::open(config, &settings)?.with_program();
    call.progress(Stage::Reading, 0, 1);
    if let Some(entry) = &message.entry {
        return resend(call, &courier, &message, entry, request, &settings);
    }
    let prepared = pipeline::prepare(Message::into_handed(message), request, &settings)?;
    call.check()?;
    let total = prepared.len();
    if total == 0 {
        return Err(nothing_left());
    }
    let mut deliveries = Vec::with_capacity(total);
    let mut room = DETAILS;
    for (done, prepared) in prepared.into_iter().enumerate() {
        call.progress(Stage::Delivering, done, total);
        let subject = prepared.submission.subject.clone();
        let message_id = prepared.submission.message_id.clone();
        let delivery = courier.send(prepared)?;
        faults::passed("native.stored");
        deliveries.push(Delivery::new(delivery, subject, message_id, &mut room)?);
    }
    Ok(Sent {
        deliveries: delivery::first(deliveries)?,
    })
}

/// Every mail that there was is left out.
pub fn nothing_left() -> Fault {
    Fault::new(Kind::Invalid, "every mail is left out: there is nothing to send")
}

/// Sends an entry of the outbox with what a person changed, instead of what it was.
fn resend(
    call: &Call<'_>,
    courier: &Courier<'_>,
    message: &Message,
    entry: &Entry,
    request: Request,
    settings: &Settings,
) -> Result<Sent, Fault> {
    call.progress(Stage::Delivering, 0, 1);
    let all = if message.handed.members.is_empty() {
        let submission = Submission {
            raw: message.handed.raw.clone(),
            overrides: request.overrides,
            ..entry.submission.clone()
        };
        if submission.is_unopened() {
            pipeline::unload(submission, &request.left_out, settings)?
        } else {
            vec![submission.into()]
        }
    } else {
        pipeline::prepare(message.handed.clone(), request, settings)?
    };
    let mut all = all.into_iter();
    let first = all.next().ok_or_else(nothing_left)?;
    let rest: Vec<Submission> = all.map(|one| one.submission).collect();
    let names = std::iter::once(&first.submission).chain(&rest);
    let names: Vec<_> = names.map(|one| (one.subject.clone(), one.message_id.clone())).collect();
    let mut room = DETAILS;
    let delivered = courier.replace(entry.row, first, &rest)?.into_iter().zip(names);
    let deliveries = delivered.map(|(one, (subject, message_id))| Delivery::new(one, subject, message_id, &mut room));
    Ok(Sent {
        deliveries: delivery::first(deliveries.collect::<Result<_, _>>()?)?,
    })
}
