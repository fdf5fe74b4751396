//! What the parts of a document point to outside of it.

use std::collections::HashMap;

use super::members::Members;
use crate::contents::readers::office::external;
use crate::contents::readers::office::xml::{Node, walk};
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

/// Targets that a person clicks on, by part and number; those that open by themselves are handed over at once.
#[derive(Default)]
pub struct Relations {
    links: HashMap<String, HashMap<String, String>>,
    /// Names and parts, for the sheets of a workbook.
    internal: HashMap<String, HashMap<String, String>>,
}

impl Relations {
    pub fn of(members: &mut Members<'_>, inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let mut relations = Self::default();
        let is_table = |name: &&String| name.to_ascii_lowercase().ends_with(".rels");
        let tables: Vec<String> = members.names().iter().filter(is_table).cloned().collect();
        for table in tables {
            let bytes = members.read(&table, inside)?;
            // A broken table gives what it has until then.
            if let Err(Trouble::Stopped(stop)) = relations.table(&owner(&table), &bytes, inside) {
                return Err(stop.into());
            }
        }
        Ok(relations)
    }

    fn table(&mut self, owner: &str, bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let place = place(owner);
        walk(bytes, inside, &mut |node, inside| {
            let Node::Open(tag) = node else { return Ok(()) };
            if tag.name() != "Relationship" {
                return Ok(());
            }
            let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) else {
                return Ok(());
            };
            let kind = tag.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default();
            let is_external = tag
                .attribute("TargetMode")
                .is_some_and(|mode| mode.eq_ignore_ascii_case("External"));
            let map = match (is_external, kind) {
                (true, "hyperlink") => &mut self.links,
                (false, _) => &mut self.internal,
                (true, _) => {
                    external::target(inside, &place, &target, "", way(kind));
                    return Ok(());
                }
            };
            map.entry(owner.to_owned()).or_default().insert(id, target);
            Ok(())
        })
    }

    /// The targets of a part's links, which are then no longer there.
    pub fn links_of(&mut self, part: &str) -> HashMap<String, String> {
        self.links.remove(&part.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The part that another names by a number.
    pub fn part(&self, of: &str, id: &str) -> Option<String> {
        let target = self.internal.get(of)?.get(id)?;
        let folder = of.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some(match target.strip_prefix('/') {
            Some(whole) => whole.to_owned(),
            None => format!("{folder}/{target}"),
        })
    }

    /// Hands over the links that no text uses.
    pub fn rest(self, inside: &mut Inside<'_>) {
        let mut rest: Vec<_> = self.links.into_iter().collect();
        rest.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (part, links) in rest {
            unused(&place(&part), links, inside);
        }
    }
}

/// Hands over links without the text that shows them, in the order of their numbers.
pub fn unused(place: &str, links: HashMap<String, String>, inside: &mut Inside<'_>) {
    let mut links: Vec<_> = links.into_iter().collect();
    links.sort_unstable();
    for (_, target) in links {
        external::target(inside, place, &target, "", LinkKind::Anchor);
    }
}

/// How a target is reached that is no link to click.
fn way(kind: &str) -> LinkKind {
    match kind {
        "image" => LinkKind::Image,
        "video" | "audio" | "media" => LinkKind::Resource,
        _ => LinkKind::Refresh,
    }
}

/// `word/_rels/settings.xml.rels` belongs to `word/settings.xml`.
fn owner(table: &str) -> String {
    let table = table.to_ascii_lowercase();
    let part = table.strip_suffix(".rels").unwrap_or(&table);
    part.replacen("_rels/", "", 1)
}

fn place(part: &str) -> String {
    let file = part.rsplit('/').next().unwrap_or_default();
    match file.split('.').next().unwrap_or_default() {
        "document" | "workbook" | "presentation" => String::new(),
        name => name.to_owned(),
    }
}
