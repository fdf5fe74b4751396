//! The events of a preview, with what their mails' headers say and where they were sent before.

use serde::Serialize;
use uuid::Uuid;

use super::super::{existing_outbox, page};
use super::Fault;
use crate::config::Settings;
use crate::domain::{Authentication, Remark, Said, Sha256};
use crate::event::report::defang;
use crate::outbox::{Earlier, Outbox};
use crate::pipeline::preview as pipeline;
use crate::policy::{Action, ObjectPlan};

/// Most events in an answer. A carrier with more is still sent.
const EVENTS: usize = 100;

/// Most earlier deliveries of an event's mail.
const EARLIER: usize = 5;

/// Most `email` objects of an event.
const OBJECTS: usize = 20;

/// Most attributes of an object.
const ATTRIBUTES: usize = 60;

/// Longest value of an object's attribute, in characters.
const VALUE: usize = 300;

/// Most bytes of attributes in an answer. If a carrier has many mails, only the first get all theirs.
const FULL: usize = 256 << 10;

#[derive(Serialize)]
pub(super) struct Event {
    /// Names its mail.
    identity: Sha256,
    uuid: Uuid,
    subject: Option<String>,
    info: String,
    date: String,
    threat_level: u8,
    analysis: u8,
    publish: bool,
    tags: Vec<String>,
    sharing_group: Option<u32>,
    /// What is known of who sent the mail.
    authentication: Option<Said>,
    objects: Vec<Object>,
    already: Vec<Earlier>,
}

#[derive(Serialize)]
struct Object {
    name: String,
    attributes: Vec<Attribute>,
    /// Number of attributes left out.
    more: usize,
}

#[derive(Serialize)]
struct Attribute {
    relation: &'static str,
    r#type: String,
    shown: String,
    to_ids: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static Remark>,
}

/// The events, with earlier deliveries of their mails. If the state database cannot be read, leaves those out; sending
/// will report the error.
pub(super) fn events(
    events: Vec<pipeline::Event>,
    settings: &Settings,
    profile: Option<&str>,
) -> Result<Vec<Event>, Fault> {
    let outbox = existing_outbox(settings).ok().flatten();
    let mut room = FULL;
    let told = events.into_iter().take(EVENTS).map(|event| {
        let emails = event.plan.nodes.iter().filter_map(|node| node.email.as_ref());
        let objects = emails.take(OBJECTS).map(|email| object(email, &mut room));
        Ok(Event {
            identity: event.identity,
            uuid: event.uuid,
            subject: event.subject,
            authentication: event.authentication.as_ref().map(Authentication::said),
            objects: objects.collect::<Result<_, Fault>>()?,
            info: event.plan.info,
            date: event.plan.date,
            threat_level: event.plan.threat_level,
            analysis: event.plan.analysis,
            publish: event.plan.publish,
            tags: event.plan.tags,
            sharing_group: event.plan.sharing_group,
            already: earlier(outbox.as_ref(), event.identity, profile),
        })
    });
    told.collect()
}

/// The latest deliveries of a mail, or of the same mails together.
pub(super) fn earlier(outbox: Option<&Outbox>, identity: Sha256, profile: Option<&str>) -> Vec<Earlier> {
    let found = outbox.and_then(|outbox| outbox.already_sent(identity, profile).ok());
    let mut found = found.unwrap_or_default();
    found.truncate(EARLIER);
    found
}

/// An object with as many attributes as `room`, in bytes, allows.
fn object(plan: &ObjectPlan, room: &mut usize) -> Result<Object, Fault> {
    let sent = || {
        plan.entries.iter().filter_map(|entry| match &entry.action {
            Action::Add(spec) => Some((entry, spec)),
            Action::Link(_) | Action::Skip(_) => None,
        })
    };
    let attributes = sent().take(ATTRIBUTES).map(|(entry, spec)| Attribute {
        relation: entry.relation,
        r#type: plan.template.type_of(entry.relation).to_owned(),
        shown: defang(&entry.value).chars().take(VALUE).collect(),
        to_ids: spec.to_ids,
        why: spec.why,
    });
    let attributes = page::fitting(attributes, room)?;
    Ok(Object {
        name: plan.template.name.clone().into_owned(),
        more: sent().count() - attributes.len(),
        attributes,
    })
}
