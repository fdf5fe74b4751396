//! The XML of an OpenDocument.

use crate::contents::readers::office::xml::{Node, Tag, walk};
use crate::contents::readers::office::{external, formula};
use crate::contents::{Inside, Stop, Trouble};
use crate::mail::LinkKind;

/// Bytes of the text that shows a link, of which more are not kept.
const LONGEST: usize = 300;

/// Hands over text, links, formulas and macros.
pub fn read(bytes: &[u8], place: &str, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let mut content = Content {
        place: place.to_owned(),
        ..Content::default()
    };
    let outcome = walk(bytes, inside, &mut |node, inside| content.node(&node, inside));
    content.finish(inside);
    outcome
}

/// Hands over where a document goes by itself after a while.
pub fn meta(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    walk(bytes, inside, &mut |node, inside| {
        if let Node::Open(tag) = &node
            && matches!(tag.name(), "auto-reload" | "template")
        {
            let target = tag.attribute("href").unwrap_or_default();
            external::target(inside, "", &target, "", LinkKind::Refresh);
        }
        Ok(())
    })
}

#[derive(Default)]
struct Content {
    place: String,
    text: String,
    /// Links that are open, with the text that shows them.
    links: Vec<(String, String)>,
    /// A macro's text, and whether one is open.
    program: Option<String>,
    /// Data in base64, which is no text, and settings.
    hidden: usize,
}

impl Content {
    fn node(&mut self, node: &Node<'_>, inside: &mut Inside<'_>) -> Result<(), Stop> {
        match node {
            Node::Open(tag) => self.open(tag, inside)?,
            Node::Close(name) => self.close(name, inside),
            Node::Text(text) => {
                if let Some(program) = &mut self.program {
                    program.push_str(text);
                } else if self.hidden == 0 {
                    self.text.push_str(text);
                    for (_, shown) in &mut self.links {
                        if shown.len() + text.len() <= LONGEST {
                            shown.push_str(text);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>, inside: &mut Inside<'_>) -> Result<(), Stop> {
        match tag.name() {
            "a" if self.links.len() < 16 => {
                self.links
                    .push((tag.attribute("href").unwrap_or_default(), String::new()));
            }
            "image" | "fill-image" | "plugin" | "background-image" => self.target(tag, LinkKind::Image, inside),
            "object"
            | "object-ole"
            | "section-source"
            | "table-source"
            | "cell-range-source"
            | "floating-frame"
            | "applet"
            | "connection-resource"
            | "database-source"
            | "template" => {
                self.target(tag, LinkKind::Refresh, inside);
            }
            "event-listener" => {
                self.target(tag, LinkKind::Anchor, inside);
                inside.script(self.place.clone(), tag.attribute("macro-name").unwrap_or_default());
            }
            "dde-source" | "dde-connection-decl" => {
                let words = ["dde-application", "dde-topic", "dde-item"];
                let words: Vec<_> = words.iter().filter_map(|name| tag.attribute(name)).collect();
                inside.script(self.place.clone(), words.join(" "));
            }
            "table" => {
                if let Some(name) = tag.attribute("name") {
                    self.hand_over(inside);
                    self.place = format!("sheet {name}");
                }
            }
            "page" => {
                self.hand_over(inside);
                self.place = format!("slide {}", tag.attribute("name").unwrap_or_default());
            }
            "table-cell" => {
                if let Some(written) = tag.attribute("formula") {
                    let written = written.split_once(":=").map_or(&*written, |(_, rest)| rest);
                    formula::read(inside, &self.place, written, "");
                }
            }
            "module" => self.program = Some(String::new()),
            "binary-data" | "settings" | "meta" | "styles" | "automatic-styles" => self.hidden += 1,
            "tab" | "s" => self.text.push(' '),
            "line-break" => self.text.push('\n'),
            _ => {}
        }
        inside.step(1)
    }

    fn target(&self, tag: &Tag<'_>, kind: LinkKind, inside: &mut Inside<'_>) {
        if let Some(target) = tag.attribute("href") {
            external::target(inside, &self.place, &target, "", kind);
        }
    }

    fn close(&mut self, name: &str, inside: &mut Inside<'_>) {
        match name {
            "a" => {
                if let Some((target, shown)) = self.links.pop() {
                    external::target(inside, &self.place, &target, shown.trim(), LinkKind::Anchor);
                }
            }
            "p" | "h" | "list-item" | "table-row" | "creator" | "date" => self.text.push('\n'),
            "table-cell" => self.text.push('\t'),
            "module" => {
                if let Some(program) = self.program.take() {
                    formula::program(inside, &self.place, &program);
                }
            }
            "binary-data" | "settings" | "meta" | "styles" | "automatic-styles" => {
                self.hidden = self.hidden.saturating_sub(1);
            }
            _ => {}
        }
    }

    fn hand_over(&mut self, inside: &mut Inside<'_>) {
        inside.text(self.place.clone(), std::mem::take(&mut self.text));
    }

    fn finish(mut self, inside: &mut Inside<'_>) {
        while !self.links.is_empty() {
            self.close("a", inside);
        }
        self.close("module", inside);
        self.hand_over(inside);
    }
}
