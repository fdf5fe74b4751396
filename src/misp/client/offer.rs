//! Requests about what the server offers besides events: tags, warninglists, sharing groups.

use reqwest::Method;
use serde::Deserialize;

use super::wire::{text, truth};
use super::{MispClient, Result};

/// A tag that the server has.
#[derive(Clone, Debug, Deserialize)]
pub struct Tag {
    /// MISP ignores its case.
    pub name: String,
    /// Whether shared events may have it. `events/add` leaves out a tag that is not exportable, and does not say so.
    #[serde(default = "yes", deserialize_with = "truth")]
    pub exportable: bool,
    /// The only organisation that may set it, by number; `0` for everybody.
    #[serde(default, deserialize_with = "text")]
    pub org_id: String,
    /// As in `#FFC000`; as the server says it.
    #[serde(default)]
    pub colour: String,
    /// Not offered to people.
    #[serde(default, deserialize_with = "truth")]
    pub hide_tag: bool,
}

/// A sharing group that the user may use.
#[derive(Clone, Debug, Deserialize)]
pub struct SharingGroup {
    #[serde(deserialize_with = "text")]
    pub id: String,
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
    /// `POST /tags/search`: those of the named tags that the server has. A name with `%`, which is MISP's wildcard, may
    /// add others.
    pub fn tags(&self, names: &[String]) -> Result<Vec<Tag>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // In the path, a colon in the name would make it a named parameter.
        let asked = serde_json::json!({ "tag": names });
        let found: Vec<FoundTag> = self.call(&Method::POST, "/tags/search", Some(&asked))?;
        Ok(found.into_iter().map(|found| found.tag).collect())
    }

    /// `POST /tags/search`: tags with `part` in their name, whatever the case. Empty if `part` is: MISP would then answer
    /// with all, and a server with galaxies has tens of thousands.
    pub fn tags_with(&self, part: &str) -> Result<Vec<Tag>> {
        // MISP's wildcard cannot be escaped.
        let part = part.replace('%', "").trim().to_lowercase();
        if part.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.tags(&[format!("%{part}%")])?;
        // `_` is a wildcard too. And a galaxy's cluster may answer for its synonyms.
        found.retain(|tag| tag.name.to_lowercase().contains(&part));
        Ok(found)
    }

    /// `GET /warninglists/index`: how many warninglists there are, and how many of them are enabled.
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
