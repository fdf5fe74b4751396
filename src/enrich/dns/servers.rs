//! The name servers as configured.

use super::Notes;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{Resolver, TokioResolver};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::domain::Note;

const PORT: u16 = 53;

/// A resolver for these servers, or for the system's when none is named. When some are named and none can be used, there is
/// no resolver: whoever names a server does not want his questions to go elsewhere.
pub(super) fn resolver(named: &[String], patience: Duration, notes: &mut Notes) -> Option<TokioResolver> {
    let builder = if named.is_empty() {
        TokioResolver::builder_tokio().map_err(|error| {
            let error = error.to_string();
            notes.plain.push(Note::DnsNoSystemServer { error });
        })
    } else {
        let servers = servers(named, notes);
        if servers.is_empty() {
            return None;
        }
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        Ok(Resolver::builder_with_config(config, TokioRuntimeProvider::default()))
    };
    let mut builder = builder.ok()?;
    set(builder.options_mut(), patience);
    builder
        .build()
        .map_err(|error| {
            let error = error.to_string();
            notes.plain.push(Note::DnsCannotBegin { error });
        })
        .ok()
}

fn set(options: &mut ResolverOpts, patience: Duration) {
    options.timeout = patience;
    options.attempts = 2;
    options.use_hosts_file = ResolveHosts::Never; // an indicator is not to be found on one's own machine
    options.cache_size = 0; // the cache is ours
}

fn servers(named: &[String], notes: &mut Notes) -> Vec<NameServerConfig> {
    let mut servers = Vec::new();
    for name in named {
        let Some(address) = address(name) else {
            notes.plain.push(Note::DnsNoServer { name: name.clone() });
            continue;
        };
        let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
            connection.port = address.port();
            connection
        });
        servers.push(NameServerConfig::new(address.ip(), true, connections.into()));
    }
    servers
}

fn address(name: &str) -> Option<SocketAddr> {
    let name = name.trim();
    let bare = || {
        name.trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
            .ok()
    };
    name.parse().ok().or_else(|| bare().map(|ip| SocketAddr::new(ip, PORT)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_address_with_or_without_a_port() {
        let facts = [
            ("9.9.9.9", Some("9.9.9.9:53")),
            (" 9.9.9.9:5353 ", Some("9.9.9.9:5353")),
            ("2620:fe::fe", Some("[2620:fe::fe]:53")),
            ("[2620:fe::fe]:5353", Some("[2620:fe::fe]:5353")),
            ("[2620:fe::fe]", Some("[2620:fe::fe]:53")),
            ("dns.example", None),
            ("", None),
        ];
        for (name, expected) in facts {
            assert_eq!(
                address(name),
                expected.map(|address| address.parse().unwrap()),
                "{name}"
            );
        }
    }

    #[test]
    fn when_no_named_server_can_be_used_the_system_s_are_not_asked_instead() {
        let mut notes = Notes::default();
        assert!(resolver(&["dns.example".to_owned()], Duration::from_secs(1), &mut notes).is_none());
        assert_eq!(
            notes.finish(),
            [Note::DnsNoServer {
                name: "dns.example".into()
            }]
        );
    }
}
