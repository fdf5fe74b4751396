//! DNS expansion: asks name servers of the user's choice for the addresses of hosts. Off by default, because a look-up
//! tells the attacker that somebody looks. The policy decides what the addresses become in the event.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use crate::config::Dns;
use crate::domain::Note;
use crate::indicator::ip::is_routable;

mod answer;
mod lookup;
mod servers;
mod texts;

pub use texts::{Texts, texts};

/// Keeps answers between runs, so that a mail sent twice asks once. The implementation watches the time.
pub trait DnsCache {
    /// The answer for a host, if it has not expired. An empty one says that the host has no address.
    fn get(&mut self, host: &str) -> Option<Vec<IpAddr>>;
    /// Keeps an answer for `valid_for`.
    fn put(&mut self, host: &str, addresses: &[IpAddr], valid_for: Duration);
}

pub struct NoCache;

impl DnsCache for NoCache {
    fn get(&mut self, _: &str) -> Option<Vec<IpAddr>> {
        None
    }

    fn put(&mut self, _: &str, _: &[IpAddr], _: Duration) {}
}

/// The addresses of `hosts` (A and AAAA, sorted; hosts without an address are left out), and notes on them and on what
/// failed. Takes hardly longer than `settings.timeout`.
pub fn resolve(
    hosts: &[String],
    settings: &Dns,
    cache: &mut dyn DnsCache,
) -> (BTreeMap<String, Vec<IpAddr>>, Vec<Note>) {
    let mut known = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for host in hosts {
        match cache.get(host) {
            Some(addresses) => {
                known.insert(host.clone(), addresses);
            }
            None => {
                unknown.insert(host.clone());
            }
        }
    }
    let mut notes = Notes::default();
    if !unknown.is_empty() {
        for (host, answer) in lookup::all(unknown, settings, &mut notes) {
            if let Some(valid_for) = answer.valid_for {
                cache.put(&host, &answer.addresses, valid_for);
            }
            known.insert(host, answer.addresses);
        }
    }
    known.retain(|_, addresses| !addresses.is_empty());
    for (host, addresses) in &known {
        for address in addresses.iter().filter(|address| !is_routable(**address)) {
            notes.plain.push(Note::DnsNotPublic {
                host: host.clone(),
                address: address.to_string(),
            });
        }
    }
    (known, notes.finish())
}

/// Notes for the receipt. A failure that many hosts share becomes one note.
#[derive(Default)]
struct Notes {
    plain: Vec<Note>,
    by_failure: BTreeMap<Note, BTreeSet<String>>,
}

impl Notes {
    fn failed(&mut self, host: &str, failure: Note) {
        self.by_failure.entry(failure).or_default().insert(host.to_owned());
    }

    fn finish(self) -> Vec<Note> {
        const NAMED: usize = 3;
        let together = self.by_failure.into_iter().map(|(failure, mut hosts)| {
            let failure = Box::new(failure.into());
            let more = hosts.len().saturating_sub(NAMED);
            let hosts: Vec<String> = std::iter::from_fn(|| hosts.pop_first()).take(NAMED).collect();
            match more {
                0 => Note::DnsFailed { failure, hosts },
                more => Note::DnsFailedAndMore { failure, hosts, more },
            }
        });
        self.plain.into_iter().chain(together).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_for_many_hosts_is_one_note() {
        let mut notes = Notes::default();
        for host in ["a", "b", "c", "d", "e"] {
            notes.failed(host, Note::DnsNoAnswer);
        }
        let notes: Vec<String> = notes.finish().iter().map(Note::to_string).collect();
        assert_eq!(notes, ["DNS: no answer in time: a, b, c and 2 more"]);
    }

    #[test]
    fn what_the_cache_knows_is_not_asked() {
        struct Full;
        impl DnsCache for Full {
            fn get(&mut self, host: &str) -> Option<Vec<IpAddr>> {
                Some(if host == "gone.example" {
                    vec![]
                } else {
                    vec!["9.9.9.9".parse().unwrap()]
                })
            }
            fn put(&mut self, _: &str, _: &[IpAddr], _: Duration) {
                panic!("nothing new is known");
            }
        }
        let hosts = ["a.example".to_owned(), "gone.example".to_owned()];
        let (addresses, notes) = resolve(&hosts, &Dns::default(), &mut Full);
        assert_eq!(addresses.keys().collect::<Vec<_>>(), ["a.example"]);
        assert!(notes.is_empty());
    }
}
