//! Where a PDF file leads: links to click, actions that run by themselves, forms, scripts, files.

use std::collections::{HashMap, HashSet};

use super::document::Document;
use super::object::{Dict, Object};
use super::words::decoded;
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

/// How deep one action leads to the next.
const DEEPEST: usize = 24;

pub struct Actions<'d, 'b> {
    document: &'d Document<'b>,
    /// The page on which each object is, by its number.
    pages: HashMap<u32, usize>,
    /// Objects that were looked at with the one that refers to them.
    followed: HashSet<u32>,
    base: Option<String>,
}

impl<'d, 'b> Actions<'d, 'b> {
    /// `pages` are the entries of the pages, in order.
    pub fn new(document: &'d Document<'b>, pages: &[usize], inside: &mut Inside<'_>) -> Result<Self, Trouble> {
        let mut of_object = HashMap::new();
        for (index, page) in pages.iter().enumerate() {
            let Some(entry) = document.entries.get(*page) else {
                continue;
            };
            of_object.insert(entry.number, index + 1);
            let annotations = entry.object.as_dict().and_then(|page| page.get("Annots"));
            // A list that stands by itself is read once, however many pages share it.
            if let Some(Object::Reference(number)) = annotations
                && of_object.insert(*number, index + 1).is_some()
            {
                continue;
            }
            let annotations = annotations.map(|one| document.follow(one)).and_then(Object::as_array);
            inside.step(annotations.map_or(1, <[_]>::len))?;
            for annotation in annotations.unwrap_or_default() {
                if let Object::Reference(number) = annotation {
                    of_object.entry(*number).or_insert(index + 1);
                }
            }
        }
        let mut bases = document
            .entries
            .iter()
            .filter_map(|entry| entry.object.as_dict()?.get("URI"));
        let base = bases.find_map(|one| document.follow(one).as_dict()?.get("Base"));
        Ok(Self {
            document,
            pages: of_object,
            followed: HashSet::new(),
            base: base.and_then(|base| document.follow(base).as_text()).map(decoded),
        })
    }

    /// Hands over what all objects lead to.
    pub fn find(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        // First those that are on a page, so that what they lead to is found there.
        let document = self.document;
        let is_placed = |number: u32| self.pages.contains_key(&number);
        // Then the catalog, so that what opens by itself is told as such and not as a link.
        let is_root = |object: &Object| object.as_dict().is_some_and(|dict| dict.is("Type", "Catalog"));
        let (placed, others): (Vec<_>, Vec<_>) = document.entries.iter().partition(|entry| is_placed(entry.number));
        let (roots, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|entry| is_root(&entry.object));
        for entry in placed.into_iter().chain(roots).chain(others) {
            // A number that was given twice has an older version: what that led to counts too.
            if self.followed.contains(&entry.number) {
                continue;
            }
            let place = self
                .pages
                .get(&entry.number)
                .map_or_else(String::new, |page| format!("page {page}"));
            inside.step(64)?;
            self.object(&entry.object, &place, LinkKind::Anchor, 0, inside)?;
        }
        Ok(())
    }

    fn object(
        &mut self,
        object: &'d Object,
        place: &str,
        how: LinkKind,
        depth: usize,
        inside: &mut Inside<'_>,
    ) -> Result<(), Trouble> {
        if depth > DEEPEST {
            return Ok(());
        }
        match object {
            Object::Array(items) => {
                for item in items
                    .iter()
                    .filter(|item| matches!(item, Object::Array(_) | Object::Dict(_)))
                {
                    self.object(item, place, how, depth + 1, inside)?;
                }
                Ok(())
            }
            Object::Dict(dict) => self.dict(dict, place, how, depth, inside),
            _ => Ok(()),
        }
    }

    fn dict(
        &mut self,
        dict: &'d Dict,
        place: &str,
        how: LinkKind,
        depth: usize,
        inside: &mut Inside<'_>,
    ) -> Result<(), Trouble> {
        self.action(dict, place, how, inside)?;
        self.said(dict, place, inside)?;
        for (key, value) in &dict.0 {
            let how = match &**key {
                b"OpenAction" | b"AA" => LinkKind::Refresh,
                _ => how,
            };
            let value = match value {
                // Only what belongs to this object is followed; all others have their turn.
                Object::Reference(number)
                    if matches!(
                        &**key,
                        b"A" | b"AA" | b"OpenAction" | b"Next" | b"PA" | b"U" | b"D" | b"O" | b"C"
                    ) =>
                {
                    if !self.followed.insert(*number) {
                        continue;
                    }
                    self.document.follow(value)
                }
                other => other,
            };
            self.object(value, place, how, depth + 1, inside)?;
        }
        Ok(())
    }

    /// What a note or a field of a form says.
    fn said(&self, dict: &Dict, place: &str, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let is_field = dict.get("FT").is_some() || dict.is("Type", "Annot");
        for key in ["Contents", "V", "TU"].iter().filter(|_| is_field) {
            if let Some(text) = self.text(dict, key, inside)? {
                let place = if place.is_empty() {
                    "note".to_owned()
                } else {
                    format!("{place}, note")
                };
                inside.text(place, text);
            }
        }
        Ok(())
    }

    /// A text of a dictionary. It is counted, as a thousand of them may share one long text.
    fn text(&self, dict: &Dict, key: &str, inside: &mut Inside<'_>) -> Result<Option<String>, Trouble> {
        let text = dict
            .get(key)
            .map(|one| self.document.follow(one))
            .and_then(Object::as_text);
        let Some(text) = text else { return Ok(None) };
        inside.claim(text.len())?;
        Ok(Some(decoded(text)))
    }

    fn action(&self, dict: &Dict, place: &str, how: LinkKind, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let kind = dict
            .get("S")
            .map(|one| self.document.follow(one))
            .and_then(Object::as_name);
        match kind.unwrap_or_default() {
            b"URI" => {
                if let Some(target) = self.text(dict, "URI", inside)? {
                    inside.link(place, self.absolute(target), "", how);
                }
            }
            b"SubmitForm" => self.elsewhere(dict, place, LinkKind::Form, inside)?,
            b"GoToR" | b"GoToE" | b"ImportData" | b"Thread" => self.elsewhere(dict, place, how, inside)?,
            b"Launch" => {
                let windows = dict
                    .get("Win")
                    .map(|one| self.document.follow(one))
                    .and_then(Object::as_dict);
                let mut command = vec![self.file(dict, inside)?];
                if let Some(windows) = windows {
                    command.push(self.text(windows, "F", inside)?);
                    command.push(self.text(windows, "P", inside)?);
                }
                let command: Vec<String> = command.into_iter().flatten().collect();
                inside.script(place, command.join(" "));
            }
            b"JavaScript" => self.script(dict, place, inside)?,
            _ => {}
        }
        Ok(())
    }

    fn script(&self, dict: &Dict, place: &str, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let script = match dict.get("JS") {
            Some(Object::Reference(number)) => match self.document.place(*number) {
                Some(index) => match self.document.stream(index, inside)? {
                    Some(unpacked) => Some(decoded(&unpacked.bytes)),
                    None => self.text(dict, "JS", inside)?,
                },
                None => None,
            },
            _ => self.text(dict, "JS", inside)?,
        };
        if let Some(script) = script {
            let place = if place.is_empty() {
                "script".to_owned()
            } else {
                format!("{place}, script")
            };
            inside.script(place, script);
        }
        Ok(())
    }

    /// An action that opens another file, when that lies on another machine.
    fn elsewhere(&self, dict: &Dict, place: &str, how: LinkKind, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let far = |target: &String| ["://", "\\\\", "mailto:"].iter().any(|mark| target.contains(mark));
        if let Some(target) = self.file(dict, inside)?.filter(far) {
            inside.link(place, target, "", how);
        }
        Ok(())
    }

    /// The file or URL of an action.
    fn file(&self, dict: &Dict, inside: &mut Inside<'_>) -> Result<Option<String>, Trouble> {
        match dict.get("F").map(|one| self.document.follow(one)) {
            Some(Object::Dict(file)) => match self.text(file, "UF", inside)? {
                None => self.text(file, "F", inside),
                known => Ok(known),
            },
            _ => self.text(dict, "F", inside),
        }
    }

    fn absolute(&self, target: String) -> String {
        match &self.base {
            Some(base) if !target.contains(':') => {
                let joined = url::Url::parse(base).and_then(|base| base.join(&target));
                joined.map_or(target, String::from)
            }
            _ => target,
        }
    }
}
