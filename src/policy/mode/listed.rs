//! Values that only somebody who reports them writes.

use std::collections::HashSet;

use crate::domain::{Fact, FoundAs, host};
use crate::indicator::{Indicator, Kind};
use crate::mail::{Body, Mail};

/// So many hosts and addresses that nobody can click are a list.
const LIST: usize = 3;

/// Most lines of a text that are looked at.
const LINES: usize = 500;

/// Words beside a list that only introduce it.
const BESIDE: usize = 15;

pub(super) fn facts(mail: &Mail, found: &[Indicator], facts: &mut Vec<Fact>) {
    let count = |wanted: &dyn Fn(&Indicator) -> bool| found.iter().filter(|found| wanted(found)).count();
    let defanged = count(&|found| found.defanged && found.kind != Kind::Email);
    let hashes = count(&|found| found.kind.is_hash() && found.doubt.is_none());
    let vulnerabilities = count(&|found| found.kind == Kind::Vulnerability);
    let of_url: HashSet<&str> = found
        .iter()
        .filter(|found| found.kind == Kind::Url)
        .filter_map(Indicator::host)
        .collect();
    let values = count(&|found| {
        is_bare(found)
            && found.doubt.is_none()
            && found.found_as == FoundAs::Prose
            && found.host().is_some_and(|host| !of_url.contains(host))
    });
    facts.extend((values >= LIST).then_some(Fact::ValuesListed { count: values }));
    let lines = mail.bodies.iter().filter_map(lines_of_values).max();
    facts.extend(lines.map(|count| Fact::LinesOfValues { count }));
    let told = [
        (defanged, Fact::ValuesDefanged { count: defanged }),
        (hashes, Fact::HashesListed { count: hashes }),
        (vulnerabilities, Fact::VulnerabilitiesNamed { count: vulnerabilities }),
    ];
    facts.extend(told.into_iter().filter(|(count, _)| *count > 0).map(|(_, fact)| fact));
}

fn is_bare(found: &Indicator) -> bool {
    matches!(
        found.kind,
        Kind::Domain | Kind::Hostname | Kind::Ip | Kind::HostnamePort | Kind::IpPort
    )
}

/// How many lines have nothing but values, of several owners, if there are hardly other words.
fn lines_of_values(body: &Body) -> Option<usize> {
    let mut owners = HashSet::new();
    let (mut lines, mut beside) = (0, 0);
    for line in body.text.lines().take(LINES).take_while(|line| line.trim_end() != "--") {
        let words = || line.split([' ', '\t', ',', ';', '|']).filter(|word| !word.is_empty());
        let hosts: Vec<&str> = words().filter_map(host_of).collect();
        if !hosts.is_empty() && words().all(|word| host_of(word).is_some() || !word.contains(char::is_alphabetic)) {
            lines += 1;
            owners.extend(hosts.into_iter().map(|name| host::in_same_hands(name).unwrap_or(name)));
        } else {
            beside += words().count();
        }
        if beside > BESIDE {
            return None;
        }
    }
    (lines > 1 && owners.len() > 1).then_some(lines)
}

/// The host of a word that is a URL or a name of a host.
fn host_of(word: &str) -> Option<&str> {
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let name = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    (name.contains('.') && !name.contains('@') && host::registrable(name).is_some()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::BodyKind;

    fn lines(text: &str) -> Option<usize> {
        lines_of_values(&Body {
            kind: BodyKind::Plain,
            text: text.to_owned(),
            source: None,
            asides: Vec::new(),
            links: Vec::new(),
        })
    }

    #[test]
    fn lines_of_nothing_but_values_are_a_list() {
        assert_eq!(lines("today:\nhttps://a-evil.com/x\nb-evil.com, 185.1.2.3\n"), Some(2));
        assert_eq!(
            lines("url,ip\nhttps://a-evil.com/x,185.1.2.3\nhttps://b-evil.com/y,2026-04-01"),
            Some(2)
        );
        // One owner, or a text around them.
        assert_eq!(lines("https://a-evil.com/x\nhttps://a-evil.com/y\n"), None);
        assert_eq!(
            lines(&format!(
                "{}\nhttps://a-evil.com/x\nhttps://b-evil.com/y\n",
                "word ".repeat(30)
            )),
            None
        );
    }
}
