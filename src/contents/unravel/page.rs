//! The programs of a page.

use std::convert::Infallible;

use html5gum::Span;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use crate::mail::html::tokens;

/// Whether a text is a page, or a piece of one.
pub(super) fn is_markup(text: &str) -> bool {
    const TAGS: [&str; 12] = [
        "<html", "<script", "<form", "<iframe", "<meta", "<body", "<a ", "<img", "<svg", "<object", "<embed", "<div",
    ];
    let start = text.get(..text.floor_char_boundary(1 << 16)).unwrap_or_default();
    let start = start.to_ascii_lowercase();
    TAGS.iter().any(|tag| start.contains(tag))
}

/// Scripts, what runs when something happens, and programs in links, in their order.
pub(super) fn scripts(source: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut is_script = false;
    let mut script = String::new();
    let mut runs = false;
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<usize>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => is_script = name == b"script",
            CallbackEvent::AttributeName { name } => runs = name.starts_with(b"on"),
            CallbackEvent::AttributeValue { value } => {
                let is_program = value
                    .get(..11)
                    .is_some_and(|start| start.eq_ignore_ascii_case(b"javascript:"));
                if runs || is_program {
                    all.push(String::from_utf8_lossy(value).into_owned());
                }
            }
            CallbackEvent::String { value } if is_script => script.push_str(&String::from_utf8_lossy(value)),
            CallbackEvent::EndTag { .. } => {
                is_script = false;
                if !script.is_empty() {
                    all.push(std::mem::take(&mut script));
                }
            }
            _ => {}
        }
        None
    });
    emitter.naively_switch_states(true);
    tokens::read(source, emitter);
    if !script.is_empty() {
        all.push(script);
    }
    // One program follows another with the same names.
    vec![all.join("\n;\n")]
}
