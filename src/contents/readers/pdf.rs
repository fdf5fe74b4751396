//! PDF files: where they lead, what they show, what is embedded in them. A small reader of our own.
//!
//! Tried: lopdf 0.47 opens streams of objects without limits while it loads a file, and trusts its table.

mod actions;
mod cipher;
mod crypt;
mod document;
mod drawing;
mod filter;
mod font;
mod join;
mod matrix;
mod object;
mod picture;
mod scan;
mod syntax;
mod text;
mod words;

use std::collections::HashSet;

use memchr::memmem;

use self::actions::Actions;
use self::document::Document;
use self::object::{Dict, Object};
use self::text::Reader as TextReader;
use self::words::decoded;
use crate::contents::{File, Inside, Reader, Trouble, codes};

/// Most pages whose text and pictures are read.
const MOST_PAGES: usize = 2000;
/// Junk before the file, as mail servers and attackers put there.
const HEAD: usize = 1 << 16;

pub struct Pdf;

impl Reader for Pdf {
    fn reads(&self, file: &File<'_>) -> bool {
        let head = file.bytes.get(..file.bytes.len().min(HEAD)).unwrap_or_default();
        file.mimetype == "application/pdf"
            || (file.ends_with("pdf") || file.declared == "application/pdf") && memmem::find(head, b"%PDF").is_some()
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        let document = Document::read(file.bytes, inside)?;
        let pages = pages(&document);
        let places: Vec<usize> = pages.iter().map(|(page, _)| *page).collect();
        Actions::new(&document, &places, inside)?.find(inside)?;
        let links = inside.links();
        embedded_files(&document, inside)?;
        let mut texts = TextReader::new(&document);
        let mut shown_pictures = HashSet::new();
        let mut pictures = Vec::new();
        for (index, (page, resources)) in pages.iter().enumerate().take(MOST_PAGES) {
            let place = format!("page {}", index + 1);
            let shown = match texts.page(*page, *resources, inside) {
                Ok(shown) => shown,
                // One broken page hides no other.
                Err(Trouble::Broken(_) | Trouble::TooMuch) => continue,
                Err(other) => return Err(other),
            };
            let links = links.get(&place).map(Vec::as_slice).unwrap_or_default();
            let text = join::lines(shown.text, links, |bytes| inside.claim(bytes))?;
            inside.text(place.clone(), text);
            if let Some(canvas) = shown.drawing.canvas() {
                codes::in_drawing(&place, &canvas, inside)?;
            }
            for (number, picture) in shown.pictures.into_iter().enumerate() {
                if shown_pictures.insert(picture) {
                    pictures.push((picture, format!("{place} picture {}", number + 1)));
                }
            }
        }
        // They take most of the room, so that all texts come before them.
        for (picture, name) in pictures {
            hand_over_picture(&document, picture, &name, inside)?;
        }
        Ok(())
    }
}

fn hand_over_picture(
    document: &Document<'_>,
    place: usize,
    name: &str,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    match inside.lent(|inside| picture::file_of(document, place, inside)) {
        Ok(Some((ending, bytes))) => Ok(inside.part(Some(&format!("{name}.{ending}")), bytes)?),
        Ok(None) | Err(Trouble::Broken(_) | Trouble::TooMuch) => Ok(()),
        Err(other) => Err(other),
    }
}

/// The pages in their order, each with the resources of what is around it. Pages that no tree names come last.
fn pages<'d>(document: &'d Document<'_>) -> Vec<(usize, Option<&'d Dict>)> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut lists = HashSet::new();
    let roots = document.trailers.iter().rev().filter_map(|trailer| trailer.get("Root"));
    let roots = roots.filter_map(|root| document.follow(root).as_dict()?.get("Pages"));
    let mut waiting: Vec<(&Object, Option<&Dict>)> = roots.map(|pages| (pages, None)).take(1).collect();
    while let Some((object, resources)) = waiting.pop() {
        let Object::Reference(number) = object else { continue };
        let Some(place) = document.place(*number).filter(|place| seen.insert(*place)) else {
            continue;
        };
        let Some(dict) = document.entries.get(place).and_then(|entry| entry.object.as_dict()) else {
            continue;
        };
        let own = dict
            .get("Resources")
            .map(|one| document.follow(one))
            .and_then(Object::as_dict)
            .or(resources);
        match dict
            .get("Kids")
            .map(|kids| document.follow(kids))
            .and_then(Object::as_array)
        {
            // A list that many nodes share is read once, or it would fill the memory.
            Some(kids) => {
                if lists.insert(std::ptr::from_ref(kids)) {
                    waiting.extend(kids.iter().rev().map(|kid| (kid, own)));
                }
            }
            None => found.push((place, own)),
        }
    }
    for (place, entry) in document.entries.iter().enumerate() {
        let is_page = entry.object.as_dict().is_some_and(|dict| dict.is("Type", "Page"));
        if is_page && document.place(entry.number) == Some(place) && seen.insert(place) {
            found.push((place, None));
        }
    }
    found
}

/// Files that the document carries.
fn embedded_files(document: &Document<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let mut seen = HashSet::new();
    for entry in &document.entries {
        // A specification of a file may stand by itself, or in what refers to it.
        let mut waiting = vec![&entry.object];
        while let Some(object) = waiting.pop() {
            match object {
                Object::Array(items) => waiting.extend(items.iter().filter(|item| holds_objects(item))),
                Object::Dict(dict) => {
                    waiting.extend(
                        dict.0
                            .iter()
                            .map(|(_, value)| value)
                            .filter(|value| holds_objects(value)),
                    );
                    embedded_file(document, dict, &mut seen, inside)?;
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn holds_objects(object: &Object) -> bool {
    matches!(object, Object::Array(_) | Object::Dict(_))
}

fn embedded_file(
    document: &Document<'_>,
    dict: &Dict,
    seen: &mut HashSet<usize>,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    let Some(files) = dict.get("EF").map(|one| document.follow(one)).and_then(Object::as_dict) else {
        return Ok(());
    };
    let name = dict.get("UF").or_else(|| dict.get("F")).map(|one| document.follow(one));
    let stream = files
        .get("UF")
        .or_else(|| files.get("F"))
        .or_else(|| files.0.first().map(|(_, value)| value));
    let Some(Object::Reference(number)) = stream else {
        return Ok(());
    };
    let Some(place) = document.place(*number).filter(|place| seen.insert(*place)) else {
        return Ok(());
    };
    inside.may_hold_files()?;
    match document.stream(place, inside) {
        Ok(Some(unpacked)) => {
            let name = name.and_then(Object::as_text).map(decoded);
            Ok(inside.file(name.as_deref(), unpacked.bytes)?)
        }
        Ok(None) | Err(Trouble::Broken(_) | Trouble::TooMuch) => Ok(()),
        Err(other) => Err(other),
    }
}

#[cfg(test)]
#[path = "pdf_tests.rs"]
mod tests;
