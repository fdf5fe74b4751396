//! Names and networks that everybody knows: makers and banks, providers through which everybody sends, mailboxes for anybody.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::domain::{HostList, Sketch, WELL_KNOWN, host};

/// Patterns of domains, from `data/mail_providers.tsv`.
const MAIL_PROVIDERS: &[&str] = include!(concat!(env!("OUT_DIR"), "/mail_providers.rs"));
/// Host, and what tells that a server is one.
const SENDING_PROVIDERS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/sending_providers.rs"));
/// Host of the provider, and what the customer's label is.
const CUSTOMERS: &[[&str; 2]] = include!(concat!(env!("OUT_DIR"), "/provider_customers.rs"));

/// By the domain, or by the label of a pattern for all suffixes.
static MAIL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let key = |pattern: &'static str| pattern.strip_suffix(".*").unwrap_or(pattern);
    MAIL_PROVIDERS.iter().map(|pattern| (key(pattern), *pattern)).collect()
});
static SENDING: LazyLock<HostList> = LazyLock::new(|| sending_providers(|_| true));
static GREETING: LazyLock<HostList> = LazyLock::new(|| sending_providers(|told_by| told_by == "greeting"));
static BRANDS: LazyLock<Names> = LazyLock::new(|| Names::of("brand"));
static PAGES: LazyLock<Names> = LazyLock::new(|| Names::of("page"));
static FURNITURE: LazyLock<Names> = LazyLock::new(|| Names::of("furniture"));

/// Suffixes of countries under which names were given away: a known label there proves nothing.
const GIVEN_AWAY: [&str; 5] = ["tk", "ml", "ga", "cf", "gq"];

/// The hosts of one use.
struct Names {
    hosts: HostList,
    /// Labels that are a maker's under the suffix of any country.
    labels: HashSet<&'static str>,
    sketch: Sketch,
}

impl Names {
    fn of(wanted: &str) -> Self {
        let rows = WELL_KNOWN
            .iter()
            .filter(|[r#use, _]| *r#use == wanted)
            .map(|[_, host]| *host);
        let (labels, hosts): (Vec<&str>, Vec<&str>) = rows.partition(|host| host.ends_with(".*"));
        let labels: HashSet<&str> = labels.into_iter().filter_map(|host| host.strip_suffix(".*")).collect();
        let mut sketch = Sketch::default();
        labels.iter().for_each(|label| sketch.add(label));
        Self {
            hosts: HostList::new(&hosts),
            labels,
            sketch,
        }
    }

    fn cover(&self, host: &str) -> bool {
        // Hardly any host has such a label at all, and asking the list of suffixes takes longer.
        let may_be = || host::labels(host).any(|label| self.sketch.may_have(label) && self.labels.contains(label));
        let is_makers = |(label, suffix): (&str, &str)| self.labels.contains(label) && is_usual(suffix);
        self.hosts.covers(host) || (may_be() && label_and_suffix(host).is_some_and(is_makers))
    }
}

fn sending_providers(wanted: fn(&str) -> bool) -> HostList {
    let rows = SENDING_PROVIDERS.iter().filter(|[_, told_by]| wanted(told_by));
    HostList::new(&rows.map(|[host, _]| *host).collect::<Vec<_>>())
}

/// The label that was registered, and the public suffix behind it.
pub(super) fn label_and_suffix(host: &str) -> Option<(&str, &str)> {
    host::registrable(host)?.split_once('.')
}

/// Whether names of makers and banks are usually under that public suffix.
pub(super) fn is_usual(suffix: &str) -> bool {
    let last = suffix.rsplit('.').next().unwrap_or_default();
    matches!(suffix, "com" | "net" | "org" | "bank" | "gov" | "edu") || (last.len() == 2 && !GIVEN_AWAY.contains(&last))
}

/// A maker's, bank's or office's own.
pub(super) fn is_brand(host: &str) -> bool {
    BRANDS.cover(host)
}

/// A site on which makers have pages, and others too.
pub(super) fn is_page(host: &str) -> bool {
    PAGES.cover(host)
}

/// Fonts, schemas and libraries.
pub(super) fn is_furniture(host: &str) -> bool {
    FURNITURE.cover(host)
}

/// A server, by name or address, through which everybody sends.
pub(in crate::policy) fn is_sending_provider(host: &str) -> bool {
    SENDING.covers(host)
}

/// A name with which only servers of a provider greet, who is not known by his networks.
pub(super) fn is_greeting_of_provider(host: &str) -> bool {
    GREETING.covers(host)
}

/// The customer of a provider to whom a host belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Customer<'h> {
    /// The name that the provider gave.
    Name(&'h str),
    /// The customer's own domain, with hyphens for dots.
    Domain(&'h str),
}

/// The customer below whose name a lower-case host is.
pub(super) fn customer(host: &str) -> Option<Customer<'_>> {
    let (below, label) = CUSTOMERS
        .iter()
        .find_map(|[provider, label]| Some((host.strip_suffix(provider)?.strip_suffix('.')?, *label)))?;
    let start = below.rfind('.').map_or(0, |dot| dot + 1);
    let name = host.get(start..)?;
    match label {
        "domain" => below.split('.').next().map(Customer::Domain),
        "name" => Some(Customer::Name(name)),
        beginning => name.starts_with(beginning).then_some(Customer::Name(name)),
    }
}

/// Whether anybody can have a mailbox in that domain.
pub(in crate::policy) fn is_mail_provider(domain: &str) -> bool {
    let domain = host::lower(domain);
    let label = domain.split('.').next().unwrap_or_default();
    let mut patterns = [&*domain, label].into_iter().filter_map(|key| MAIL.get(key));
    patterns.any(|pattern| host::fits(pattern, &domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_provider_of_the_tables_is_known() {
        for row in table::rows("mail_providers") {
            let (_, domain) = row["example"].split_once('@').unwrap();
            assert!(
                host::fits(&row["domain"], domain) && is_mail_provider(domain),
                "{row:?}"
            );
        }
        assert!(!is_mail_provider("live.evil.com") && !is_mail_provider("evil.com"));
        for row in table::rows("sending_providers") {
            let is_provider = !row["host"].starts_with('!');
            assert_eq!(is_sending_provider(&row["example"]), is_provider, "{row:?}");
            let told = is_greeting_of_provider(&row["example"]);
            assert_eq!(told, is_provider && row["told_by"] == "greeting", "{row:?}");
        }
        for host in [
            "evil.com",
            "notgoogle.com",
            "185.93.89.196",
            "2001:db8::1",
            "google.com.evil.top",
        ] {
            assert!(!is_sending_provider(host), "{host}");
        }
    }

    #[test]
    fn every_well_known_host_of_the_table_is_known() {
        for row in table::rows("well_known_hosts") {
            let known = match row["use"].as_str() {
                "brand" => is_brand,
                "page" => is_page,
                "furniture" => is_furniture,
                other => panic!("{other} is no use: {row:?}"),
            };
            assert!(known(&row["example"]), "{row:?}");
            assert!(!known(&format!("{}.evil.top", row["example"])), "{row:?}");
        }
        assert!(is_brand("www.amazon.co.uk") && is_brand("login.paypal.com.br"));
        for host in [
            "amazon.top",
            "amazon.tk",
            "paypal-login.com",
            "mypaypal.com",
            "evil.com",
        ] {
            assert!(!is_brand(host), "{host}");
        }
    }
}
