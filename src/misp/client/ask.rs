//! Requests about values: which are on a warninglist, which the server has already.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::wire::{text, truth};
use super::{MispClient, Result};

/// Values or uuids in one request.
const AT_ONCE: usize = 500;

/// An event that has a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hit {
    /// Numeric.
    pub event_id: String,
    pub event_uuid: Option<Uuid>,
    pub info: String,
}

/// What the server has of the values asked for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Each value, as asked, with the events that have it.
    pub hits: BTreeMap<String, Vec<Hit>>,
    /// Values that MISP's search would misread, so they were not asked for.
    pub not_asked: Vec<String>,
}

/// The event that has an attribute uuid.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) event_id: String,
    pub(crate) deleted: bool,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
}

/// PHP writes an empty map as `[]`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Lists {
    Some(BTreeMap<String, Vec<Listed>>),
    None([(); 0]),
}

#[derive(Deserialize)]
struct Found {
    response: FoundAttributes,
}

#[derive(Deserialize)]
struct FoundAttributes {
    #[serde(rename = "Attribute", default)]
    attributes: Vec<FoundAttribute>,
}

#[derive(Deserialize)]
struct FoundAttribute {
    uuid: Uuid,
    #[serde(deserialize_with = "text")]
    value: String,
    #[serde(deserialize_with = "text")]
    event_id: String,
    #[serde(default, deserialize_with = "truth")]
    deleted: bool,
    #[serde(rename = "Event")]
    event: Option<FoundEvent>,
}

#[derive(Deserialize)]
struct FoundEvent {
    uuid: Option<Uuid>,
    #[serde(default)]
    info: String,
}

impl MispClient {
    /// Each value with the names of the warninglists that have it. Values on no list are left out.
    pub fn check_warninglists(&self, values: &[String]) -> Result<BTreeMap<String, Vec<String>>> {
        let mut lists = BTreeMap::new();
        for values in values.chunks(AT_ONCE) {
            match self.call(&Method::POST, "/warninglists/checkValue", Some(&values))? {
                Lists::Some(some) => lists.extend(
                    some.into_iter()
                        .map(|(value, lists)| (value, lists.into_iter().map(|list| list.name).collect())),
                ),
                Lists::None([]) => {}
            }
        }
        Ok(lists)
    }

    /// Finds which of `values` are in events that this user may see.
    pub fn known_values(&self, values: &[String]) -> Result<Known> {
        let mut known = Known::default();
        let mut wanted: BTreeMap<String, &String> = BTreeMap::new();
        for value in values {
            if is_askable(value) {
                wanted.insert(value.to_lowercase(), value);
            } else {
                known.not_asked.push(value.clone());
            }
        }
        // MISP does not find a composite value as a whole, but by its first half.
        let asked: BTreeSet<&str> = wanted
            .values()
            .map(|value| value.split('|').next().unwrap_or(value))
            .collect();
        let asked: Vec<&str> = asked.into_iter().filter(|value| is_askable(value)).collect();
        for values in asked.chunks(AT_ONCE) {
            for found in self.search("value", values, None)? {
                // The search may return surprises: only values that were asked for count.
                let Some(value) = wanted.get(&found.value.to_lowercase()) else {
                    continue;
                };
                let (event_uuid, info) = found
                    .event
                    .map_or((None, String::new()), |event| (event.uuid, event.info));
                let hit = Hit {
                    event_id: found.event_id,
                    event_uuid,
                    info,
                };
                let hits = known.hits.entry((*value).clone()).or_default();
                if !hits.contains(&hit) {
                    hits.push(hit);
                }
            }
        }
        Ok(known)
    }

    /// Finds the events of these attribute uuids, soft-deleted attributes included.
    pub(crate) fn homes(&self, uuids: &[Uuid]) -> Result<BTreeMap<Uuid, Home>> {
        let mut homes = BTreeMap::new();
        for uuids in uuids.chunks(AT_ONCE) {
            for found in self.search("uuid", uuids, Some([0, 1]))? {
                homes.insert(
                    found.uuid,
                    Home {
                        event_id: found.event_id,
                        deleted: found.deleted,
                    },
                );
            }
        }
        Ok(homes)
    }

    /// An empty or misspelt filter returns everything, so none is ever sent. The page limits the answer in any case.
    fn search(&self, filter: &str, values: &[impl Serialize], deleted: Option<[u8; 2]>) -> Result<Vec<FoundAttribute>> {
        if values.is_empty() {
            return Ok(Vec::new());
        }
        let mut body = serde_json::json!({ "returnFormat": "json", filter: values, "limit": 10 * AT_ONCE, "page": 1 });
        if let (Some(deleted), Some(fields)) = (deleted, body.as_object_mut()) {
            fields.insert("deleted".to_owned(), serde_json::json!(deleted));
        }
        let found: Found = self.call(&Method::POST, "/attributes/restSearch", Some(&body))?;
        Ok(found.response.attributes)
    }
}

/// MISP's search reads `!` at the start as "not", `%` at either end as a wildcard, and `&&` as "and".
fn is_askable(value: &str) -> bool {
    let plain = value.trim();
    !plain.is_empty() && !plain.starts_with(['!', '%', '&']) && !plain.ends_with('%') && !value.contains("&&")
}
