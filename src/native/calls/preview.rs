//! `preview` and `preview.more`: what would become of a message, in pages.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::choices::{Choices, request};
use super::item::item;
use super::status::Destination;
use super::{Call, Fault, Reviewed, Stage, existing_outbox, page, to_text};

mod events;

use self::events::{Event, earlier, events};
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{By, Mode, Note, Said, TlpLevel};
use crate::outbox::Earlier;
use crate::pipeline::delivery;
use crate::pipeline::patience::Deadline;
use crate::pipeline::preview::{self as pipeline, Encryption, Item, What};

/// Most items in one answer.
const ITEMS: usize = 500;

/// How long a first look at attached files takes: as long as nobody feels to be waiting.
const AT_FIRST: Duration = Duration::from_millis(300);

/// Most notes in an answer.
const NOTES: usize = 50;

/// Most people who are named.
const PEOPLE: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    message: String,
    #[serde(default)]
    mode: Mode,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    keep_people: bool,
    /// Reads attached files to their end, however long it takes.
    #[serde(default)]
    wait: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct More {
    message: String,
    offset: usize,
}

#[derive(Serialize)]
pub struct Preview {
    subject: Option<String>,
    from: Option<String>,
    date: Option<String>,
    message_id: Option<String>,
    size: usize,
    encryption: Encryption,
    mode: Modes,
    profile: Option<String>,
    destination: Destination,
    /// When all mails become one event.
    #[serde(skip_serializing_if = "Option::is_none")]
    together: Option<Together>,
    events: Vec<Event>,
    tlp: Tlp,
    distribution: Distribution,
    counts: Counts,
    notes: Vec<Said>,
    /// Who was taken out of the mail, at most [`PEOPLE`]; of no use when `kept` says that nobody was.
    taken_out: Vec<String>,
    kept: bool,
    /// Attached files were not read to their end; `wait` reads them.
    unread: bool,
    #[serde(flatten)]
    page: Page,
}

#[derive(Serialize)]
pub struct Page {
    items: Box<RawValue>,
    next: Option<usize>,
}

#[derive(Serialize)]
struct Modes {
    asked: Mode,
    is: Mode,
    by: By,
    facts: Vec<Said>,
    attached: usize,
}

#[derive(Serialize)]
struct Together {
    already: Vec<Earlier>,
}

#[derive(Serialize)]
struct Tlp {
    tag: &'static str,
    choices: Vec<&'static str>,
}

#[derive(Serialize)]
struct Distribution {
    is: u8,
    choices: Vec<u8>,
}

#[derive(Serialize)]
struct Counts {
    items: usize,
    sent: usize,
    skipped: usize,
    attachments: usize,
}

pub fn preview(call: &Call<'_>, look: Look) -> Result<Preview, Fault> {
    let Look {
        message,
        mode,
        profile,
        keep_people,
        wait,
    } = look;
    call.check()?;
    let message = call.session.messages.get(&message)?;
    call.progress(Stage::Reading, 0, 1);
    let asked = request(&message, mode, profile, Choices::before_review(keep_people))?;
    let profile = asked.profile.clone();
    let mode = asked.mode;
    let settings = call.settings(profile.as_deref())?;
    let patience = if wait {
        settings.contents.timeout
    } else {
        settings.contents.timeout.min(AT_FIRST)
    };
    let deadline = Deadline::after(patience);
    let watch = || deadline.is_over() || call.is_given_up();
    let seen = pipeline::preview(message.handed.clone(), asked, &settings, (&delivery::today(), &watch))?;
    call.check()?;
    let mut preview = Preview {
        mode: Modes {
            asked: mode,
            is: seen.mode.is,
            by: seen.mode.by,
            facts: seen.mode.facts.clone(),
            attached: seen.attached,
        },
        destination: Destination::of(&settings),
        tlp: tlp(&seen, &settings),
        distribution: distribution(&seen, &settings),
        counts: counts(&seen.items),
        together: seen.together.map(|identity| Together {
            already: earlier(
                existing_outbox(&settings).ok().flatten().as_ref(),
                identity,
                profile.as_deref(),
            ),
        }),
        events: events(seen.events, &settings, profile.as_deref())?,
        profile: profile.clone(),
        subject: seen.subject,
        from: seen.from,
        date: seen.date,
        message_id: seen.message_id,
        size: seen.size,
        encryption: seen.encryption,
        notes: notes(seen.about_people, seen.notes),
        taken_out: seen.taken_out.into_iter().take(PEOPLE).collect(),
        kept: keep_people,
        unread: seen.unread && !wait,
        page: Page {
            items: page::empty()?,
            next: None,
        },
    };
    // The items get the room that the rest leaves.
    let room = page::WHOLE.saturating_sub(to_text(&preview)?.len());
    preview.page = items(&seen.items, 0, room.min(page::FULL))?;
    // Another look at the mail may have begun since this one was given up.
    call.check()?;
    message.keep(Reviewed {
        items: seen.items,
        text: seen.text,
        profile,
    });
    Ok(preview)
}

fn notes(about_people: Vec<Note>, of_mails: Vec<Said>) -> Vec<Said> {
    let people = about_people.into_iter().map(Said::from);
    people.chain(of_mails).take(NOTES).collect()
}

pub fn more(call: &Call<'_>, More { message, offset }: More) -> Result<Page, Fault> {
    let reviewed = call.session.messages.get(&message)?.reviewed()?;
    items(&reviewed.items, offset, page::FULL)
}

fn items(all: &[Item], offset: usize, room: usize) -> Result<Page, Fault> {
    let (items, next) = page::of(all, offset, ITEMS, room, item)?;
    Ok(Page { items, next })
}

/// The strictest level of the events, and the levels to choose from: none below the mail's own marking.
fn tlp(seen: &pipeline::Preview, settings: &Settings) -> Tlp {
    let of_event = |event: &pipeline::Event| event.plan.tags.iter().find_map(|tag| TlpLevel::of_tag(tag));
    let strictest = seen.events.iter().filter_map(of_event).max();
    let is_open = |tag: &&str| TlpLevel::of_tag(tag) >= seen.marking;
    Tlp {
        tag: strictest.unwrap_or(settings.tlp.default).tag(),
        choices: TlpLevel::TAGS.into_iter().filter(is_open).collect(),
    }
}

fn distribution(seen: &pipeline::Preview, settings: &Settings) -> Distribution {
    let last = if settings.event.sharing_group.is_some() { 4 } else { 3 };
    let first = seen.events.first();
    Distribution {
        is: first.map_or(settings.event.distribution, |event| event.plan.distribution),
        choices: (0..=last).collect(),
    }
}

fn counts(items: &[Item]) -> Counts {
    let is_indicator = |item: &&Item| matches!(item.what, What::Indicator { .. });
    let indicators = items.iter().filter(is_indicator).count();
    let sent = items
        .iter()
        .filter(is_indicator)
        .filter(|item| !item.is_skipped())
        .count();
    Counts {
        items: items.len(),
        sent,
        skipped: indicators - sent,
        attachments: items.len() - indicators,
    }
}
