//! Sets up the resolver with the configured name servers.

use super::Notes;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{Resolver, TokioResolver};
use std::net::SocketAddr;
use std::time::Duration;

use crate::domain::Note;

/// A resolver for these servers, or for those of the system if none is named.
pub(super) fn resolver(named: &[SocketAddr], patience: Duration, notes: &mut Notes) -> Option<TokioResolver> {
    let builder = if named.is_empty() {
        TokioResolver::builder_tokio().map_err(|error| {
            let error = error.to_string();
            notes.plain.push(Note::DnsNoSystemServer { error });
        })
    } else {
        let servers = named.iter().map(server).collect();
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
    options.use_hosts_file = ResolveHosts::Never; // the own hosts file says nothing about an indicator
    options.cache_size = 0; // `DnsCache` keeps answers
}

fn server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    NameServerConfig::new(address.ip(), true, connections.into())
}
