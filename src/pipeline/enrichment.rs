//! Asks about the indicators of a submission what the settings allow, and keeps DNS answers in the state database. No
//! error stops a submission: what fails becomes a note on its receipt.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::Duration;

use crate::config::Settings;
use crate::domain::halves::both;
use crate::domain::{Note, Said, Sealed};
use crate::enrich::dns::{self, DnsCache};
use crate::enrich::{Knowledge, dkim};
use crate::indicator::{Indicator, Kind};
use crate::misp::client::MispClient;
use crate::outbox::Outbox;
use crate::policy::Node;

pub fn gather(nodes: &[Node<'_>], settings: &Settings, outbox: &Outbox) -> Knowledge {
    let mut knowledge = Knowledge::default();
    let indicators = || {
        nodes
            .iter()
            .flat_map(|node| &node.indicators)
            .filter(|indicator| indicator.doubt.is_none())
    };
    if settings.dns.enabled {
        // At the same time, so that both together take no longer than `dns.timeout` and neither takes the other's time.
        let (resolved, verified) = both(|| resolve(indicators(), settings, outbox), || verify(nodes, settings));
        (knowledge.dns, knowledge.notes) = resolved;
        let (seals, failures) = verified;
        knowledge.sealed = seals;
        knowledge.notes.extend(failures);
    }
    if settings.warninglists.look_up && settings.misp.url.is_some() {
        look_up(indicators(), settings, &mut knowledge);
    }
    knowledge
}

/// What a review has to know: whose the mails are. Nothing is asked about what is in them.
pub fn of_senders(nodes: &[Node<'_>], settings: &Settings) -> Knowledge {
    let mut knowledge = Knowledge::default();
    if settings.dns.enabled {
        (knowledge.sealed, knowledge.notes) = verify(nodes, settings);
    }
    knowledge
}

fn verify(nodes: &[Node<'_>], settings: &Settings) -> (Vec<Vec<Sealed>>, Vec<Note>) {
    let signatures: Vec<_> = nodes.iter().map(|node| node.signatures).collect();
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    dkim::verify(&signatures, &settings.dns, now)
}

fn resolve<'i>(
    indicators: impl Iterator<Item = &'i Indicator>,
    settings: &Settings,
    outbox: &Outbox,
) -> (BTreeMap<String, Vec<IpAddr>>, Vec<Note>) {
    let is_name = |indicator: &&Indicator| matches!(indicator.kind, Kind::Domain | Kind::Hostname);
    let wanted = |host: &&String| !settings.hosts.exclude.covers(host) && !settings.hosts.own.covers(host);
    let hosts: BTreeSet<String> = indicators
        .filter(is_name)
        .map(|indicator| &indicator.value)
        .filter(wanted)
        .cloned()
        .collect();
    let hosts: Vec<String> = hosts.into_iter().collect();
    dns::resolve(&hosts, &settings.dns, &mut Cache(outbox))
}

fn look_up<'i>(indicators: impl Iterator<Item = &'i Indicator>, settings: &Settings, knowledge: &mut Knowledge) {
    let values: BTreeSet<&str> = indicators.map(|indicator| indicator.value.as_str()).collect();
    if values.is_empty() {
        return;
    }
    let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
    let ask = || -> Result<_, Said> {
        let client = settings.misp_settings().map_err(|error| Said::from(&error))?;
        let hits = MispClient::new(client).and_then(|client| client.check_warninglists(&values));
        hits.map_err(|error| (&error).into())
    };
    match ask() {
        Ok(hits) => knowledge.warninglists = hits,
        Err(error) => knowledge
            .notes
            .push(Note::WarninglistsNotAsked { error: Box::new(error) }),
    }
}

/// DNS answers in the state database: addresses as text, one a line. If the cache fails, it counts as empty.
struct Cache<'o>(&'o Outbox);

impl DnsCache for Cache<'_> {
    fn get(&mut self, host: &str) -> Option<Vec<IpAddr>> {
        let kept = self.0.cache_get(&format!("dns {host}")).ok().flatten()?;
        let text = String::from_utf8(kept).ok()?;
        text.lines().map(|line| line.parse().ok()).collect()
    }

    fn put(&mut self, host: &str, addresses: &[IpAddr], valid_for: Duration) {
        let lines: Vec<String> = addresses.iter().map(IpAddr::to_string).collect();
        let kept = self
            .0
            .cache_put(&format!("dns {host}"), lines.join("\n").as_bytes(), valid_for);
        if let Err(error) = kept {
            tracing::debug!("the answer for {host} was not kept: {error}");
        }
    }
}
