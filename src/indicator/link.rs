//! Links of HTML bodies: the target gives the indicators; a text that shows another host is said, of both.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use super::finds::Finds;
use super::rewriter::{self, Chain, End};
use super::scan::Scan;
use super::schemes::Schemes;
use super::{Doubt, Indicator, Kind, browser, data_uri, mailto};
use crate::config::TextSettings;
use crate::domain::coding::percent_text;
use crate::domain::{FoundAs, Remark, RewriterRole, host};
use crate::mail::{Link, LinkKind, html};

/// The part in which the targets of links are found.
pub const PART: &str = "text/html link";

/// Pages inside the addresses of others are read this deep.
const DEEPEST: u8 = 3;

/// A host that the text of a link shows, though the link leads to another.
struct Decoy {
    line: u32,
    /// Registrable name of the host that is shown.
    owner: String,
    /// Host that the link leads to.
    target: String,
}

/// Adds what the targets of a mail's links come to, and gives all that was found in the mail.
pub fn read_all(links: &[&Link], options: &TextSettings, found: Finds) -> Finds {
    read_into(links, &Arc::from(PART), "text/html", options, found)
}

/// Adds what is found in links of `part` to what was found before, which includes the text that shows them, of the part `shown_in`.
pub fn read_into(links: &[&Link], part: &Arc<str>, shown_in: &str, options: &TextSettings, mut found: Finds) -> Finds {
    let schemes = Schemes::of(links, &found);
    let mut reader = Reader {
        part: Arc::clone(part),
        options,
        schemes: &schemes,
        found: &mut found,
        depth: 0,
    };
    let decoys: Vec<_> = links.iter().filter_map(|link| reader.read(link)).collect();
    if !decoys.is_empty() {
        let targets = links
            .iter()
            .filter_map(|link| browser::exact(&schemes.absolute(link.target.trim())))
            .map(|url| owner(&rewriter::follow(url, &options.rewriters).opened().host.value).to_owned())
            .collect();
        mark(&decoys, &targets, shown_in, found.list());
    }
    found
}

/// How the target of such a link is found.
fn way(kind: LinkKind) -> FoundAs {
    match kind {
        LinkKind::Anchor => FoundAs::Link,
        LinkKind::Form => FoundAs::Form,
        LinkKind::Refresh => FoundAs::Redirect,
        LinkKind::Image | LinkKind::Resource => FoundAs::Loaded,
    }
}

fn owner(name: &str) -> &str {
    host::registrable(name).unwrap_or(name)
}

struct Reader<'a> {
    part: Arc<str>,
    options: &'a TextSettings,
    schemes: &'a Schemes,
    found: &'a mut Finds,
    depth: u8,
}

impl Reader<'_> {
    fn read(&mut self, link: &Link) -> Option<Decoy> {
        let target = link.target.trim();
        let (scheme, rest) = target.split_once(':').unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "tel" | "sms" | "cid" | "mid" | "about" | "file" | "blob" | "callto" | "xmpp" | "sip" => {}
            "mailto" => {
                for piece in mailto::pieces(rest) {
                    self.text(&piece, link.line, FoundAs::Link);
                }
            }
            // A program inside the link: what it names is looked for as in text.
            "javascript" | "vbscript" => self.text(&percent_text(target), link.line, way(link.kind)),
            "data" => self.held(rest, link.line),
            _ => return self.web(link, target),
        }
        None
    }

    fn text(&mut self, text: &str, line: u32, found_as: FoundAs) {
        self.scan(text, line, found_as).run(0..text.len());
    }

    fn scan<'s>(&'s mut self, text: &'s str, line: u32, found_as: FoundAs) -> Scan<'s> {
        Scan::new(text, &self.part, self.options, self.found)
            .on_line(line)
            .found_as(found_as)
    }

    /// A page inside a link is read as a page. What a program in it names is looked for as in hidden text.
    fn held(&mut self, rest: &str, line: u32) {
        let Some(held) = data_uri::read(rest).filter(|_| self.depth < DEEPEST) else {
            return;
        };
        if !held.is_markup {
            return self.text(&held.text, line, FoundAs::Prose);
        }
        let page = html::render(&held.text);
        self.text(&page.text, line, FoundAs::Prose);
        self.depth += 1;
        for link in page.links {
            self.read(&Link { line, ..link });
        }
        self.depth -= 1;
        self.text(&held.text, line, FoundAs::Script);
    }

    fn web(&mut self, link: &Link, target: &str) -> Option<Decoy> {
        let target = self.schemes.absolute(target);
        let Some(url) = browser::exact(&target) else {
            // What no browser opens may still name hosts, but a part of it can be the name of somebody else.
            let doubt = browser::is_web(&target).then_some(Doubt::NotWhole);
            self.scan(&target, link.line, way(link.kind))
                .in_doubt(doubt)
                .run(0..target.len());
            return None;
        };
        let mut chain = rewriter::follow(url, &self.options.rewriters);
        if let Some(written) = link.original.as_deref()
            && let Some(original) = browser::exact(written)
        {
            // Only a mail filter that keeps the target to itself is believed to say it beside the link.
            if is_silent(&chain.end) {
                chain = rewriter::follow(original, &self.options.rewriters);
            } else {
                let chain = rewriter::follow(original, &self.options.rewriters);
                self.add(written, chain, None, link.line, FoundAs::Hidden);
            }
        }
        let opened = &chain.opened().host.value;
        // Where an opaque rewriter leads, its maker knows: perhaps to what is shown.
        let shown = Some(&chain.end).filter(|end| **end == End::Page);
        let shown = shown.and_then(|_| mismatch(&link.shown, opened));
        let note = shown.clone().map(|shown| Remark::LinkTextShows { shown });
        let decoy = shown.map(|shown| Decoy {
            line: link.line,
            owner: owner(&shown).to_owned(),
            target: opened.clone(),
        });
        self.add(&target, chain, note, link.line, way(link.kind));
        decoy
    }

    fn add(&mut self, written: &str, chain: Chain, note: Option<Remark>, line: u32, found_as: FoundAs) {
        self.scan(written, line, found_as)
            .of_link()
            .add_chain(0..written.len(), chain, note);
    }
}

/// Whether a link ends at a mail filter that alone knows where it leads.
fn is_silent(end: &End) -> bool {
    match end {
        End::Page => false,
        End::Opaque(opaque) => opaque.role == RewriterRole::Gateway,
        End::Blank => true,
    }
}

/// Marks what was found in the texts of links that lead elsewhere. A host of `targets` is no decoy, since a link really leads
/// there.
fn mark(decoys: &[Decoy], targets: &HashSet<String>, shown_in: &str, finds: &mut [Indicator]) {
    let mut shown: HashMap<(u32, &str), &str> = HashMap::new();
    for decoy in decoys {
        shown
            .entry((decoy.line, decoy.owner.as_str()))
            .or_insert(decoy.target.as_str());
    }
    for find in finds {
        let in_body = &*find.place.part == shown_in && find.doubt.is_none() && find.kind != Kind::Email;
        let Some(host) = find.host().filter(|_| in_body).map(owner) else {
            continue;
        };
        let target = shown.get(&(find.place.line, host));
        if let Some(target) = target.filter(|_| !targets.contains(host)) {
            let target = (*target).to_owned();
            find.remarks.reserve_exact(1);
            find.remarks.push(Remark::ShownAsLinkText { target });
            find.found_as = FoundAs::ShownOverLink;
        }
    }
}

/// The host that the text of a link shows when it belongs to others than `target`.
fn mismatch(shown: &str, target: &str) -> Option<String> {
    let shown = shown.trim();
    if shown.is_empty() || shown.len() > 2000 || !shown.contains('.') {
        return None;
    }
    let finds = super::in_text(shown, "", &TextSettings::default());
    let mut certain = finds
        .iter()
        .filter(|find| find.kind != Kind::Email && find.doubt.is_none());
    let host = certain.find_map(Indicator::host)?;
    (owner(host) != owner(target)).then(|| host.to_owned())
}
