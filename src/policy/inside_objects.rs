//! The objects of what was read in a file: codes in pictures, shortcuts, the texts of macros.

use super::flag;
use super::object::{Content, Extra, ObjectPlan};
use super::{Node, NodeFile};
use crate::contents::{Code, What};
use crate::domain::FoundAs;
use crate::misp::template::Template;

/// Most of one file. A picture book of codes is told by its indicators.
const MOST: usize = 100;

/// The objects of what a file has inside. The event makes each refer to that of the file. `key` is the key of the file's own.
pub(super) fn decide(file: &NodeFile<'_>, key: &str) -> Vec<ObjectPlan> {
    let Some(opened) = file.opened else { return Vec::new() };
    let name = file.name.unwrap_or("code.png");
    let mut objects = Vec::new();
    if !opened.facts.is_empty() {
        objects.push(of_facts(file, key, &opened.facts));
    }
    for (index, piece) in opened.pieces.iter().enumerate() {
        if objects.len() >= MOST {
            break;
        }
        match &piece.what {
            What::Code(code) => objects.push(of_code(name, key, index, code)),
            What::Text {
                found_as: FoundAs::Script,
                ..
            } if !piece.place.is_empty() => {
                objects.push(of_script(key, index, &piece.place));
            }
            _ => {}
        }
    }
    objects
}

/// A shortcut, so far the only format with an object of its own.
fn of_facts(file: &NodeFile<'_>, key: &str, facts: &[(&'static str, String)]) -> ObjectPlan {
    let mut object = ObjectPlan::new(Template::get("lnk"), key.to_owned());
    object.add_with(
        "filename",
        file.name.unwrap_or("shortcut.lnk"),
        Extra::beside_attribute(),
    );
    for (relation, value) in facts {
        object.add(relation, value);
    }
    object
}

/// The objects of codes that the texts of a mail draw or hold.
pub(super) fn of_bodies(node: &Node<'_>) -> Vec<ObjectPlan> {
    let pieces = node.contents.in_bodies.iter().enumerate().take(MOST);
    let objects = pieces.filter_map(|(index, piece)| match &piece.what {
        What::Code(code) => Some(of_code("code.png", &piece.place, index, code)),
        _ => None,
    });
    objects.collect()
}

fn of_code(name: &str, key: &str, index: usize, code: &Code) -> ObjectPlan {
    let mut object = ObjectPlan::new(Template::get("decoded-qrcode"), format!("{key}\0{}", code.text));
    object.add("decoded-value", &code.text);
    object.add("description", code.symbology);
    let content = if code.drawn.is_some() {
        Content::Piece(index)
    } else {
        Content::File
    };
    object.add_with(
        "qr-image",
        name,
        Extra::default().judged(flag::of_file(false)).with(content),
    );
    object
}

/// The text of a macro: for people to read, and no sample.
fn of_script(key: &str, index: usize, place: &str) -> ObjectPlan {
    let mut object = ObjectPlan::new(Template::get("script"), format!("{key}\0{index}"));
    let extra = Extra::default()
        .judged(flag::of_file(false))
        .with(Content::Piece(index));
    object.add_with("script-as-attachment", &format!("{place}.txt"), extra);
    object.add("comment", place);
    object
}
