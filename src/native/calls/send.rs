//! `send`: stores a message durably, and delivers it if possible now.

use serde::{Deserialize, Serialize};

use super::choices::{Choices, request};
use super::delivery::{self, DETAILS, Delivery};
use super::{Call, Fault, Stage, object};
use crate::domain::Mode;
use crate::pipeline;
use crate::pipeline::delivery::Courier;

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
}

#[derive(Serialize)]
pub struct Sent {
    deliveries: Vec<Delivery>,
}

/// If an event of a carrier cannot be stored, those before it stay stored.
pub fn send(call: &Call<'_>, asked: Send) -> Result<Sent, Fault> {
    // Do this first, so that the handle ends in any case.
    let raw = call.session.messages.take(&asked.message)?;
    call.check()?;
    let config = call.config()?;
    let settings = config.profile(asked.profile.as_deref())?;
    let courier = Courier::open(config, &settings)?;
    call.progress(Stage::Reading, 0, 1);
    let request = request(asked.mode, asked.profile, asked.overrides);
    let prepared = pipeline::prepare(raw, request, &settings)?;
    call.check()?;
    let total = prepared.len();
    let mut deliveries = Vec::with_capacity(total);
    let mut room = DETAILS;
    for (done, prepared) in prepared.into_iter().enumerate() {
        call.progress(Stage::Delivering, done, total);
        let subject = prepared.submission.subject.clone();
        let message_id = prepared.submission.message_id.clone();
        let delivery = courier.send(prepared)?;
        deliveries.push(Delivery::new(delivery, subject, message_id, &mut room)?);
    }
    Ok(Sent {
        deliveries: delivery::first(deliveries)?,
    })
}
