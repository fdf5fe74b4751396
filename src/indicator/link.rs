//! Links of HTML bodies: the target gives the indicators; a text that shows another host is said, of both.

use crate::config::TextSettings;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::finds::Finds;
use super::rewriter::{self, End};
use super::scan::Scan;
use super::{Indicator, Kind, url};
use crate::domain::coding::percent_text;
use crate::domain::{Remark, host};
use crate::mail::Link;

/// A host that the text of a link shows, though the link leads to another.
pub struct Decoy {
    line: u32,
    /// Registrable name of the host that is shown.
    owner: String,
    /// Host that the link leads to.
    target: String,
}

/// Adds what the target of `link` comes to.
pub fn read(link: &Link, part: &Arc<str>, options: &TextSettings, found: &mut Finds) -> Option<Decoy> {
    let target = link.target.trim();
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("tel" | "sms" | "cid" | "mid" | "about" | "file" | "blob" | "callto" | "xmpp" | "sip") => {}
        Some("mailto") => {
            let address = percent_text(target);
            Scan::new(&address, part, options, found)
                .on_line(link.line)
                .run(0..address.len());
        }
        // A page or a program inside the link: what it names is looked for as in text.
        Some("javascript" | "data" | "vbscript") => {
            let inside = percent_text(target);
            if !inside
                .get(..inside.len().min(100))
                .is_some_and(|head| head.contains(";base64"))
            {
                Scan::new(&inside, part, options, found)
                    .on_line(link.line)
                    .run(0..inside.len());
            }
        }
        _ => return web(link, target, part, options, found),
    }
    None
}

fn web(link: &Link, target: &str, part: &Arc<str>, options: &TextSettings, found: &mut Finds) -> Option<Decoy> {
    let target = absolute(target);
    let mut scan = Scan::new(&target, part, options, found).on_line(link.line);
    let Some(url) = url::exact(&target) else {
        scan.run(0..target.len());
        return None;
    };
    let chain = rewriter::follow(url, &options.rewriters);
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
    scan.add_chain(0..target.len(), chain, note);
    decoy
}

fn absolute(target: &str) -> String {
    target
        .strip_prefix("//")
        .map_or_else(|| target.to_owned(), |rest| format!("http://{rest}"))
}

fn owner(name: &str) -> &str {
    host::registrable(name).unwrap_or(name)
}

/// Marks what was found in the texts of links that lead elsewhere. A host that any link really leads to is no decoy.
pub fn mark<'l>(
    decoys: &[Decoy],
    links: impl Iterator<Item = &'l Link>,
    options: &TextSettings,
    finds: &mut [Indicator],
) {
    if decoys.is_empty() {
        return;
    }
    let targets: HashSet<String> = links
        .filter_map(|link| url::exact(&absolute(link.target.trim())))
        .map(|url| owner(&rewriter::follow(url, &options.rewriters).opened().host.value).to_owned())
        .collect();
    let mut shown: HashMap<(u32, &str), &str> = HashMap::new();
    for decoy in decoys {
        shown
            .entry((decoy.line, decoy.owner.as_str()))
            .or_insert(decoy.target.as_str());
    }
    for find in finds {
        let in_body = &*find.place.part == "text/html" && find.doubt.is_none() && find.kind != Kind::Email;
        let Some(host) = find.host().filter(|_| in_body).map(owner) else {
            continue;
        };
        let target = shown.get(&(find.place.line, host));
        if let Some(target) = target.filter(|_| !targets.contains(host)) {
            let target = (*target).to_owned();
            find.remarks.push(Remark::ShownAsLinkText { target });
            find.decoy = true;
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
