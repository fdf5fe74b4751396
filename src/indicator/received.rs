//! Reads a `Received` field: who handed the mail over, from which address, and who took it (RFC 5321, 4.4, and what
//! real servers write).

use std::net::IpAddr;

use super::ip;
use crate::domain::host;

/// One hop of a mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// Names of the sending side: the one that it gave itself and the one that its address resolves to.
    pub names: Vec<String>,
    /// Addresses of the sending side.
    pub addresses: Vec<IpAddr>,
    /// Those of the names that the sending side gave itself and that nothing bears out: it can say what it likes.
    pub claimed: Vec<String>,
    /// Those of the addresses that it gave itself, while it spoke from another.
    pub claimed_addresses: Vec<IpAddr>,
    /// The server has written what the address resolves to, if only that it resolves to nothing.
    pub looked_up: bool,
    /// Name of the server that took the mail.
    pub by: Option<String>,
    /// The mailbox that it took the mail for, in lower case.
    pub recipient: Option<String>,
}

impl Hop {
    /// The names that the server found out itself.
    pub fn proven(&self) -> impl Iterator<Item = &String> {
        self.names.iter().filter(|name| !self.claimed.contains(name))
    }

    /// The addresses that the sending side spoke from.
    pub fn peers(&self) -> impl Iterator<Item = &IpAddr> {
        self.addresses
            .iter()
            .filter(|address| !self.claimed_addresses.contains(address))
    }
}

/// Reads a field's value. What cannot be made out is left empty.
pub fn parse(line: &str) -> Hop {
    let (from, by, recipient) = clauses(line);
    let mut hop = Hop {
        by: by
            .and_then(|clause| {
                clause
                    .split(|c: char| c.is_whitespace() || matches!(c, '(' | ';'))
                    .find(|word| !word.is_empty())
            })
            .and_then(host_name),
        recipient: recipient.and_then(mailbox),
        ..Hop::default()
    };
    // Some servers write two: `from unknown (HELO x) from [198.51.100.7]`.
    for clause in from {
        Clause::of(clause).add_to(&mut hop);
    }
    hop
}

/// What the clause `from` says, by who says it.
#[derive(Default)]
struct Clause {
    /// In the order of the clause, with whether the sending side said so itself.
    names: Vec<(String, bool)>,
    addresses: Vec<(IpAddr, bool)>,
    looked_up: bool,
}

impl Clause {
    fn of(text: &str) -> Self {
        let tokens: Vec<(&str, bool)> = tokens_with_comments(text).collect();
        let word = |index: usize| tokens.get(index).map_or("", |(token, _)| *token);
        let is_greeting = |token: &str| {
            ["helo", "ehlo", "lhlo"]
                .iter()
                .any(|known| token.eq_ignore_ascii_case(known))
        };
        // qmail, Yahoo and Exim write the greeting apart and what the address resolves to first; all others the greeting first.
        let greeting_apart = tokens
            .iter()
            .any(|(token, in_comment)| *in_comment && is_greeting(token));
        let mut clause = Self::default();
        for (index, (token, in_comment)) in tokens.iter().enumerate() {
            let said = match index.checked_sub(1) {
                Some(before) if is_greeting(word(before)) => true,
                _ => !in_comment && !greeting_apart,
            };
            if let Some(address) = address(token) {
                clause.addresses.push((address, said));
            } else if let Some(name) = host_name(token) {
                clause.names.push((name, said));
            } else if let Some((_, host)) = token.rsplit_once('@').filter(|_| address(word(index + 1)).is_some()) {
                // `(IDENT:root@host.example [198.51.100.7])`
                clause.names.extend(host_name(host).map(|name| (name, false)));
            } else if token.to_ascii_lowercase().starts_with("unknown") && !said {
                clause.looked_up = true;
            }
        }
        clause
    }

    fn add_to(self, hop: &mut Hop) {
        let proven = |name: &String| self.names.iter().any(|(known, said)| known == name && !said);
        let peer = self.addresses.iter().any(|(_, said)| !said);
        hop.looked_up |= self.looked_up || self.names.iter().any(|(_, said)| !said);
        for (name, _) in &self.names {
            if !hop.names.contains(name) {
                hop.names.push(name.clone());
                if !proven(name) {
                    hop.claimed.push(name.clone());
                }
            }
        }
        for (address, said) in &self.addresses {
            let proven = self.addresses.iter().any(|(known, said)| known == address && !said);
            if !hop.addresses.contains(address) {
                hop.addresses.push(*address);
                if *said && peer && !proven {
                    hop.claimed_addresses.push(*address);
                }
            }
        }
    }
}

/// Every IP address in a field such as `X-Originating-IP: [198.51.100.7]` that is public.
pub fn addresses_in(value: &str) -> Vec<IpAddr> {
    tokens(value)
        .filter_map(address)
        .filter(|address| is_public(*address))
        .collect()
}

/// Whether an address can be met on the internet; those for documentation stand for such ones.
pub fn is_public(address: IpAddr) -> bool {
    ip::is_routable(address) || ip::is_documentation(address)
}

/// The texts after each `from` and after the first `by` and `for`, up to the next clause. Words in comments begin no clause, nor does
/// anything behind the semicolon.
fn clauses(line: &str) -> (Vec<&str>, Option<&str>, Option<&str>) {
    const KEYWORDS: &[&str] = &["from", "by", "with", "id", "for", "via"];
    let (mut from, mut by, mut recipient) = (Vec::new(), None, None);
    let mut depth = 0_usize;
    let mut open: Option<(&str, usize)> = None;
    let mut close = |open: Option<(&str, usize)>, end: usize| match open {
        Some(("from", start)) if from.len() < CLAUSES => from.extend(line.get(start..end)),
        Some(("by", start)) if by.is_none() => by = line.get(start..end),
        Some(("for", start)) if recipient.is_none() => recipient = line.get(start..end),
        _ => {}
    };
    let mut offset = 0;
    // Some servers lose the blank before or behind `by`.
    for word in line.split_inclusive(|c: char| c.is_whitespace() || c == ')') {
        let keyword = KEYWORDS
            .iter()
            .find(|keyword| word.trim_end().eq_ignore_ascii_case(keyword));
        if let (Some(keyword), 0) = (keyword, depth) {
            close(open.take(), offset);
            open = Some((keyword, offset + word.len()));
        } else if depth == 0
            && open.is_some_and(|(clause, start)| clause == "from" && ends_with_bracket(line.get(start..offset)))
            && is_glued_by(word)
        {
            close(open.take(), offset);
            open = Some(("by", offset + "by".len()));
        }
        for byte in word.bytes() {
            match byte {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        offset += word.len();
        if depth == 0 && word.trim_end().ends_with(';') {
            break;
        }
    }
    close(open, offset);
    (from, by, recipient)
}

/// More senders than a server names.
const CLAUSES: usize = 4;

fn ends_with_bracket(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim_end().ends_with([')', ']']))
}

/// `bymx.cert.example`, when it stands where the clause `by` is due.
fn is_glued_by(word: &str) -> bool {
    word.strip_prefix("by")
        .and_then(|name| host_name(name.trim_end()))
        .is_some()
}

/// What parts names and addresses: white space, and the brackets, quotes and signs that servers put around them.
fn is_between(c: char) -> bool {
    c.is_whitespace() || "()[]<>=,;?\"".contains(c)
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_between).filter(|token| !token.is_empty())
}

/// Tokens, and whether each stands in a comment.
fn tokens_with_comments(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut depth = 0_usize;
    text.split_inclusive(is_between).filter_map(move |piece| {
        let token = piece.trim_end_matches(is_between);
        let found = (!token.is_empty()).then_some((token, depth > 0));
        match piece.bytes().last() {
            Some(b'(') => depth += 1,
            Some(b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        found
    })
}

fn mailbox(clause: &str) -> Option<String> {
    let word = tokens(clause).next()?;
    let (local, domain) = word.rsplit_once('@')?;
    (!local.is_empty()).then_some(())?;
    Some(format!("{}@{}", local.to_lowercase(), host_name(domain)?))
}

fn address(token: &str) -> Option<IpAddr> {
    let token = token
        .strip_prefix("IPv6:")
        .or_else(|| token.strip_prefix("ipv6:"))
        .unwrap_or(token);
    // qmail and Yahoo write who logged in before the address: `user@host@198.51.100.7`.
    let token = token.rsplit('@').next().unwrap_or(token);
    let token = token.split('%').next().unwrap_or(token);
    let without_port = token
        .rsplit_once(':')
        .filter(|(host, _)| !host.contains(':'))
        .map_or(token, |(host, _)| host);
    let address: IpAddr = without_port.trim_end_matches('.').parse().ok()?;
    match address {
        IpAddr::V6(v6) => Some(v6.to_ipv4_mapped().map_or(address, IpAddr::V4)),
        IpAddr::V4(_) => Some(address),
    }
}

/// A name with a dot and a last label of more than one letter, without the root's dot.
fn host_name(token: &str) -> Option<String> {
    let name = host::canonical(token.trim_end_matches(['.', ':'])).filter(|_| token.is_ascii())?;
    let (_, last) = name.rsplit_once('.')?;
    (last.len() > 1 && last.bytes().any(|byte| byte.is_ascii_alphabetic())).then(|| name.into_owned())
}

#[cfg(test)]
#[path = "tests/received.rs"]
mod tests;
