//! Codes that no picture file has: on pages, in texts, and in the bodies of mails.

use std::collections::HashMap;

use super::canvas::Canvas;
use super::grey::Grey;
use super::page::Page;
use super::picture::Picture;
use super::symbols::Symbol;
use super::{blocks, decode, passes, together};
use crate::contents::{Code, Inside, Stop, Trouble};
use crate::domain::coding::data_uri;
use crate::file;
use crate::mail::{BodyKind, Mail};

/// Pictures inside drawings inside pages are not looked for without end.
const DEEPEST: usize = 2;

/// Codes in the bodies of a mail. `under` gives the name of a place of it.
pub fn in_mail(mail: &Mail, under: &dyn Fn(&str) -> String, inside: &mut Inside<'_>) -> Result<(), Stop> {
    let mut at_place = HashMap::new();
    for attachment in &mail.attachments {
        for place in &attachment.places {
            at_place.entry(place.as_str()).or_insert(attachment.bytes.as_slice());
        }
    }
    for body in &mail.bodies {
        let source = body.source.as_deref().unwrap_or(&body.text);
        match body.kind {
            BodyKind::Plain => in_text(&|place| under(&format!("text/plain {place}")), source, inside)?,
            BodyKind::Html => {
                let attached = |target: &str| {
                    let place = target.strip_prefix("cid:").unwrap_or(target);
                    at_place.get(place).copied()
                };
                let place = |place: &str| under(&format!("text/html {place}"));
                in_page(&place, source, &attached, inside)?;
            }
        }
    }
    Ok(())
}

/// Codes that are drawn with the characters of a text.
pub fn in_text(under: &dyn Fn(&str) -> String, text: &str, inside: &mut Inside<'_>) -> Result<(), Stop> {
    if !inside.reads_codes() {
        return Ok(());
    }
    inside.step(text.len())?;
    for (index, ways) in blocks::drawings(text).iter().enumerate() {
        for way in ways {
            let found = passes::glance(way, inside)?;
            let is_found = !found.is_empty();
            add(&under(&format!("drawing {}", index + 1)), found, way, inside);
            if is_found {
                break;
            }
        }
    }
    Ok(())
}

/// Codes of a page of HTML, or of a drawing in SVG. `attached` has the bytes of pictures that lie beside it.
pub fn in_page<'a>(
    under: &dyn Fn(&str) -> String,
    source: &str,
    attached: &dyn Fn(&str) -> Option<&'a [u8]>,
    inside: &mut Inside<'_>,
) -> Result<(), Stop> {
    if inside.reads_codes() {
        inside.step(source.len())?;
        in_source(under, source, attached, inside, 0)?;
    }
    Ok(())
}

/// Looks for codes in what a page draws with shapes.
pub fn in_drawing(place: &str, canvas: &Canvas, inside: &mut Inside<'_>) -> Result<(), Stop> {
    if inside.reads_codes()
        && let Some(drawing) = canvas.picture()
    {
        let found = passes::look_at(&drawing, inside)?;
        add(&format!("{place}, drawing"), found, &drawing, inside);
    }
    Ok(())
}

fn in_source<'a>(
    under: &dyn Fn(&str) -> String,
    source: &str,
    attached: &dyn Fn(&str) -> Option<&'a [u8]>,
    inside: &mut Inside<'_>,
    depth: usize,
) -> Result<(), Stop> {
    let page = Page::read(source);
    for (index, drawing) in page.drawings.iter().enumerate() {
        let found = passes::look_at(drawing, inside)?;
        add(&under(&format!("drawing {}", index + 1)), found, drawing, inside);
    }
    in_text(under, &page.text, inside)?;
    let mut number = 0;
    for group in &page.groups {
        let is_alone = group.iter().flatten().count() < 2;
        let mut rows = Vec::new();
        for row in group {
            let mut pictures = Vec::new();
            for target in row {
                number += 1;
                let place = under(&format!("picture {number}"));
                match held(target) {
                    Some(Held::Drawing(source)) if depth < DEEPEST => {
                        in_source(&|_| place.clone(), &source, attached, inside, depth + 1)?;
                    }
                    Some(Held::Drawing(_)) => {}
                    Some(Held::Bytes(bytes)) => pictures.extend(picture(&place, &bytes, true, inside)?),
                    // Each by itself is read as a file.
                    None if is_alone => {}
                    None => {
                        if let Some(bytes) = attached(target) {
                            pictures.extend(picture(&place, bytes, false, inside)?);
                        }
                    }
                }
            }
            if !pictures.is_empty() {
                rows.push(pictures);
            }
        }
        in_group(&under(&format!("pictures up to {number}")), &rows, inside)?;
    }
    Ok(())
}

/// Codes of which each picture has a part.
fn in_group(place: &str, rows: &[Vec<Picture>], inside: &mut Inside<'_>) -> Result<(), Stop> {
    for whole in together::ways(rows) {
        let found = passes::look(&whole, inside)?;
        if !found.is_empty() {
            add(place, found, &whole.on_white(), inside);
            break;
        }
    }
    Ok(())
}

/// What a `data:` address holds.
enum Held {
    Drawing(String),
    Bytes(Vec<u8>),
}

fn held(target: &str) -> Option<Held> {
    let (head, coded) = target.get(5..).filter(|_| starts_with_data(target))?.split_once(',')?;
    let head = head.to_ascii_lowercase();
    let bytes = data_uri(&head, coded)?;
    if head.starts_with("image/svg") {
        return Some(Held::Drawing(String::from_utf8_lossy(&bytes).into_owned()));
    }
    Some(Held::Bytes(bytes))
}

fn starts_with_data(target: &str) -> bool {
    target.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// The first picture of a file, and if it is asked for what the codes in it say.
fn picture(place: &str, bytes: &[u8], is_new: bool, inside: &mut Inside<'_>) -> Result<Option<Picture>, Stop> {
    let Some(format) = decode::format(&file::mimetype(bytes, None)) else {
        return Ok(None);
    };
    let mut first = None;
    let decoded = decode::decode(bytes, format, inside, |picture, inside| {
        if is_new {
            let found = passes::look(&picture, inside)?;
            add(place, found, &picture.on_white(), inside);
        }
        first.get_or_insert(picture);
        Ok(())
    });
    match decoded {
        Err(Trouble::Stopped(stop)) => Err(stop),
        _ => Ok(first),
    }
}

fn add(place: &str, found: Vec<Symbol>, drawn: &Grey, inside: &mut Inside<'_>) {
    for symbol in found {
        let code = Code {
            symbology: symbol.symbology,
            text: symbol.text,
            drawn: decode::png(drawn),
        };
        inside.code(place, code);
    }
}
