//! Link rewriters: mail filters and sites that put their own address before a link. What is inside is the link.
//! Which ones there are stands in `data/link_rewriters.tsv`; what is done with a row stands here.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::url::{self, Url};
use crate::domain::coding::{percent_text, unhex};
use crate::domain::{Coding, Place, Rewriter, host};

/// The table's rows.
static KNOWN: LazyLock<Vec<Rewriter>> = LazyLock::new(|| {
    let rows: &[[&str; 5]] = include!(concat!(env!("OUT_DIR"), "/link_rewriters.rs"));
    rows.iter().filter_map(|row| Rewriter::new(*row).ok()).collect()
});

/// What a URL turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrapper {
    /// A rewriter around this target.
    Around(String),
    /// A rewriter whose target is known to its maker only.
    Opaque(Opaque),
}

/// A link whose target is known to the maker of the rewriter only.
#[derive(Debug, PartialEq, Eq)]
pub struct Opaque {
    pub maker: String,
    /// The host that it admits to.
    pub host: Option<String>,
}

/// The URL behind all rewriters, `own` ones before those of the table; with it what is known of an opaque one.
pub fn innermost(mut url: Url, own: &[Rewriter]) -> (Url, Option<Opaque>) {
    // Each target lies inside its wrapper and is shorter; ten are more than anyone nests.
    for _ in 0..10 {
        match unwrap(&url.value, &url.host.value, own) {
            Some(Wrapper::Around(target)) => match url::exact(&target) {
                Some(inner) => url = inner,
                None => break,
            },
            Some(Wrapper::Opaque(opaque)) => return (url, Some(opaque)),
            None => break,
        }
    }
    (url, None)
}

/// Looks whether `url` (a scheme and `host` in it known) is a rewriter's.
pub fn unwrap(url: &str, host: &str, own: &[Rewriter]) -> Option<Wrapper> {
    let rest = url.split_once("://")?.1;
    let path = rest.get(rest.find(['/', '?'])?..)?;
    let row = own.iter().chain(KNOWN.iter()).find(|row| covers(row, host, path))?;
    target(row, path)
}

/// Whether a link is one of this rewriter.
fn covers(row: &Rewriter, host: &str, path: &str) -> bool {
    let begins = |path: &str| {
        path.get(..row.path.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(&row.path))
    };
    host::fits(&row.host, host) && (begins(path) || row.path == "/" && path.starts_with('?'))
}

/// What lies in a link of this rewriter.
fn target(row: &Rewriter, path: &str) -> Option<Wrapper> {
    let written = match &row.place {
        Place::Parameter(names) => names.iter().find_map(|name| parameter(path, name)),
        Place::Query => path.split_once('?').map(|rest| rest.1),
        Place::Path => path.get(row.path.len()..),
        Place::LastSegment => path.rsplit('/').next(),
        Place::Between(mark) => path
            .split_once(mark.as_str())
            .and_then(|rest| Some(rest.1.split_once(mark.as_str())?.0)),
    };
    let target = match row.coding {
        Coding::HostOnly => {
            let host = written.map(percent_text);
            return Some(Wrapper::Opaque(Opaque {
                maker: row.maker.clone(),
                host,
            }));
        }
        Coding::Plain => written?.to_owned(),
        Coding::Percent => percent_text(written?),
        Coding::Base64 => base64(&percent_text(written?))?,
        Coding::Hex => String::from_utf8(unhex(written?)?).ok()?,
        Coding::ProofpointV2 => percent_text(&written?.replace('-', "%").replace('_', "/")),
        Coding::ProofpointV3 => proofpoint_v3(written?)?,
    };
    let target = target.trim();
    let begins = |scheme: &&str| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    if ["http://", "https://", "ftp://"].iter().any(begins) {
        return Some(Wrapper::Around(target.to_owned()));
    }
    // Some leave the scheme out: `u=www.evil.com/x`. The last segment of a path may be anything.
    let host = target.split(['/', '?', ':']).next()?;
    let is_host = host.contains('.') && !host.contains(' ') && row.place != Place::LastSegment;
    is_host.then(|| Wrapper::Around(format!("http://{target}")))
}

/// The raw value of a query parameter, its name in any case; `&amp;` separates, too.
fn parameter<'u>(path: &'u str, name: &str) -> Option<&'u str> {
    let query = path.split_once('?')?.1.split('#').next()?;
    let mut pairs = query
        .split(['&', ';'])
        .filter_map(|pair| pair.trim_start_matches("amp;").split_once('='));
    let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(value).filter(|value| !value.is_empty())
}

fn base64(coded: &str) -> Option<String> {
    let coded = coded.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(coded).or_else(|_| STANDARD_NO_PAD.decode(coded));
    String::from_utf8(bytes.ok()?).ok()
}

fn proofpoint_v3(path: &str) -> Option<String> {
    const RUNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (url, after) = path.strip_prefix("__")?.rsplit_once("__;")?;
    let replaced = base64(after.split('!').next()?)?;
    let mut replaced = replaced.chars();
    let mut target = String::with_capacity(url.len());
    let mut chars = url.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '*' {
            target.push(c);
        } else if chars.next_if_eq(&'*').is_some() {
            let run = chars.next().and_then(|c| RUNS.find(c)).map_or(0, |place| place + 2);
            target.extend(replaced.by_ref().take(run));
        } else {
            target.extend(replaced.next());
        }
    }
    // Some gateways fold `//` into one slash.
    for scheme in ["https:/", "http:/"] {
        if let Some(rest) = target.strip_prefix(scheme).filter(|rest| !rest.starts_with('/')) {
            return Some(format!("{scheme}/{rest}"));
        }
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_row_of_the_table_gives_the_target_of_its_example() {
        for row in table::rows("link_rewriters") {
            let cells = ["host", "path", "place", "coding", "maker"].map(|name| row[name].as_str());
            let rewriter = Rewriter::new(cells).unwrap();
            let url = url::exact(&row["example"]).unwrap();
            // The row itself has to fit, not only one before it.
            let found = unwrap(&url.value, &url.host.value, &[rewriter]).unwrap();
            let target = match found {
                Wrapper::Around(target) => target,
                Wrapper::Opaque(opaque) => opaque.host.unwrap_or_else(|| "unknown".to_owned()),
            };
            assert_eq!(target, row["target"], "{row:?}");
            assert!(KNOWN.contains(&Rewriter::new(cells).unwrap()), "{row:?}");
        }
    }

    #[test]
    fn a_user_adds_rewriters() {
        let own = [
            Rewriter::of_line("links.corp.example /go query:to hex Our own filter").unwrap(),
            Rewriter::of_line("r.corp.example /t/ path base64").unwrap(),
        ];
        for wrapped in [
            "https://links.corp.example/GO?to=68747470733a2f2f6576696c2e636f6d2f78",
            "https://r.corp.example/t/aHR0cHM6Ly9ldmlsLmNvbS94",
            "https://links.corp.example/go?to=687474703a2f2f722e636f72702e6578616d706c652f742f6148523063484d364c79396c646d6c734c6d4e7662533934",
        ] {
            let (url, opaque) = innermost(url::exact(wrapped).unwrap(), &own);
            assert!(
                url.value.starts_with("https://evil.com/") && opaque.is_none(),
                "{wrapped} {url:?}"
            );
        }
    }
}
