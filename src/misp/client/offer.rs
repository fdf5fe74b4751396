//! Questions to a MISP server about what it has besides events: tags, warninglists, sharing groups.

use reqwest::Method;
use serde::Deserialize;

use super::wire::{text, truth};
use super::{MispClient, Result};

/// A tag as the server has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Tag {
    /// Its name; case does not matter to MISP.
    pub name: String,
    /// Whether it may be on events that are shared; one that is not is left out of `events/add` without a word.
    #[serde(default = "yes", deserialize_with = "truth")]
    pub exportable: bool,
    /// Number of the only organisation that may set it, `0` for everybody.
    #[serde(default, deserialize_with = "text")]
    pub org_id: String,
}

/// A sharing group that the user may use.
#[derive(Clone, Debug, Deserialize)]
pub struct SharingGroup {
    /// Its number.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct FoundTag {
    #[serde(rename = "Tag")]
    tag: Tag,
}

#[derive(Deserialize)]
struct Warninglists {
    #[serde(rename = "Warninglists")]
    rows: Vec<WarninglistRow>,
}

#[derive(Deserialize)]
struct WarninglistRow {
    #[serde(rename = "Warninglist")]
    list: Warninglist,
}

#[derive(Deserialize)]
struct Warninglist {
    #[serde(default, deserialize_with = "truth")]
    enabled: bool,
}

#[derive(Deserialize)]
struct SharingGroups {
    response: Vec<SharingGroupRow>,
}

#[derive(Deserialize)]
struct SharingGroupRow {
    #[serde(rename = "SharingGroup")]
    group: SharingGroup,
}

impl MispClient {
    /// `POST /tags/search`: those of the tags named that the server has. A name with `%`, which MISP takes as a
    /// wildcard, may bring others along.
    pub fn tags(&self, names: &[String]) -> Result<Vec<Tag>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // In the path a colon would make a named parameter of the name.
        let asked = serde_json::json!({ "tag": names });
        let found: Vec<FoundTag> = self.call(&Method::POST, "/tags/search", Some(&asked))?;
        Ok(found.into_iter().map(|found| found.tag).collect())
    }

    /// `GET /warninglists/index`: how many are there, and how many of them enabled.
    pub fn warninglists(&self) -> Result<(usize, usize)> {
        let found: Warninglists = self.call(&Method::GET, "/warninglists/index", None::<&()>)?;
        let enabled = found.rows.iter().filter(|row| row.list.enabled).count();
        Ok((found.rows.len(), enabled))
    }

    /// `GET /sharing_groups/index`: those that the user may use.
    pub fn sharing_groups(&self) -> Result<Vec<SharingGroup>> {
        let found: SharingGroups = self.call(&Method::GET, "/sharing_groups/index", None::<&()>)?;
        Ok(found.response.into_iter().map(|row| row.group).collect())
    }
}
