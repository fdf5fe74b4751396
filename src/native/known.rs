//! `known`: what the server knows of the indicators of a preview.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

use super::fault::Fault;
use super::preview::no_preview;
use super::protocol::Known;
use super::session::{self, Host, lock};
use super::text;
use super::workers::Task;
use crate::config::Config;
use crate::domain::{Note, Problem, Said};
use crate::misp::client::{MispClient, MispError};
use crate::pipeline::preview::{Item, What};

/// Events that are named for one value.
const EVENTS: usize = 5;

/// Longest title, in characters.
const TITLE: usize = 200;

/// Longest value that is asked for, in bytes: what is longer, the server does not find by its value anyway.
const LONGEST: usize = 2048;

/// Most items in one call.
const MOST: usize = 500;

/// Bytes of values and titles in one answer.
const FULL: usize = 256 << 10;

/// Answers `known`.
pub fn known(host: &Host, params: Value, task: &Task<'_>) -> Result<Value, Fault> {
    let Known { message, offset, count } = session::read(params)?;
    task.check()?;
    if !(1..=MOST).contains(&count) {
        return Err(Fault::new("invalid", format!("`count` is from 1 to {MOST}")));
    }
    let message = host.messages.get(&message)?;
    let (values, profile) = {
        let reviewed = lock(&message.reviewed);
        let reviewed = reviewed.as_ref().ok_or_else(no_preview)?;
        let values: BTreeSet<String> = reviewed.items.iter().skip(offset).take(count).map(value_of).collect();
        (values, reviewed.profile.clone())
    };
    let settings = Config::load(host.config.as_deref())?.profile(profile.as_deref())?;
    let mut answer = Answer::default();
    if settings.misp.url.is_none() || settings.misp.key_source().is_none() {
        answer.notes.push(Problem::NoServer.into());
        return Ok(answer.into_json());
    }
    let misp = settings.misp_settings()?;
    let key = misp.key.clone();
    let client = MispClient::new(misp).map_err(|error| server(&error))?;
    let values: Vec<String> = values.into_iter().filter(|value| value.len() <= LONGEST).collect();
    task.progress("asking", 0, 2);
    match client.check_warninglists(&values) {
        Ok(mut lists) => {
            lists.retain(|value, _| values.contains(value));
            answer.add_lists(lists);
        }
        Err(error) => answer.notes.push((&error).into()),
    }
    task.check()?;
    task.progress("asking", 1, 2);
    match client.known_values(&values) {
        Ok(known) => {
            for (value, hits) in known.hits {
                let events = hits.iter().take(EVENTS).map(|hit| {
                    let title: String = hit.info.chars().take(TITLE).collect();
                    json!({"event_id": hit.event_id, "info": title, "url": client.event_url(&hit.event_id)})
                });
                answer.add_events(value, events.collect());
            }
        }
        Err(error) => answer.notes.push((&error).into()),
    }
    let mut answer = answer.into_json();
    text::hide(&mut answer, &key);
    Ok(answer)
}

fn server(error: &MispError) -> Fault {
    Fault::new("server", error).with(|data| data.said = Some(error.into()))
}

/// What the server is asked for: of a file its hash.
fn value_of(item: &Item) -> String {
    match &item.what {
        What::Indicator { found, .. } => found.value.clone(),
        What::File { sha256, .. } => sha256.to_string(),
    }
}

/// An answer that stays short enough to travel, whatever the server says.
#[derive(Default)]
struct Answer {
    lists: BTreeMap<String, Vec<String>>,
    events: BTreeMap<String, Vec<Value>>,
    notes: Vec<Said>,
    size: usize,
}

impl Answer {
    fn add_lists(&mut self, lists: BTreeMap<String, Vec<String>>) {
        for (value, names) in lists {
            if self.fits(value.len() + names.iter().map(String::len).sum::<usize>()) {
                self.lists.insert(value, names);
            }
        }
    }

    fn add_events(&mut self, value: String, events: Vec<Value>) {
        let size = events.iter().map(|event| event.to_string().len()).sum::<usize>();
        if self.fits(value.len() + size) {
            self.events.insert(value, events);
        }
    }

    fn fits(&mut self, size: usize) -> bool {
        if self.size + size > FULL {
            let note = Said::from(Note::MoreKnown);
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
            return false;
        }
        self.size += size;
        true
    }

    fn into_json(self) -> Value {
        json!({"warninglists": self.lists, "events": self.events, "notes": self.notes})
    }
}
