//! Link rewriters: mail filters and sites that put their own address before a link. Which ones there are stands in
//! `data/link_rewriters.tsv`; here a link is followed through them to where it leads.

mod parameter;
mod table;
mod target;

use super::browser;
use super::url::Url;
use crate::domain::{Rewriter, RewriterRole, host};
use table::Wrapper;
pub use table::is_gateway;

/// How many wrappers around one another are opened.
const DEEPEST: usize = 16;
/// How many links of one chain are kept beside the last. Each holds the whole rest of the chain, so all of a long chain
/// would take many times the room of its text.
const KEPT: usize = 4;

/// What a link comes to.
#[derive(Debug)]
pub struct Chain {
    /// Links on the way that count themselves, outermost first.
    pub hops: Vec<Hop>,
    /// Where the last of them leads; without any, the link itself.
    pub last: Url,
    /// What `last` is.
    pub end: End,
}

/// A link that names another.
#[derive(Debug)]
pub struct Hop {
    pub url: Url,
    pub leads: Leads,
}

/// What is known of a link that names another.
#[derive(Debug, PartialEq, Eq)]
pub enum Leads {
    /// It leads there: this maker's redirector.
    There(String),
    /// It names the other in this parameter and may lead there.
    Perhaps(&'static str),
}

/// What the last link of a chain is.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// A link like any other.
    Page,
    /// A rewriter's, who alone knows where it leads.
    Opaque(Opaque),
    /// A mail filter's, without a link in it.
    Blank,
}

/// A link whose target is known to the maker of the rewriter only.
#[derive(Debug, PartialEq, Eq)]
pub struct Opaque {
    pub maker: String,
    pub role: RewriterRole,
    /// The host that it admits to.
    pub host: Option<String>,
    /// Its own host is the maker's. Other makers work under the names of their customers.
    pub makers_host: bool,
}

impl Chain {
    /// The link that a click opens, as far as that is known.
    pub fn opened(&self) -> &Url {
        let perhaps = self.hops.iter().find(|hop| matches!(hop.leads, Leads::Perhaps(_)));
        perhaps.map_or(&self.last, |hop| &hop.url)
    }
}

/// Follows a link through all rewriters, `own` ones before those of the table.
pub fn follow(url: Url, own: &[Rewriter]) -> Chain {
    let mut chain = Chain {
        hops: Vec::new(),
        last: url,
        end: End::Page,
    };
    for _ in 0..DEEPEST {
        let Some((next, leads)) = chain.next(own) else {
            break;
        };
        let defanged = chain.last.defanged;
        let mut url = std::mem::replace(&mut chain.last, next);
        chain.last.defanged |= defanged;
        chain.last.host.defanged |= defanged;
        if let Some(leads) = leads.filter(|_| chain.hops.len() < KEPT) {
            url.host.defanged |= defanged;
            chain.hops.push(Hop { url, leads });
        }
    }
    chain
}

impl Chain {
    /// The link inside the last one; with it, of one that counts itself, what it is to the link inside.
    fn next(&mut self, own: &[Rewriter]) -> Option<(Url, Option<Leads>)> {
        let link = &self.last;
        match table::unwrap(&link.value, &link.host.value, own) {
            Some(Wrapper::Around { target, row }) => match (browser::exact(&target), row.role) {
                (Some(inner), RewriterRole::Redirector) => return Some((inner, Some(Leads::There(row.maker.clone())))),
                (Some(inner), _) => return Some((inner, None)),
                (None, RewriterRole::Gateway) => self.end = End::Blank,
                (None, _) => {}
            },
            Some(Wrapper::Opaque(opaque)) => self.end = End::Opaque(opaque),
            Some(Wrapper::Blank) => self.end = End::Blank,
            Some(Wrapper::Share) => {}
            None => return self.named(),
        }
        None
    }

    /// A link to others that a parameter of the last one names.
    fn named(&self) -> Option<(Url, Option<Leads>)> {
        let link = &self.last;
        let is_others = |inner: &Url| owner(&inner.host.value) != owner(&link.host.value) && inner.host.doubt.is_none();
        parameter::targets(&link.value).find_map(|(name, target)| {
            let inner = browser::exact(&target).filter(is_others)?;
            Some((inner, Some(Leads::Perhaps(name))))
        })
    }
}

/// In whose hands a host is.
fn owner(name: &str) -> &str {
    host::in_same_hands(name).unwrap_or(name)
}

/// Path, query and fragment of a URL with a scheme or without.
fn path_of(url: &str) -> Option<&str> {
    let path_from = |start: usize| {
        let mut rest = url.as_bytes().get(start..)?.iter();
        Some(start + rest.position(|byte| matches!(byte, b'/' | b'?' | b'#'))?)
    };
    let first = path_from(0)?;
    let authority = url.get(..first + 2).is_some_and(|start| start.ends_with("://"));
    url.get(if authority { path_from(first + 2)? } else { first }..)
}

#[cfg(test)]
mod tests;
