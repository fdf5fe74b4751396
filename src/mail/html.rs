//! HTML as its reader sees it: text with line ends where blocks end, and every link, in one pass over the tokens of the
//! WHATWG tokenizer (linear, also for one tag with a million attributes). How a link stands in an attribute or in CSS is in
//! [`super::link`].

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::link::{self, Attributes};
use super::{Link, LinkKind, element};

/// The text that the reader sees and the links, in order.
pub fn render(html: &str) -> (String, Vec<Link>) {
    let rendered = run(html, Trace::Nothing);
    (rendered.text, rendered.links)
}

/// What [`run`] gives.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    pub text: String,
    pub links: Vec<Link>,
    /// For each line of `text`: where it begins in the source, at the tag that ended the line before.
    pub line_starts: Vec<usize>,
    /// For each line of `text`: the ranges of the source that its characters come from.
    pub pieces: Vec<Vec<(usize, usize)>>,
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
    // No event makes a token, so this reads to the end; a string cannot fail to be read.
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    renderer.finish()
}

struct Renderer {
    out: Rendered,
    /// The tag being read.
    tag: String,
    tag_start: usize,
    attribute: String,
    attributes: Attributes,
    /// The element whose raw content comes next.
    silent: Option<&'static str>,
    preformatted: u32,
    /// A blank was read that is written only if more text follows on the line.
    blank: bool,
    /// The anchor that is open: its place in `links`, where its text begins.
    anchor: Option<(usize, usize)>,
    line_started: bool,
    /// No text at all was read since the line began, not even blanks.
    line_is_empty: bool,
    next_line_at: usize,
    line: u32,
    trace: Trace,
}

impl Renderer {
    fn new(trace: Trace) -> Self {
        Self {
            out: Rendered {
                line_starts: vec![0],
                pieces: vec![Vec::new()],
                ..Rendered::default()
            },
            tag: String::new(),
            tag_start: 0,
            attribute: String::new(),
            attributes: Attributes::default(),
            silent: None,
            preformatted: 0,
            blank: false,
            anchor: None,
            line_started: false,
            line_is_empty: true,
            next_line_at: 0,
            line: 1,
            trace,
        }
    }

    fn new_line(&mut self, at: usize) {
        self.out.text.push('\n');
        self.line = self.line.saturating_add(1);
        self.line_is_empty = true;
        if self.trace != Trace::Nothing {
            self.out.line_starts.push(at);
        }
        if self.trace == Trace::Pieces {
            self.out.pieces.push(Vec::new());
        }
        self.blank = false;
        self.line_started = false;
    }

    /// A block begins or ends: on a line of its own, but without empty lines.
    fn block(&mut self, at: usize) {
        self.blank = false;
        if self.line_started {
            self.new_line(at);
        } else if let Some(start) = self.out.line_starts.last_mut().filter(|_| self.next_line_at <= at) {
            // The line is still empty: it begins at the outermost of the tags before its text.
            if self.line_is_empty && *start < self.next_line_at {
                *start = self.next_line_at;
            }
        }
    }

    fn text(&mut self, value: &str, span: (usize, usize)) {
        self.line_is_empty = false;
        self.piece(span);
        for c in value.chars() {
            match c {
                '\n' if self.preformatted > 0 => {
                    self.new_line(span.0);
                    self.line_is_empty = false;
                    self.piece(span);
                }
                '\r' | '\0' => {}
                ' ' | '\t' | '\n' | '\x0c' if self.preformatted == 0 => self.blank = true,
                _ => {
                    if self.blank && self.line_started && !self.out.text.ends_with('\t') {
                        self.out.text.push(' ');
                    }
                    self.blank = false;
                    self.line_started = true;
                    self.out.text.push(if c == '\u{a0}' { ' ' } else { c });
                }
            }
        }
    }

    fn piece(&mut self, span: (usize, usize)) {
        if let Some(pieces) = self.out.pieces.last_mut().filter(|_| self.trace == Trace::Pieces) {
            pieces.push(span);
        }
    }

    fn open_tag(&mut self, end: usize) {
        let tag = std::mem::take(&mut self.tag);
        let attributes = std::mem::take(&mut self.attributes);
        let at = self.tag_start;
        match tag.as_str() {
            "br" => self.new_line(end),
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" => self.preformatted += 1,
            "td" | "th" => self.blank = false,
            _ => {}
        }
        if element::is_block(&tag) {
            self.block(at);
        }
        self.silent = element::silent(&tag);
        if tag == "a" {
            self.close_anchor();
        }
        let line = self.line;
        let before = self.out.links.len();
        link::of_tag(&tag, &attributes, line, &mut self.out.links);
        if tag == "a" && attributes.has("href") {
            let found = self
                .out
                .links
                .iter()
                .skip(before)
                .position(|link| link.kind == LinkKind::Anchor);
            self.anchor = found.map(|at| (before + at, self.out.text.len()));
        }
        self.attributes = attributes.cleared();
    }

    fn close_tag(&mut self, tag: &str, at: usize, end: usize) {
        match tag {
            "a" => self.close_anchor(),
            "td" | "th" => {
                self.blank = false;
                self.out.text.push('\t');
                self.line_started = true;
            }
            "pre" | "textarea" | "xmp" | "plaintext" | "listing" => {
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            "br" => self.new_line(end),
            _ => {}
        }
        self.silent = None;
        self.next_line_at = end;
        if element::is_block(tag) {
            self.block(end.max(at));
        }
    }

    fn close_anchor(&mut self) {
        let Some((index, start)) = self.anchor.take() else {
            return;
        };
        let shown = self.out.text.get(start..).unwrap_or_default();
        // Who never closes an anchor gets no second copy of the whole text.
        let shown: String = shown.chars().take(2000).collect();
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(link) = self.out.links.get_mut(index) {
            link.shown = shown;
        }
    }

    fn finish(mut self) -> Rendered {
        self.close_anchor();
        self.out.links = link::resolve(std::mem::take(&mut self.out.links));
        self.out
    }
}

fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

impl Renderer {
    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = lossy(name).into_owned();
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
                Some("style") => {
                    let line = self.line;
                    link::of_css(&lossy(value), line, &mut self.out.links);
                }
                Some(_) => {}
                None => self.text(&lossy(value), (span.start, span.end)),
            },
            CallbackEvent::Comment { value } => {
                // Outlook shows what stands in `<!--[if mso]> … <![endif]-->`.
                if value.starts_with(b"[if") {
                    let line = self.line;
                    let inner = lossy(value);
                    let inner = inner.split_once('>').map_or("", |(_, inner)| inner);
                    let links = run_inner(inner);
                    self.out
                        .links
                        .extend(links.into_iter().map(|link| Link { line, ..link }));
                }
            }
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }
}

/// A comment holds no comment, so this goes no deeper.
fn run_inner(html: &str) -> Vec<Link> {
    run(&html.replace("<!", "<x"), Trace::Nothing).links
}

#[cfg(test)]
#[path = "tests/html.rs"]
mod tests;
