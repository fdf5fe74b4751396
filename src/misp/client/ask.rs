//! Questions to a MISP server that change nothing: who am I, what is on a warninglist, what is known already.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use reqwest::Method;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::wire::{text, truth};
use super::{MispClient, Result};

/// Values or uuids in one request.
const AT_ONCE: usize = 500;

/// The user that the key belongs to.
#[derive(Clone, Debug)]
pub struct Me {
    /// Its e-mail address, which is its name.
    pub email: String,
    /// Name of its organisation.
    pub organisation: String,
    /// What it may do.
    pub role: Role,
}

/// What a role may do.
#[derive(Clone, Debug, Default, Deserialize)]
#[allow(missing_docs, clippy::struct_excessive_bools)]
pub struct Role {
    #[serde(default)]
    pub name: String,
    #[serde(default, deserialize_with = "truth")]
    pub perm_add: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_modify: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_publish: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_tagger: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_tag_editor: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_sighting: bool,
    #[serde(default, deserialize_with = "truth")]
    pub perm_site_admin: bool,
}

/// What a connection test found; its `Display` is for people.
#[derive(Clone, Debug)]
pub struct Connection {
    /// MISP's version.
    pub version: String,
    /// The user.
    pub me: Me,
    /// The dangerous setting, if any.
    pub warning: Option<String>,
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Me {
            email,
            organisation,
            role,
        } = &self.me;
        write!(
            f,
            "MISP {}, user {email} of {organisation}, role {}",
            self.version, role.name
        )?;
        let lacks = [
            (role.perm_add, "make events"),
            (role.perm_publish, "publish"),
            (role.perm_tagger, "tag"),
            (role.perm_tag_editor, "create tags that the server does not have"),
            (role.perm_sighting, "add sightings"),
        ];
        let lacks: Vec<_> = lacks.iter().filter(|(may, _)| !may).map(|(_, what)| *what).collect();
        if !lacks.is_empty() {
            write!(f, "; may not {}", lacks.join(", "))?;
        }
        self.warning.iter().try_for_each(|warning| write!(f, "; {warning}"))
    }
}

/// A place where the server has a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hit {
    /// Numeric id of the event.
    pub event_id: String,
    /// Its uuid.
    pub event_uuid: Option<Uuid>,
    /// Its title.
    pub info: String,
}

/// What the server knows of the values that it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Value, as asked, to the events that have it.
    pub hits: BTreeMap<String, Vec<Hit>>,
    /// Values that MISP's search would misunderstand, and that were not asked for.
    pub not_asked: Vec<String>,
}

/// Where the server has an attribute uuid.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub(crate) event_id: String,
    pub(crate) deleted: bool,
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

#[derive(Deserialize)]
struct Account {
    #[serde(rename = "User")]
    user: User,
    #[serde(rename = "Role", default)]
    role: Role,
    #[serde(rename = "Organisation")]
    organisation: Option<super::wire::Named>,
}

#[derive(Deserialize)]
struct User {
    email: String,
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

/// Body of a free-text import.
#[derive(Serialize)]
struct FreeText<'a> {
    value: &'a str,
}

impl MispClient {
    /// MISP's version.
    pub fn version(&self) -> Result<String> {
        let version: Version = self.call(&Method::GET, "/servers/getVersion", None::<&()>)?;
        Ok(version.version)
    }

    /// The user that the key belongs to.
    pub fn me(&self) -> Result<Me> {
        let account: Account = self.call(&Method::GET, "/users/view/me", None::<&()>)?;
        let organisation = account
            .organisation
            .map_or_else(String::new, |organisation| organisation.name);
        Ok(Me {
            email: account.user.email,
            organisation,
            role: account.role,
        })
    }

    /// Can we talk to it, and what may we do there?
    pub fn test_connection(&self) -> Result<Connection> {
        Ok(Connection {
            version: self.version()?,
            me: self.me()?,
            warning: self.warning(),
        })
    }

    /// Value to the names of the warninglists that it is on; values on none are not in it.
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

    /// `POST /events/freeTextImport`: MISP reads the text itself and adds what it finds. Gives how many attributes.
    pub fn import_free_text(&self, event_id: &str, text: &str) -> Result<usize> {
        let found: Vec<serde::de::IgnoredAny> = self.call(
            &Method::POST,
            &format!("/events/freeTextImport/{event_id}"),
            Some(&FreeText { value: text }),
        )?;
        Ok(found.len())
    }

    /// Which of `values` the server has in events that this user may see.
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
        // Asked whole, a composite value is not found; asked by a half, it is.
        let asked: BTreeSet<&str> = wanted
            .values()
            .map(|value| value.split('|').next().unwrap_or(value))
            .collect();
        let asked: Vec<&str> = asked.into_iter().filter(|value| is_askable(value)).collect();
        for values in asked.chunks(AT_ONCE) {
            for found in self.search("value", values, None)? {
                // Also against surprises of the search: only what was asked for counts.
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

    /// Where the server has these attribute uuids, soft-deleted ones included.
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

    /// An empty or misspelt filter returns everything: it is never sent, and a page ends the answer in any case.
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

/// MISP's search reads `!` at the start as "not", `%` at either end as a wildcard, `&&` as "and".
fn is_askable(value: &str) -> bool {
    let plain = value.trim();
    !plain.is_empty() && !plain.starts_with(['!', '%', '&']) && !plain.ends_with('%') && !value.contains("&&")
}
