//! `preview` and `preview.more`: what would become of a message, in pages.

use serde::Serialize;
use serde_json::{Value, json};

use super::fault::Fault;
use super::protocol::{More, Preview};
use super::session::{self, Host, lock};
use super::workers::Task;
use super::{page, status, text};
use crate::config::{Config, Settings};
use crate::domain::{Mode, Overrides, TlpLevel};
use crate::event::report::defang;
use crate::outbox::{Earlier, Outbox};
use crate::pipeline::preview::{self as pipeline, Event, Item, What};
use crate::pipeline::row::Row;
use crate::pipeline::{Request, delivery};
use crate::policy::{Action, Entry, FileAction, ObjectPlan};

/// Items in one answer.
const ITEMS: usize = 500;

/// Events that an answer tells of; a carrier of more is sent all the same.
const EVENTS: usize = 100;

/// Earlier deliveries that are told of.
const EARLIER: usize = 5;

/// Attributes of an `email` object that are told of.
const ATTRIBUTES: usize = 60;

/// Notes that are told of.
const NOTES: usize = 50;

/// `email` objects of an event that are told of.
const OBJECTS: usize = 20;

/// Longest value of an object's attribute, in characters.
const VALUE: usize = 300;

/// Bytes of attributes in an answer: of a carrier of many mails only the first are told in full.
const FULL: usize = 256 << 10;

/// Longest name by which a file can be chosen, in bytes.
const NAME: usize = 4096;

/// What a preview leaves behind for its further pages.
pub struct Reviewed {
    /// Everything that can be ticked.
    pub items: Vec<Item>,
    /// The profile under which it was made.
    pub profile: Option<String>,
}

/// How the pipeline is asked about a message of this connection.
pub fn request(mode: Mode, profile: Option<String>, overrides: Overrides) -> Request {
    Request {
        origin: "Thunderbird".to_owned(),
        mode,
        profile,
        overrides,
    }
}

/// Answers `preview`.
pub fn preview(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let Preview { message, mode, profile } = session::read(params)?;
    task.check()?;
    let message = host.messages.get(&message)?;
    task.progress("reading", 0, 1);
    let config = Config::load(host.config.as_deref())?;
    let settings = config.profile(profile.as_deref())?;
    let asked = request(mode, profile.clone(), Overrides::default());
    let seen = pipeline::preview(message.raw.clone(), asked, &settings, &delivery::today())?;
    task.check()?;
    let earlier = earlier(&seen.events, &settings, profile.as_deref());
    let tlp = TlpLevel::TAGS
        .iter()
        .filter(|tag| TlpLevel::of_tag(tag) >= seen.marking)
        .collect::<Vec<_>>();
    let first = seen.events.first().map(|event| &event.plan);
    let strictest = seen
        .events
        .iter()
        .filter_map(tlp_of)
        .max()
        .unwrap_or(settings.tlp.default);
    let mut room = FULL;
    let events = seen.events.iter().zip(earlier).take(EVENTS);
    let events: Vec<_> = events
        .map(|(event, earlier)| described(event, earlier, &mut room))
        .collect();
    let is_indicator = |item: &&Item| matches!(item.what, What::Indicator { .. });
    let indicators = seen.items.iter().filter(is_indicator);
    let sent = indicators.clone().filter(|item| !item.is_skipped()).count();
    let mut answer = json!({
        "subject": seen.subject,
        "from": seen.from,
        "date": seen.date,
        "message_id": seen.message_id,
        "size": seen.size,
        "mode": {"asked": mode.name(), "is": seen.mode.name(), "attached": seen.attached},
        "profile": profile,
        "destination": status::destination(&settings),
        "events": events,
        "tlp": {"tag": strictest.tag(), "choices": tlp},
        "distribution": {
            "is": first.map_or(settings.event.distribution, |plan| plan.distribution),
            "choices": distributions(&settings),
        },
        "counts": {
            "items": seen.items.len(),
            "sent": sent,
            "skipped": indicators.count() - sent,
            "attachments": seen.items.iter().filter(|item| !is_indicator(item)).count(),
        },
        "notes": seen.notes.iter().take(NOTES).collect::<Vec<_>>(),
    });
    text::shorten(&mut answer);
    let room = page::WHOLE.saturating_sub(answer.to_string().len());
    let (items, next) = page::of(&seen.items, 0, ITEMS, room.min(page::FULL), item);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("items".to_owned(), json!(items));
        fields.insert("next".to_owned(), json!(next));
    }
    let reviewed = Reviewed {
        items: seen.items,
        profile,
    };
    *lock(&message.reviewed) = Some(reviewed);
    Ok(answer)
}

/// Answers `preview.more`.
pub fn more(host: &Host, params: Value, _: &Task<'_>) -> Result<Value, Fault> {
    let More { message, offset } = session::read(params)?;
    let message = host.messages.get(&message)?;
    let reviewed = lock(&message.reviewed);
    let reviewed = reviewed.as_ref().ok_or_else(no_preview)?;
    let (items, next) = page::of(&reviewed.items, offset, ITEMS, page::FULL, item);
    Ok(json!({"items": items, "next": next}))
}

/// Asked for more of a preview that was not made.
pub fn no_preview() -> Fault {
    Fault::new(
        "invalid",
        "there is no preview of this message yet; call `preview` first",
    )
}

/// The earlier deliveries of each event's mail. They are a courtesy: a state database that cannot be read shows when
/// something is sent.
fn earlier(events: &[Event], settings: &Settings, profile: Option<&str>) -> Vec<Vec<Earlier>> {
    let path = &settings.paths.state_db;
    // A preview makes nothing, neither an empty database.
    let outbox = path.exists().then(|| Outbox::open(path).ok()).flatten();
    let of = |event: &Event| match &outbox {
        Some(outbox) => outbox.already_sent(event.identity, profile).unwrap_or_default(),
        None => Vec::new(),
    };
    events.iter().take(EVENTS).map(of).collect()
}

fn tlp_of(event: &Event) -> Option<TlpLevel> {
    event.plan.tags.iter().find_map(|tag| TlpLevel::of_tag(tag))
}

fn distributions(settings: &Settings) -> Vec<u8> {
    let last = if settings.event.sharing_group.is_some() { 4 } else { 3 };
    (0..=last).collect()
}

fn described(event: &Event, earlier: Vec<Earlier>, room: &mut usize) -> Value {
    let plan = &event.plan;
    let emails = plan.nodes.iter().filter_map(|node| node.email.as_ref());
    let objects = emails.take(OBJECTS).map(|email| object(email, room));
    json!({
        "uuid": event.uuid,
        "subject": event.subject,
        "info": plan.info,
        "date": plan.date,
        "threat_level": plan.threat_level,
        "analysis": plan.analysis,
        "publish": plan.publish,
        "tags": plan.tags,
        "objects": objects.collect::<Vec<_>>(),
        "already": earlier.into_iter().take(EARLIER).collect::<Vec<_>>(),
    })
}

/// An object with as many attributes as there is room for.
fn object(plan: &ObjectPlan, room: &mut usize) -> Value {
    let shown = |entry: &Entry| {
        json!({
            "relation": entry.relation,
            "type": plan.template.type_of(entry.relation),
            "shown": defang(&entry.value).chars().take(VALUE).collect::<String>(),
        })
    };
    let sent = || {
        plan.entries
            .iter()
            .filter(|entry| matches!(entry.action, Action::Add(_)))
    };
    let attributes: Vec<_> = sent().take(ATTRIBUTES).map(shown).collect();
    let attributes = page::fitting(&attributes, ATTRIBUTES, room);
    json!({
        "name": plan.template.name,
        "more": sent().count() - attributes.len(),
        "attributes": attributes,
    })
}

#[derive(Serialize)]
struct Indicator<'a> {
    item: &'static str,
    event: usize,
    #[serde(flatten)]
    row: Row<'a>,
    shown: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<&'a str>,
}

fn item(item: &Item) -> Value {
    let event = item.event;
    match &item.what {
        What::Indicator { found, action, context } => json!(Indicator {
            item: "indicator",
            event,
            row: Row::new(found, action),
            shown: defang(&found.value),
            context: context.as_deref(),
        }),
        What::File {
            name,
            content_type,
            filetype,
            size,
            sha256,
            action,
        } => {
            let (action, reason) = match action {
                FileAction::Sample => ("sample", None),
                FileAction::Benign => ("benign", None),
                FileAction::Skip(reason) => ("skip", Some(reason)),
            };
            let mut file = json!({
                "item": "attachment",
                "event": event,
                // One that is longer is cut nowhere: whoever unticks a file has to name it as it is.
                "name": name.as_ref().filter(|name| name.len() <= NAME),
                "content_type": content_type,
                "filetype": filetype,
                "size": size,
                "sha256": sha256.to_string(),
                "action": action,
            });
            if let (Some(reason), Some(fields)) = (reason, file.as_object_mut()) {
                fields.insert("reason".to_owned(), json!(reason));
            }
            file
        }
    }
}
