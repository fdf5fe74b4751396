//! HTML as its reader sees it: text with line ends where blocks end, apart from it what no reader sees, and every link, in one
//! pass over the tokens of the WHATWG tokenizer (linear, also for one tag with a million attributes). How a link stands in an
//! attribute or in CSS is in [`super::link`].

mod colour;
mod length;
mod page;
mod sheet;
mod sight;
mod style;
pub mod tokens;

use std::convert::Infallible;

use html5gum::Span;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};

use super::attributes::Attributes;
use super::{Aside, AsideKind, Link, LinkKind, element, link};
use page::Page;
use sight::{Elements, Seen};

/// Renders HTML: what the reader sees, what he does not see, and the links, in order.
pub fn render(html: &str) -> Rendered {
    run(html, Trace::Nothing)
}

/// How bright a colour is, as an attribute or a declaration has it; `None` if it cannot be told.
pub fn brightness(colour: &str) -> Option<u8> {
    match colour::read(colour) {
        colour::Ink::Solid(colour) => Some(colour.brightness()),
        _ => None,
    }
}

/// What comes of HTML.
#[derive(Debug, Default)]
pub struct Rendered {
    /// What the reader sees.
    pub text: String,
    /// Texts that are not part of it.
    pub asides: Vec<Aside>,
    /// All links, also those that are not seen.
    pub links: Vec<Link>,
    /// For each line of `text`: where it begins in the source, at the tag that ended the line before.
    pub(super) line_starts: Vec<usize>,
    /// For each line of `text`: the ranges of the source that its characters come from.
    pub(super) pieces: Vec<Vec<(usize, usize)>>,
}

/// How much is remembered of where a text comes from; it can take more room than the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trace {
    Nothing,
    /// [`Rendered::line_starts`].
    Lines,
    /// [`Rendered::pieces`] too.
    Pieces,
}

/// Renders, and remembers where in the source each line comes from.
pub(super) fn run(html: &str, trace: Trace) -> Rendered {
    let mut renderer = Renderer::new(trace);
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| -> Option<Infallible> {
        renderer.event(&event, span);
        None
    });
    emitter.naively_switch_states(true);
    tokens::read(html, emitter);
    renderer.finish()
}

struct Renderer {
    page: Page,
    links: Vec<Link>,
    elements: Elements,
    /// The tag being read.
    tag: String,
    tag_start: usize,
    attribute: String,
    attributes: Attributes,
    /// The element whose raw content comes next.
    silent: Option<&'static str>,
    /// The style sheet that is being read.
    sheet: String,
    /// The anchor that is open: its place in `links`, where its text begins.
    anchor: Option<(usize, usize)>,
    /// The address that relative links start from.
    base: Option<String>,
}

impl Renderer {
    fn new(trace: Trace) -> Self {
        Self {
            page: Page::new(trace),
            links: Vec::new(),
            elements: Elements::default(),
            tag: String::new(),
            tag_start: 0,
            attribute: String::new(),
            attributes: Attributes::default(),
            silent: None,
            sheet: String::new(),
            anchor: None,
            base: None,
        }
    }

    fn text(&mut self, value: &str, span: (usize, usize)) {
        match self.elements.seen() {
            Seen::Shown => self.page.write(value, span),
            Seen::Gone => self.page.hide(value),
            Seen::Blank => {
                self.page.hide(value);
                self.page.gap();
            }
        }
    }

    fn open_tag(&mut self, end: usize) {
        let tag = std::mem::take(&mut self.tag);
        let attributes = std::mem::take(&mut self.attributes);
        self.elements.open(&tag, &attributes);
        if element::is_block(&tag) || tag == "br" {
            self.page.end_hidden();
        }
        if self.elements.have_boxes() {
            self.open_box(&tag, end);
        }
        self.silent = element::silent(&tag);
        if tag == "a" {
            self.close_anchor();
        }
        let before = self.links.len();
        link::of_tag(&tag, &attributes, self.page.line, &mut self.links);
        if tag == "a" && attributes.has("href") {
            let found = self
                .links
                .iter()
                .skip(before)
                .position(|link| link.kind == LinkKind::Anchor);
            self.anchor = found.map(|at| (before + at, self.page.text.len()));
        }
        if tag == "base" && self.base.is_none() {
            self.base = attributes.get("href").map(str::to_owned);
        }
        self.attributes = attributes.cleared();
        self.tag = tag;
    }

    /// What the beginning of an element does to the lines of the text.
    fn open_box(&mut self, tag: &str, end: usize) {
        match tag {
            "br" => self.page.new_line(end),
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" => self.page.preformatted += 1,
            "td" | "th" => self.page.cell(),
            _ => {}
        }
        if element::is_block(tag) {
            self.page.block(self.tag_start);
        }
    }

    fn close_tag(&mut self, tag: &str, at: usize, end: usize) {
        if tag == "a" {
            self.close_anchor();
        }
        self.close_sheet();
        self.silent = None;
        self.page.next_line_at = end;
        if element::is_block(tag) {
            self.page.end_hidden();
        }
        if self.elements.close(tag) {
            self.close_box(tag, at, end);
        }
    }

    /// What the end of an element does to the lines of the text.
    fn close_box(&mut self, tag: &str, at: usize, end: usize) {
        match tag {
            "td" | "th" => self.page.end_cell(),
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" => {
                self.page.preformatted = self.page.preformatted.saturating_sub(1);
            }
            "br" => self.page.new_line(end),
            _ => {}
        }
        if element::is_block(tag) {
            self.page.block(end.max(at));
        }
    }

    fn close_anchor(&mut self) {
        let Some((index, start)) = self.anchor.take() else {
            return;
        };
        let shown = self.page.text.get(start..).unwrap_or_default();
        // Who never closes an anchor gets no second copy of the whole text.
        let shown: String = shown.chars().take(2000).collect();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(link) = self.links.get_mut(index) {
            link.shown = shown;
        }
    }

    fn close_sheet(&mut self) {
        if !self.sheet.is_empty() {
            let sheet = std::mem::take(&mut self.sheet);
            link::of_css(&sheet, self.page.line, &mut self.links);
            self.elements.style(&sheet);
        }
    }

    fn comment(&mut self, comment: &str) {
        // Outlook shows what stands in `<!--[if mso]> … <![endif]-->`.
        let Some((condition, inner)) = comment.strip_prefix("[if").and_then(|rest| rest.split_once('>')) else {
            return;
        };
        let inner = run_inner(inner);
        let line = self.page.line;
        self.links
            .extend(inner.links.into_iter().map(|link| Link { line, ..link }));
        let for_others = condition.contains('!') || self.elements.seen() != Seen::Shown;
        let kind = if for_others {
            AsideKind::Hidden
        } else {
            AsideKind::Outlook
        };
        self.page.aside(inner.text, kind);
        for aside in inner.asides {
            self.page.aside(aside.text, AsideKind::Hidden);
        }
    }

    fn finish(mut self) -> Rendered {
        self.close_anchor();
        self.close_sheet();
        self.page.end_hidden();
        link::resolve(&mut self.links, self.base.as_deref());
        Rendered {
            text: self.page.text,
            asides: self.page.asides,
            links: self.links,
            line_starts: self.page.line_starts,
            pieces: self.page.pieces,
        }
    }
}

fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

impl Renderer {
    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag.clear();
                self.tag.push_str(&lossy(name));
                self.tag_start = span.start;
                self.attributes.clear();
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.push_str(&lossy(name));
                self.attributes.add(&self.attribute, "");
            }
            CallbackEvent::AttributeValue { value } => self.attributes.add(&self.attribute, &lossy(value)),
            CallbackEvent::CloseStartTag { .. } => self.open_tag(span.end),
            CallbackEvent::EndTag { name } => self.close_tag(&lossy(name), span.start, span.end),
            CallbackEvent::String { value } => match self.silent {
                Some("style") => self.sheet.push_str(&lossy(value)),
                Some(_) => {}
                None => self.text(&lossy(value), (span.start, span.end)),
            },
            CallbackEvent::Comment { value } => self.comment(&lossy(value)),
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }
}

/// A comment holds no comment, so this goes no deeper.
fn run_inner(html: &str) -> Rendered {
    run(&html.replace("<!", "<x"), Trace::Nothing)
}

#[cfg(test)]
#[path = "tests/hidden.rs"]
mod hidden_tests;
#[cfg(test)]
#[path = "tests/html.rs"]
mod tests;
