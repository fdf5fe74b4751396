//! Where a PDF file leads: links to click, actions that run by themselves, forms, scripts, files.

use std::collections::{HashMap, HashSet};

use super::document::Document;
use super::object::{Dict, Object};
use super::text::decoded;
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
    pub fn new(document: &'d Document<'b>, pages: &[usize]) -> Self {
        let mut of_object = HashMap::new();
        for (index, page) in pages.iter().enumerate() {
            let Some(entry) = document.entries.get(*page) else {
                continue;
            };
            of_object.insert(entry.number, index + 1);
            let annotations = entry.object.as_dict().and_then(|page| page.get("Annots"));
            let annotations = annotations.map(|one| document.follow(one)).and_then(Object::as_array);
            for annotation in annotations.unwrap_or_default() {
                if let Object::Reference(number) = annotation {
                    of_object.entry(*number).or_insert(index + 1);
                }
            }
        }
        let bases = document
            .entries
            .iter()
            .filter_map(|entry| entry.object.as_dict()?.get("URI"));
        let base = bases
            .filter_map(|one| document.follow(one).as_dict()?.get("Base"))
            .next();
        Self {
            document,
            pages: of_object,
            followed: HashSet::new(),
            base: base.and_then(|base| document.follow(base).as_text()).map(decoded),
        }
    }

    /// Hands over what all objects lead to.
    pub fn find(&mut self, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        // First those that are on a page, so that what they lead to is found there.
        let document = self.document;
        let is_placed = |number: u32| self.pages.contains_key(&number);
        let (placed, others): (Vec<_>, Vec<_>) = document.entries.iter().partition(|entry| is_placed(entry.number));
        for entry in placed.into_iter().chain(others) {
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
        self.said(dict, place, inside);
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
    fn said(&self, dict: &Dict, place: &str, inside: &mut Inside<'_>) {
        let is_field = dict.get("FT").is_some() || dict.is("Type", "Annot");
        for key in ["Contents", "V", "TU"].iter().filter(|_| is_field) {
            if let Some(text) = dict
                .get(key)
                .map(|one| self.document.follow(one))
                .and_then(Object::as_text)
            {
                let place = if place.is_empty() {
                    "note".to_owned()
                } else {
                    format!("{place}, note")
                };
                inside.text(place, decoded(text));
            }
        }
    }

    fn action(&self, dict: &Dict, place: &str, how: LinkKind, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let text = |key: &str| {
            dict.get(key)
                .map(|one| self.document.follow(one))
                .and_then(Object::as_text)
                .map(decoded)
        };
        match dict.name("S").unwrap_or_default() {
            b"URI" => {
                if let Some(target) = text("URI") {
                    inside.link(place, self.absolute(target), "", how);
                }
            }
            b"SubmitForm" => inside_link(inside, place, self.file(dict), LinkKind::Form),
            b"GoToR" | b"GoToE" | b"ImportData" | b"Thread" => inside_link(inside, place, self.file(dict), how),
            b"Launch" => {
                let windows = dict
                    .get("Win")
                    .map(|one| self.document.follow(one))
                    .and_then(Object::as_dict);
                let part = |key: &str| {
                    windows
                        .and_then(|one| one.get(key))
                        .and_then(Object::as_text)
                        .map(decoded)
                };
                let command: Vec<String> = [self.file(dict), part("F"), part("P")].into_iter().flatten().collect();
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
                    None => self
                        .document
                        .entries
                        .get(index)
                        .and_then(|entry| entry.object.as_text())
                        .map(decoded),
                },
                None => None,
            },
            Some(Object::Text(text)) => Some(decoded(text)),
            _ => None,
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

    /// The file or URL of an action.
    fn file(&self, dict: &Dict) -> Option<String> {
        let file = self.document.follow(dict.get("F")?);
        match file {
            Object::Text(text) => Some(decoded(text)),
            Object::Dict(file) => {
                let name = file.get("UF").or_else(|| file.get("F"))?;
                self.document.follow(name).as_text().map(decoded)
            }
            _ => None,
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

fn inside_link(inside: &mut Inside<'_>, place: &str, target: Option<String>, how: LinkKind) {
    if let Some(target) =
        target.filter(|target| target.contains("://") || target.starts_with("\\\\") || target.starts_with("mailto:"))
    {
        inside.link(place, target, "", how);
    }
}
