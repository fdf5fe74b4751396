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
    /// Name of the server that took the mail.
    pub by: Option<String>,
}

/// Reads a field's value. What cannot be made out is left empty.
pub fn parse(line: &str) -> Hop {
    let (from, by) = clauses(line);
    let mut hop = Hop {
        by: by
            .and_then(|clause| clause.split_whitespace().next())
            .and_then(host_name),
        ..Hop::default()
    };
    let Some(from) = from else {
        return hop;
    };
    for token in tokens(from) {
        if let Some(address) = address(token) {
            if !hop.addresses.contains(&address) {
                hop.addresses.push(address);
            }
        } else if let Some(name) = host_name(token)
            && !hop.names.contains(&name)
        {
            hop.names.push(name);
        }
    }
    hop
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

/// The texts after the first `from` and the first `by`, each up to the next clause. Words in comments begin no clause.
fn clauses(line: &str) -> (Option<&str>, Option<&str>) {
    const KEYWORDS: &[&str] = &["from", "by", "with", "id", "for", "via"];
    let (mut from, mut by) = (None, None);
    let mut depth = 0_usize;
    let mut open: Option<(&str, usize)> = None;
    let mut close = |open: Option<(&str, usize)>, end: usize| match open {
        Some(("from", start)) if from.is_none() => from = line.get(start..end),
        Some(("by", start)) if by.is_none() => by = line.get(start..end),
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
                b';' if depth == 0 => close(open.take(), offset),
                _ => {}
            }
        }
        offset += word.len();
    }
    close(open, line.len());
    (from, by)
}

fn ends_with_bracket(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim_end().ends_with([')', ']']))
}

/// `bymx.cert.example`, when it stands where the clause `by` is due.
fn is_glued_by(word: &str) -> bool {
    word.strip_prefix("by")
        .and_then(|name| host_name(name.trim_end()))
        .is_some()
}

/// Splits at white space and at the brackets and equals signs that servers put around names and addresses.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "()[]<>=,;\"".contains(c))
        .filter(|token| !token.is_empty())
}

fn address(token: &str) -> Option<IpAddr> {
    let token = token
        .strip_prefix("IPv6:")
        .or_else(|| token.strip_prefix("ipv6:"))
        .unwrap_or(token);
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
mod tests {
    use super::*;

    #[test]
    fn what_servers_write_is_read() {
        type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], Option<&'a str>);
        let cases: &[Case<'_>] = &[
            (
                "from mail.evil.example (mail.evil.example [198.51.100.7]) by mx.cert.example (Postfix) with ESMTP id 4F; Mon",
                &["mail.evil.example"],
                &["198.51.100.7"],
                Some("mx.cert.example"),
            ),
            (
                "from [IPv6:2001:db8::25] (helo=bot.evil.example) by mx.cert.example with smtp",
                &["bot.evil.example"],
                &["2001:db8::25"],
                Some("mx.cert.example"),
            ),
            (
                "from user (HELO pc) (203.0.113.9) by a.cert.example",
                &[],
                &["203.0.113.9"],
                Some("a.cert.example"),
            ),
            (
                "from unknown (relay.evil.example. 203.0.113.9:2525) by b.cert.example (8.14/8.14) id x",
                &["relay.evil.example"],
                &["203.0.113.9"],
                Some("b.cert.example"),
            ),
            (
                "from ::ffff:203.0.113.4 by c.cert.example",
                &[],
                &["203.0.113.4"],
                Some("c.cert.example"),
            ),
            (
                "by d.cert.example with local (from root by cron)",
                &[],
                &[],
                Some("d.cert.example"),
            ),
            (
                "from a.evil.example (203.0.113.9)by d.cert.example with SMTP",
                &["a.evil.example"],
                &["203.0.113.9"],
                Some("d.cert.example"),
            ),
            (
                "from bystander.example (203.0.113.9) byd.cert.example with SMTP",
                &["bystander.example"],
                &["203.0.113.9"],
                Some("d.cert.example"),
            ),
            ("(qmail 1234 invoked by uid 0); 1 Jan 2024", &[], &[], None),
            ("from a..b (((( [999.1.1.1]", &[], &[], None),
        ];
        for (line, names, addresses, by) in cases {
            let hop = parse(line);
            assert_eq!(hop.names, *names, "{line}");
            assert_eq!(
                hop.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(),
                *addresses,
                "{line}"
            );
            assert_eq!(hop.by.as_deref(), *by, "{line}");
        }
    }

    #[test]
    fn only_public_addresses_count() {
        for private in [
            "10.1.2.3",
            "127.0.0.1",
            "100.64.0.9",
            "169.254.1.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in ["198.51.100.7", "2001:db8::25", "8.8.8.8"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }
}
