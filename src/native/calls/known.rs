//! `known`: what the server knows about the indicators of a preview.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Call, Fault, Kind, Stage, to_text};
use crate::domain::{Note, Problem, Said};
use crate::misp::client::{Hit, MispClient};
use crate::pipeline::preview::{Item, What};

/// Most events for one value.
const EVENTS: usize = 5;

/// Longest title, in characters.
const TITLE: usize = 200;

/// Longest value that is asked for, in bytes. The server does not find longer ones anyway.
const LONGEST: usize = 2048;

/// Most items in one call.
const MOST: usize = 500;

/// Most bytes of JSON in one answer.
const FULL: usize = 384 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    message: String,
    offset: usize,
    count: usize,
}

#[derive(Default, Serialize)]
pub struct Known {
    /// Values with the names of their warninglists.
    warninglists: BTreeMap<String, Vec<String>>,
    /// Values with the events that have them.
    events: BTreeMap<String, Vec<KnownEvent>>,
    /// Why something could not be asked.
    notes: Vec<Said>,
    #[serde(skip)]
    size: usize,
}

#[derive(Serialize)]
struct KnownEvent {
    event_id: String,
    info: String,
    url: String,
}

pub fn known(call: &Call<'_>, Asked { message, offset, count }: Asked) -> Result<Known, Fault> {
    call.check()?;
    if !(1..=MOST).contains(&count) {
        return Err(Fault::new(Kind::Invalid, format!("`count` is from 1 to {MOST}")));
    }
    let reviewed = call.session.messages.get(&message)?.reviewed()?;
    let values: BTreeSet<String> = reviewed.items.iter().skip(offset).take(count).map(value_of).collect();
    let settings = call.settings(reviewed.profile.as_deref())?;
    let mut known = Known::default();
    if settings.misp.url.is_none() || settings.misp.key_source().is_none() {
        known.notes.push(Problem::NoServer.into());
        return Ok(known);
    }
    let misp = settings.misp_settings()?;
    // Some servers repeat the key in their answers.
    let key = misp.key.clone();
    let client = MispClient::new(misp)?;
    let values: Vec<String> = values.into_iter().filter(|value| value.len() <= LONGEST).collect();
    call.progress(Stage::Asking, 0, 2);
    match client.check_warninglists(&values) {
        Ok(lists) => {
            for (value, names) in lists.into_iter().filter(|(value, _)| values.contains(value)) {
                let names = names.iter().map(|name| key.hide_in(name)).collect();
                known.add(|known| &mut known.warninglists, value, names)?;
            }
        }
        Err(error) => known.notes.push((&error).into()),
    }
    call.check()?;
    call.progress(Stage::Asking, 1, 2);
    match client.known_values(&values) {
        Ok(answer) => {
            for (value, hits) in answer.hits {
                let event = |hit: &Hit| KnownEvent {
                    event_id: key.hide_in(&hit.event_id),
                    info: key.hide_in(&hit.info).chars().take(TITLE).collect(),
                    url: key.hide_in(&client.event_url(&hit.event_id)),
                };
                let events = hits.iter().take(EVENTS).map(event).collect();
                known.add(|known| &mut known.events, value, events)?;
            }
        }
        Err(error) => known.notes.push((&error).into()),
    }
    Ok(known)
}

/// What the server is asked for. For a file this is its hash.
fn value_of(item: &Item) -> String {
    match &item.what {
        What::Indicator { found, .. } => found.value.clone(),
        What::File { sha256, .. } => sha256.to_string(),
    }
}

impl Known {
    /// Adds what is known about a value, if the answer stays short enough.
    fn add<T: Serialize>(
        &mut self,
        map: impl Fn(&mut Self) -> &mut BTreeMap<String, Vec<T>>,
        value: String,
        known: Vec<T>,
    ) -> Result<(), Fault> {
        let size = to_text(&(&value, &known))?.len();
        if self.size + size <= FULL {
            self.size += size;
            map(self).insert(value, known);
        } else {
            let note = Said::from(Note::MoreKnown);
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        Ok(())
    }
}
