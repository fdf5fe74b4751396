//! XML that is no page: what stands between its tags and in its attributes. Names of schemas and namespaces are not read.

use std::convert::Infallible;

use html5gum::Span;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use super::text;
use crate::contents::{File, Inside, Reader, Trouble};
use crate::mail::html::tokens;

/// Reads XML by its first line, else by its name; manifests of programs that are installed from the web too.
pub struct Xml;

const NAMES: [&str; 8] = [
    "xml",
    "application",
    "appinstaller",
    "jnlp",
    "manifest",
    "config",
    "xsl",
    "rdf",
];

impl Reader for Xml {
    fn reads(&self, file: &File<'_>) -> bool {
        let is_named = NAMES.iter().any(|name| file.ends_with(name));
        file.mimetype == "text/xml" || (is_named && file.mimetype.starts_with("text/"))
    }

    fn read(&self, file: &File<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
        inside.claim(file.bytes.len())?;
        let source = text::decode(file.bytes).ok_or_else(|| Trouble::broken("no text"))?;
        inside.text("", readable(&source));
        Ok(())
    }
}

/// Element or attribute, without prefix, and what it holds.
fn walk(source: &str, mut take: impl FnMut(&str, &str, bool)) {
    let mut element = String::new();
    let mut attribute = String::new();
    let mut held = String::new();
    let emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<usize>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                take(&element, &held, false);
                held.clear();
                element = local(name);
            }
            CallbackEvent::AttributeName { name } => attribute = String::from_utf8_lossy(name).into_owned(),
            CallbackEvent::AttributeValue { value } => {
                let is_schema = attribute.starts_with("xmlns") || attribute.ends_with("schemalocation");
                if !is_schema {
                    take(&local(attribute.as_bytes()), &String::from_utf8_lossy(value), true);
                }
            }
            CallbackEvent::String { value } => held.push_str(&String::from_utf8_lossy(value)),
            CallbackEvent::EndTag { .. } => {
                take(&element, &held, false);
                held.clear();
                element.clear();
            }
            _ => {}
        }
        None
    });
    tokens::read(source, emitter);
}

fn local(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.rsplit(':').next().unwrap_or_default().to_owned()
}

/// The elements that hold a text alone, in lower case, and their texts.
pub fn elements(source: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    walk(&without_sections(source), |name, value, is_attribute| {
        let value = value.trim();
        if !is_attribute && !name.is_empty() && !value.is_empty() {
            all.push((name.to_owned(), value.to_owned()));
        }
    });
    all
}

/// Everything that is no name, a line each.
fn readable(source: &str) -> String {
    let mut shown = String::new();
    walk(&without_sections(source), |_, value, _| {
        let value = value.trim();
        if !value.is_empty() {
            shown.push_str(value);
            shown.push('\n');
        }
    });
    shown
}

/// The tokenizer is one of HTML, which has no such sections and processing instructions.
fn without_sections(source: &str) -> String {
    source.replace("<![CDATA[", "").replace("]]>", "")
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;
