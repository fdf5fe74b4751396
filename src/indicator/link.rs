//! Links of HTML bodies: the target gives the indicators; a text that shows another host is said.

use std::sync::Arc;

use super::found::Found;
use super::scan::Scan;
use super::{Kind, Options, host, rewriter, url};
use crate::mail::Link;

/// Adds what the target of `link` comes to.
pub fn read(link: &Link, part: &Arc<str>, found: &mut Found) {
    let target = link.target.trim();
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("tel" | "sms" | "cid" | "mid" | "about" | "file" | "blob" | "callto" | "xmpp" | "sip") => {}
        Some("mailto") => {
            let address = rewriter::percent(target);
            Scan::new(&address, part, found)
                .on_line(link.line)
                .run(0..address.len());
        }
        // A page or a program inside the link: what it names is looked for as in text.
        Some("javascript" | "data" | "vbscript") => {
            let inside = rewriter::percent(target);
            if !inside
                .get(..inside.len().min(100))
                .is_some_and(|head| head.contains(";base64"))
            {
                Scan::new(&inside, part, found).on_line(link.line).run(0..inside.len());
            }
        }
        _ => web(link, target, part, found),
    }
}

fn web(link: &Link, target: &str, part: &Arc<str>, found: &mut Found) {
    let relative = target.strip_prefix("//").map(|rest| format!("http://{rest}"));
    let target = relative.as_deref().unwrap_or(target);
    let mut scan = Scan::new(target, part, found).on_line(link.line);
    match url::exact(target) {
        Some(url) => {
            let note = mismatch(&link.shown, &url.value, &url.host.value);
            scan.add_noted_url(0..target.len(), url, note);
        }
        None => scan.run(0..target.len()),
    }
}

/// What to say when the text of a link shows another host than its target (behind its rewriters) has.
fn mismatch(shown: &str, target: &str, target_host: &str) -> Option<String> {
    let shown = shown.trim();
    if shown.is_empty() || shown.len() > 2000 || !shown.contains('.') {
        return None;
    }
    let host_of = |text: &str| {
        let finds = super::in_text(text, "", &Options::default());
        let mut certain = finds
            .iter()
            .filter(|find| find.kind != Kind::Email && find.doubt.is_none());
        certain.find_map(|find| find.host().map(str::to_owned))
    };
    let shown_host = host_of(shown)?;
    // A rewriter in the target: compare with where it leads.
    let target_host = host_of(target).unwrap_or_else(|| target_host.to_owned());
    let owner = |name: &str| host::registrable(name).unwrap_or(name).to_owned();
    (owner(&shown_host) != owner(&target_host)).then(|| format!("link text shows {shown_host}"))
}
