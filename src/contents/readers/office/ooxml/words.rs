//! Paragraphs, of documents, slides, comments and drawings alike, with their fields and links.

use std::collections::{HashMap, HashSet};

use super::relations;
use crate::contents::readers::office::external;
use crate::contents::readers::office::field::{self, Fields};
use crate::contents::readers::office::xml::{Node, Tag, walk};
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

/// Hands over a part's text, and its links, whose targets are in `targets` by their numbers.
pub fn read(
    bytes: &[u8],
    place: &str,
    targets: &HashMap<String, String>,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    let mut words = Words {
        place,
        targets,
        used: HashSet::new(),
        fields: Fields::default(),
        is_read: false,
    };
    let outcome = walk(bytes, inside, &mut |node, inside| {
        words.node(&node, inside);
        Ok(())
    });
    let text = words.fields.finish(inside, place);
    let unused = targets.iter().filter(|(id, _)| !words.used.contains(*id));
    relations::unused(place, unused.map(|(id, to)| (id.clone(), to.clone())).collect(), inside);
    inside.text(place, text);
    outcome
}

struct Words<'a> {
    place: &'a str,
    targets: &'a HashMap<String, String>,
    /// Numbers of the targets that were handed over.
    used: HashSet<String>,
    fields: Fields,
    /// In an element whose text is one of the document or of a field's code.
    is_read: bool,
}

impl Words<'_> {
    fn node(&mut self, node: &Node<'_>, inside: &mut Inside<'_>) {
        match node {
            Node::Open(tag) => self.begin(tag, inside),
            Node::Close(name) => match *name {
                "t" | "text" | "Text" | "instrText" => self.is_read = false,
                "p" | "tr" | "comment" => self.fields.push("\n"),
                "tc" => self.fields.push("\t"),
                "hyperlink" | "fldSimple" => {
                    self.fields.end(inside, self.place);
                }
                _ => {}
            },
            Node::Text(text) if self.is_read => self.fields.push(text),
            Node::Text(_) => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>, inside: &mut Inside<'_>) {
        match tag.name() {
            "t" | "text" | "Text" | "instrText" => self.is_read = true,
            "br" | "cr" => self.fields.push("\n"),
            "tab" => self.fields.push("\t"),
            "hyperlink" => {
                let target = self.target(tag).unwrap_or_default();
                self.field(&field::link_to(&target));
            }
            "fldSimple" => self.field(&tag.attribute("instr").unwrap_or_default()),
            "fldChar" => match tag.attribute("fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => self.fields.separate(),
                Some("end") => {
                    self.fields.end(inside, self.place);
                }
                _ => {}
            },
            "hlinkClick" | "hlinkHover" | "hlinkMouseOver" => {
                if let Some(target) = self.target(tag) {
                    external::target(inside, self.place, &target, "", LinkKind::Anchor);
                }
            }
            _ => {
                if let Some(target) = tag.attribute("href") {
                    external::target(inside, self.place, &target, "", LinkKind::Anchor);
                }
            }
        }
    }

    /// Begins a field whose code is in one piece.
    fn field(&mut self, code: &str) {
        self.fields.begin();
        self.fields.push(code);
        self.fields.separate();
    }

    fn target(&mut self, tag: &Tag<'_>) -> Option<String> {
        let id = tag.reference("id")?;
        let target = self.targets.get(&id)?.clone();
        self.used.insert(id);
        Some(target)
    }
}
