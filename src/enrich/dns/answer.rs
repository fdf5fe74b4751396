//! Reads what an answer says about the name that was asked for, and ignores anything else in it.

use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, Record};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use crate::domain::Note;

/// More addresses of one host say nothing new about it.
const MAX_ADDRESSES: usize = 64;
/// Longer chains of aliases are taken for loops.
const MAX_ALIASES: usize = 16;
const SHORTEST: Duration = Duration::from_mins(1);
const LONGEST: Duration = Duration::from_hours(24);
/// How long a host without an address is not asked for again.
const NOTHING_FOR: Duration = Duration::from_mins(5);

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// In ascending order.
    pub addresses: Vec<IpAddr>,
    /// How long to keep it; `None` if something failed, so that the next run asks again.
    pub valid_for: Option<Duration>,
    pub failures: BTreeSet<Note>,
}

impl Answer {
    /// Combines the answers to both questions, A and AAAA.
    pub fn of(name: &Name, replies: [Result<Vec<Record>, NetError>; 2]) -> Self {
        let mut addresses = BTreeSet::new();
        let mut ttl: Option<u32> = None;
        let mut failures = BTreeSet::new();
        for reply in replies {
            match reply {
                Ok(records) => {
                    let (found, shortest) = follow(name, &records);
                    // There is neither an address for the name nor the record that says so (RFC 2308): the server
                    // answered about other names.
                    if found.is_empty() && !records.is_empty() {
                        failures.insert(Note::DnsEvasive);
                    }
                    addresses.extend(found);
                    ttl = ttl.into_iter().chain(shortest).min();
                }
                Err(error) => failures.extend(reason(&error)),
            }
        }
        // Some servers do this on purpose for one kind of address. Then the other kind is the answer.
        if !addresses.is_empty() {
            failures.remove(&Note::DnsEvasive);
        }
        let holds = ttl.map_or(NOTHING_FOR, |seconds| {
            Duration::from_secs(seconds.into()).clamp(SHORTEST, LONGEST)
        });
        let valid_for = failures.is_empty().then_some(holds);
        Self {
            addresses: addresses.into_iter().take(MAX_ADDRESSES).collect(),
            valid_for,
            failures,
        }
    }
}

/// Follows aliases from `name`. Returns the addresses at their end and the shortest TTL on the way, in seconds.
fn follow(name: &Name, records: &[Record]) -> (Vec<IpAddr>, Option<u32>) {
    let mut owner = name.clone();
    let mut ttl = None;
    for _ in 0..MAX_ALIASES {
        let of_owner = || records.iter().filter(|record| record.name == owner);
        let addresses: Vec<IpAddr> = of_owner().filter_map(address).collect();
        ttl = of_owner().map(|record| record.ttl).chain(ttl).min();
        if !addresses.is_empty() {
            return (addresses, ttl);
        }
        let alias = of_owner().find_map(|record| match &record.data {
            RData::CNAME(alias) => Some(alias.0.clone()),
            _ => None,
        });
        match alias {
            Some(alias) => owner = alias,
            None => break,
        }
    }
    (Vec::new(), None)
}

fn address(record: &Record) -> Option<IpAddr> {
    match &record.data {
        RData::A(address) => Some(address.0.into()),
        RData::AAAA(address) => Some(address.0.into()),
        _ => None,
    }
}

/// Why there is no answer; `None` if the answer is that the name has no addresses.
pub(super) fn reason(error: &NetError) -> Option<Note> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(nothing)) => match nothing.response_code {
            ResponseCode::NXDomain => None,
            ResponseCode::NoError => nothing.soa.is_none().then_some(Note::DnsEvasive),
            code => Some(refused(code)),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => Some(refused(*code)),
        NetError::Timeout => Some(Note::DnsNoAnswer),
        NetError::Proto(_) => Some(Note::DnsUnreadable),
        other => Some(Note::DnsUnreachable {
            error: other.to_string(),
        }),
    }
}

fn refused(code: ResponseCode) -> Note {
    Note::DnsRefused { code: code.to_string() }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
