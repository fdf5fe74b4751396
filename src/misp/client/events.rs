//! Requests that find events for a person: one by its number or uuid, or those whose title has certain words.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::wire::{number, text, truth};
use super::{MispClient, Result};

/// An event as a list shows it, without what is in it.
#[derive(Clone, Debug, Deserialize)]
pub struct FoundEvent {
    #[serde(deserialize_with = "text")]
    pub id: String,
    pub uuid: Uuid,
    #[serde(default)]
    pub info: String,
    #[serde(default)]
    pub date: String,
    #[serde(default, deserialize_with = "truth")]
    pub published: bool,
    /// When it was changed last, in seconds since 1970.
    #[serde(default, deserialize_with = "number")]
    pub timestamp: i64,
    /// The organisation that it belongs to.
    #[serde(rename = "Orgc")]
    owner: Option<Owner>,
}

#[derive(Clone, Debug, Deserialize)]
struct Owner {
    #[serde(default, deserialize_with = "text")]
    id: String,
    #[serde(default)]
    name: String,
}

impl FoundEvent {
    pub fn organisation(&self) -> &str {
        self.owner.as_ref().map_or("", |owner| &owner.name)
    }

    pub fn organisation_id(&self) -> &str {
        self.owner.as_ref().map_or("", |owner| &owner.id)
    }
}

impl MispClient {
    /// `POST /events/index`: the event with that number or uuid, if this user may see it.
    pub fn find_event(&self, reference: &str) -> Result<Option<FoundEvent>> {
        let reference = reference.trim();
        if reference.is_empty() {
            return Ok(None);
        }
        let found = self.events(&json!({ "eventid": reference, "limit": 2, "page": 1 }))?;
        // A server that does not know the filter answers with other events.
        let is_it = |event: &FoundEvent| event.id == reference || Uuid::parse_str(reference) == Ok(event.uuid);
        Ok(found.into_iter().find(is_it))
    }

    /// `POST /events/index`: events that have all of `words` in their title, those changed latest first. Without words, all
    /// events. At most `most` of them, from the page that begins with 1.
    pub fn events_titled(&self, words: &[String], most: usize, page: usize) -> Result<Vec<FoundEvent>> {
        let mut asked = json!({ "sort": "timestamp", "direction": "desc", "limit": most, "page": page });
        // MISP looks for one text. The longest word leaves the fewest events for the rest.
        let longest = words.iter().max_by_key(|word| word.chars().count());
        if let (Some(word), Some(fields)) = (longest, asked.as_object_mut()) {
            fields.insert("eventinfo".to_owned(), Value::from(word.as_str()));
        }
        let mut found = self.events(&asked)?;
        found.truncate(most);
        found.retain(|event| {
            let info = event.info.to_lowercase();
            words.iter().all(|word| info.contains(&word.to_lowercase()))
        });
        found.sort_by_key(|event| std::cmp::Reverse(event.timestamp));
        Ok(found)
    }

    fn events(&self, asked: &Value) -> Result<Vec<FoundEvent>> {
        self.call(&Method::POST, "/events/index", Some(asked))
    }
}
