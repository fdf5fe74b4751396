//! Advertising that mail programs and virus scanners append to every mail. Its links tell about the program, not about
//! the mail.

use std::sync::LazyLock;

use crate::domain::Sketch;
use crate::indicator::{Indicator, Kind};

/// Host, and start of the path, which matches whole segments. `/` matches the front page only.
const FOOTERS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/advertising_footers.rs"));

/// Of the hosts: nearly all links go elsewhere.
static HOSTS: LazyLock<Sketch> = LazyLock::new(|| {
    let mut sketch = Sketch::default();
    for [host, _] in FOOTERS {
        sketch.add(host);
    }
    sketch
});

/// The footers of one mail.
#[derive(Debug, Default)]
pub(super) struct Footers {
    /// Hosts of links in footers that no other link of the mail has.
    hosts: Vec<String>,
}

impl Footers {
    /// Looks for footers among what was found in a mail.
    pub(super) fn of(indicators: &[Indicator]) -> Self {
        let hosts_where = |footer: bool| {
            let urls = indicators.iter().filter(|found| found.kind == Kind::Url);
            urls.filter(move |found| is_footer_link(found) == footer)
                .filter_map(|indicator| indicator.host())
        };
        let mut hosts: Vec<String> = Vec::new();
        for host in hosts_where(true) {
            if !hosts.iter().any(|known| known == host) {
                hosts.push(host.to_owned());
            }
        }
        if !hosts.is_empty() {
            for other in hosts_where(false) {
                hosts.retain(|host| host != other);
            }
        }
        Self { hosts }
    }

    /// Whether an indicator is a footer's link, or its host.
    pub(super) fn hold(&self, indicator: &Indicator) -> bool {
        match indicator.kind {
            Kind::Url => is_footer_link(indicator),
            Kind::Domain | Kind::Hostname => self.hosts.contains(&indicator.value) && !indicator.defanged,
            _ => false,
        }
    }
}

/// Whether the table has the URL. A defanged URL never counts: somebody names it as an indicator.
fn is_footer_link(indicator: &Indicator) -> bool {
    let Some(host) = indicator.host().filter(|_| !indicator.defanged) else {
        return false;
    };
    if !HOSTS.may_have(host) {
        return false;
    }
    let mut paths = FOOTERS
        .iter()
        .filter(|[known, _]| *known == host)
        .map(|[_, path]| path)
        .peekable();
    if paths.peek().is_none() {
        return false;
    }
    let rest = indicator
        .value
        .split_once("://")
        .map_or(indicator.value.as_str(), |(_, rest)| rest);
    rest.strip_prefix(host)
        .is_some_and(|tail| paths.any(|path| begins(tail, path)))
}

/// Whether the path and query of a URL begin with `path`, which must end at the end of a segment.
fn begins(tail: &str, path: &str) -> bool {
    if path == "/" {
        let rest = tail.strip_prefix('/').unwrap_or(tail);
        return rest.is_empty() || rest.starts_with(['?', '#', '&']);
    }
    let Some((head, rest)) = tail.split_at_checked(path.len()) else {
        return false;
    };
    let rest = rest.strip_prefix('/').map_or(rest, |_| "");
    head.eq_ignore_ascii_case(path) && (path.ends_with('/') || rest.is_empty() || rest.starts_with(['?', '#', '&']))
}

#[cfg(test)]
#[path = "footer_tests.rs"]
mod tests;
