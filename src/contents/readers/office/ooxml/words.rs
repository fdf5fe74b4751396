//! Paragraphs, of documents, slides, comments and drawings alike, with their fields and links.

use std::collections::HashMap;

use super::relations;
use crate::contents::readers::office::xml::{Node, Tag, walk};
use crate::contents::readers::office::{external, field};
use crate::contents::{Inside, Stop, Trouble};
use crate::mail::LinkKind;

/// Fields in fields, and bytes of the text that shows one, of which more are not kept.
const DEEPEST: usize = 16;
const LONGEST: usize = 300;
/// A code is not longer than this.
const LONGEST_CODE: usize = 1 << 14;

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
        used: HashMap::new(),
        text: String::new(),
        is_text: false,
        is_code: false,
        open: Vec::new(),
    };
    let outcome = walk(bytes, inside, &mut |node, inside| words.node(&node, inside));
    while words.end(inside) {}
    let unused = targets.iter().filter(|(id, _)| !words.used.contains_key(*id));
    relations::unused(place, unused.map(|(id, to)| (id.clone(), to.clone())).collect(), inside);
    inside.text(place, words.text);
    outcome
}

/// A field or link that is open.
struct Open {
    what: What,
    shown: String,
}

enum What {
    /// A code, and whether the text in its place has begun.
    Code { code: String, is_shown: bool },
    /// `<hyperlink>`, by the number of its target.
    Link(String),
}

struct Words<'a> {
    place: &'a str,
    targets: &'a HashMap<String, String>,
    used: HashMap<String, ()>,
    text: String,
    is_text: bool,
    is_code: bool,
    open: Vec<Open>,
}

impl Words<'_> {
    fn node(&mut self, node: &Node<'_>, inside: &mut Inside<'_>) -> Result<(), Stop> {
        match node {
            Node::Open(tag) => self.begin(tag, inside),
            Node::Close(name) => match *name {
                "t" | "text" | "Text" => self.is_text = false,
                "instrText" => self.is_code = false,
                "p" | "tr" | "comment" => self.text.push('\n'),
                "tc" => self.text.push('\t'),
                "hyperlink" | "fldSimple" => {
                    self.end(inside);
                }
                _ => {}
            },
            Node::Text(text) if self.is_code => self.code(text),
            Node::Text(text) if self.is_text => self.shown(text),
            Node::Text(_) => {}
        }
        Ok(())
    }

    fn begin(&mut self, tag: &Tag<'_>, inside: &mut Inside<'_>) {
        match tag.name() {
            "t" | "text" | "Text" => self.is_text = true,
            "instrText" => self.is_code = true,
            "br" | "cr" => self.text.push('\n'),
            "tab" => self.text.push('\t'),
            "hyperlink" => self.push(What::Link(tag.reference("id").unwrap_or_default())),
            "fldSimple" => {
                let code = tag.attribute("instr").unwrap_or_default();
                self.push(What::Code { code, is_shown: true });
            }
            "fldChar" => match tag.attribute("fldCharType").as_deref() {
                Some("begin") => self.push(What::Code {
                    code: String::new(),
                    is_shown: false,
                }),
                Some("separate") => {
                    if let Some(Open {
                        what: What::Code { is_shown, .. },
                        ..
                    }) = self.open.last_mut()
                    {
                        *is_shown = true;
                    }
                }
                Some("end") => {
                    self.end(inside);
                }
                _ => {}
            },
            "hlinkClick" | "hlinkHover" | "hlinkMouseOver" => {
                let id = tag.reference("id").unwrap_or_default();
                self.link(&id, "", inside);
            }
            _ => {
                if let Some(target) = tag.attribute("href") {
                    external::target(inside, self.place, &target, "", LinkKind::Anchor);
                }
            }
        }
    }

    fn push(&mut self, what: What) {
        if self.open.len() < DEEPEST {
            self.open.push(Open {
                what,
                shown: String::new(),
            });
        }
    }

    fn code(&mut self, text: &str) {
        if let Some(Open {
            what: What::Code { code, .. },
            ..
        }) = self.open.last_mut()
            && code.len() + text.len() <= LONGEST_CODE
        {
            code.push_str(text);
        }
    }

    fn shown(&mut self, text: &str) {
        self.text.push_str(text);
        for open in &mut self.open {
            if open.shown.len() + text.len() <= LONGEST {
                open.shown.push_str(text);
            }
        }
    }

    /// Ends what was opened last. `false` if nothing is open.
    fn end(&mut self, inside: &mut Inside<'_>) -> bool {
        let Some(Open { what, shown }) = self.open.pop() else {
            return false;
        };
        match what {
            What::Link(id) => self.link(&id, &shown, inside),
            What::Code { code, .. } => match field::quoted(&code) {
                // What it stands for belongs to the code of the field around it.
                Some(quoted) => self.quoted(&quoted),
                None => field::read(inside, self.place, &code, &shown),
            },
        }
        true
    }

    fn quoted(&mut self, text: &str) {
        match self.open.last() {
            Some(Open {
                what: What::Code { is_shown: false, .. },
                ..
            }) => self.code(text),
            _ => self.text.push_str(text),
        }
    }

    fn link(&mut self, id: &str, shown: &str, inside: &mut Inside<'_>) {
        if let Some(target) = self.targets.get(id) {
            self.used.insert(id.to_owned(), ());
            external::target(inside, self.place, target, shown.trim(), LinkKind::Anchor);
        }
    }
}
