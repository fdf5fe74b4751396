//! The tags of a page in order, with what drawings are made of.

use std::convert::Infallible;

use html5gum::Span;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use crate::mail::html::tokens;

/// The attributes that say how something is drawn. Others are not kept.
const KNOWN: [&str; 26] = [
    "bgcolor",
    "class",
    "colspan",
    "cx",
    "cy",
    "d",
    "fill",
    "height",
    "href",
    "id",
    "points",
    "r",
    "src",
    "stroke",
    "stroke-width",
    "style",
    "transform",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "xlink:href",
    "y",
    "y1",
    "y2",
];

#[derive(Default)]
pub struct Attributes(Vec<(&'static str, String)>);

impl Attributes {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.trim())
    }

    /// A number of an attribute, whatever its unit.
    pub fn number(&self, name: &str) -> Option<f64> {
        super::path::numbers(self.get(name)?).first().copied()
    }

    /// What an attribute says, or else the style.
    pub fn styled(&self, name: &str) -> Option<&str> {
        let declared = self.get("style").and_then(|style| declaration(style, name));
        declared.or_else(|| self.get(name))
    }
}

/// The value of a declaration of CSS.
pub fn declaration<'a>(style: &'a str, name: &str) -> Option<&'a str> {
    style.split(';').find_map(|one| {
        let (property, value) = one.split_once(':')?;
        property.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// What is told of the tags.
pub trait Draws {
    fn open(&mut self, tag: &str, attributes: &Attributes);
    fn close(&mut self, tag: &str);
    fn text(&mut self, text: &str);
}

/// Tells of every tag, in one pass.
pub fn walk(source: &str, draws: &mut dyn Draws) {
    let mut tag = String::new();
    let mut known: Option<&'static str> = None;
    let mut attributes = Attributes::default();
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<usize>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                tag = lossy(name);
                attributes.0.clear();
            }
            CallbackEvent::AttributeName { name } => {
                known = KNOWN.iter().find(|known| known.as_bytes() == name).copied();
                known = known.filter(|known| attributes.get(known).is_none());
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some(name) = known.take() {
                    attributes.0.push((name, lossy(value)));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                draws.open(&tag, &attributes);
                if self_closing {
                    draws.close(&tag);
                }
            }
            CallbackEvent::EndTag { name } => draws.close(&lossy(name)),
            CallbackEvent::String { value } => draws.text(&String::from_utf8_lossy(value)),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    tokens::read(source, emitter);
}
