//! Lists of hosts. An entry covers the name and all names below it; the most specific entry decides.

use std::borrow::Cow;
use std::net::IpAddr;

use hashbrown::HashMap;

use super::host;
use super::sketch::Sketch;

/// What an entry says about the names that it covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rule {
    /// For the name and those below it.
    below: Option<bool>,
    /// For the name alone.
    exact: bool,
}

/// A list of hosts: names, addresses and blocks of addresses.
#[derive(Clone, Debug, Default)]
pub struct HostList {
    names: HashMap<String, Rule>,
    /// Of the names: most hosts are in no list.
    sketch: Sketch,
    blocks: Vec<(IpAddr, u8)>,
}

impl HostList {
    /// Builds the list from checked entries. Ignores entries that are not valid.
    pub fn new<S: AsRef<str>>(entries: &[S]) -> Self {
        let mut list = Self::default();
        for entry in entries {
            let entry = entry.as_ref().trim();
            if let Some(block) = block(entry) {
                list.blocks.push(block);
                continue;
            }
            let (mark, name) = match entry.split_at_checked(1) {
                Some((mark @ ("=" | "!"), name)) => (mark, name),
                _ => ("", entry),
            };
            if let Some(name) = name_of(name) {
                list.sketch.add(&name);
                let rule = list.names.entry(name).or_default();
                match mark {
                    "=" => rule.exact = true,
                    "!" => rule.below = Some(false),
                    _ => rule.below = Some(true),
                }
            }
        }
        list
    }

    /// Whether it covers any name; a list of networks alone does not.
    pub fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// The error says what is wrong with an entry.
    pub fn check(entry: &str) -> Result<(), String> {
        let entry = entry.trim();
        let name = entry.strip_prefix(['=', '!']).unwrap_or(entry);
        if block(entry).is_some() || name_of(name).is_some() {
            return Ok(());
        }
        let shown: String = entry.chars().take(60).collect();
        Err(format!(
            "host names, =name, !name, addresses and blocks such as 10.0.0.0/8; not \"{shown}\""
        ))
    }

    /// `host` is a name, an address (brackets allowed), or a block of addresses.
    pub fn covers(&self, host: &str) -> bool {
        if self.names.is_empty() && self.blocks.is_empty() {
            return false;
        }
        let host = match host.as_bytes() {
            [b'[', ..] | [.., b']' | b'.'] => host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.'),
            _ => host,
        };
        if let Some((address, bits)) = may_be_block(host).then(|| block(host)).flatten() {
            return self
                .blocks
                .iter()
                .any(|&(net, size)| size <= bits && contains(net, size, address));
        }
        let lower = host::lower(host);
        let names = host::and_above(&lower).filter(|name| self.sketch.may_have(name));
        let mut rules = names.filter_map(|name| {
            let rule = self.names.get(name)?;
            if rule.exact && name.len() == lower.len() {
                Some(true)
            } else {
                rule.below
            }
        });
        rules.next().unwrap_or(false)
    }
}

/// A quick look, as most hosts are names.
fn may_be_block(host: &str) -> bool {
    let first = host.bytes().next();
    first.is_some_and(|first| first.is_ascii_digit()) || memchr::memchr(b':', host.as_bytes()).is_some()
}

/// A block, or an address as a block of one.
fn block(entry: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match entry.split_once('/') {
        Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u8>().ok()?)),
        None => (entry.parse::<IpAddr>().ok()?, None),
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((address, bits))
}

fn contains(net: IpAddr, bits: u8, address: IpAddr) -> bool {
    let same = |a: u128, b: u128, width: u32| {
        let shift = width - u32::from(bits);
        shift >= width || (a >> shift) == (b >> shift)
    };
    match (net, address) {
        (IpAddr::V4(net), IpAddr::V4(address)) => same(u32::from(net).into(), u32::from(address).into(), 32),
        (IpAddr::V6(net), IpAddr::V6(address)) => same(net.into(), address.into(), 128),
        _ => false,
    }
}

/// The name in an entry, which may begin with `*.` or `.` and end with a dot.
fn name_of(entry: &str) -> Option<String> {
    let name = entry.strip_prefix("*.").unwrap_or(entry);
    let name = name.strip_prefix('.').unwrap_or(name).trim_end_matches('.');
    host::canonical(name).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_entry_covers_what_is_below_and_nothing_else() {
        let list = HostList::new(&[
            "www.google.com",
            "evil.test",
            "!good.evil.test",
            "=exact.test",
            "10.0.0.0/8",
            "2001:db8::/32",
            "192.0.2.7",
            "*.star.test",
            "bücher.test",
        ]);
        for (host, covered) in [
            ("www.google.com", true),
            ("docs.google.com", false),
            ("google.com", false),
            ("evil.test", true),
            ("a.b.EVIL.test.", true),
            ("notevil.test", false),
            ("good.evil.test", false),
            ("x.good.evil.test", false),
            ("exact.test", true),
            ("a.exact.test", false),
            ("10.200.3.4", true),
            ("11.0.0.1", false),
            ("10.1.0.0/16", true),
            ("10.0.0.0/4", false),
            ("[2001:db8::1]", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("a.star.test", true),
            ("xn--bcher-kva.test", true),
            ("", false),
        ] {
            assert_eq!(list.covers(host), covered, "{host}");
        }
    }
}
