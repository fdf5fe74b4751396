//! What a name or an address is: its canonical form, and its kind by the public suffix list.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::chain::Chain;
use super::{Doubt, Kind, ip};
use crate::domain::{Remark, host, looks_like};

/// A host and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Punycode name or canonical address.
    pub value: String,
    /// [`Kind::Domain`], [`Kind::Hostname`] or [`Kind::Ip`].
    pub kind: Kind,
    /// Set when it cannot be reached from the internet.
    pub doubt: Option<Doubt>,
    /// How it stands in a URL.
    pub in_url: String,
    /// It was defanged in the text.
    pub defanged: bool,
}

impl Host {
    /// An IPv4 address; `written` is how it stands in a URL.
    pub fn v4(address: Ipv4Addr, written: &str) -> Self {
        let doubt = ip::doubt_v4(address);
        Self {
            value: address.to_string(),
            kind: Kind::Ip,
            doubt,
            in_url: written.to_owned(),
            defanged: false,
        }
    }

    /// An IPv6 address; a mapped IPv4 address is that address.
    pub fn v6(address: Ipv6Addr) -> Self {
        let in_url = format!("[{address}]");
        if let Some(v4) = address.to_ipv4_mapped() {
            Self::v4(v4, &in_url)
        } else {
            let doubt = ip::doubt_v6(address);
            Self {
                value: address.to_string(),
                kind: Kind::Ip,
                doubt,
                in_url,
                defanged: false,
            }
        }
    }

    /// The same host, which was defanged in the text if `defanged` says so.
    pub fn defanged(self, defanged: bool) -> Self {
        let defanged = self.defanged || defanged;
        Self { defanged, ..self }
    }

    /// What stands as host in a URL: any address notation, any name; without a public suffix it has a doubt.
    pub fn in_url(name: &str) -> Option<Self> {
        if let Ok(address) = name.parse() {
            return Some(Self::v4(address, name));
        }
        let last = name.rsplit('.').next()?;
        if last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x") {
            // Decimal, octal and hexadecimal notations: what a browser makes of them is the host.
            return match url::Host::parse(name) {
                Ok(url::Host::Ipv4(address)) => Some(Self::v4(address, name)),
                _ => None,
            };
        }
        Self::name(name)
    }

    /// What stands where a name should and is none: it is shown, because a part of it would be another's name.
    pub fn not_whole(chain: &Chain) -> Option<Self> {
        let plain = chain.labels > 1 && !chain.too_long && host::registrable(&chain.name).is_some();
        plain.then(|| Self {
            value: chain.name.clone(),
            kind: Kind::Hostname,
            doubt: Some(Doubt::NotWhole),
            in_url: chain.name.clone(),
            defanged: chain.evident,
        })
    }

    /// Whether it is a name: then [`remark_about`] may know something to tell.
    pub fn is_name(&self) -> bool {
        self.kind != Kind::Ip
    }

    /// What there is to tell about it.
    pub fn remark(&self) -> Option<Remark> {
        self.is_name().then(|| remark_about(&self.value)).flatten()
    }

    /// A name, with or without public suffix.
    pub fn name(name: &str) -> Option<Self> {
        let ascii = host::canonical(name)?.into_owned();
        let registrable = host::registrable(&ascii);
        let (kind, doubt) = match registrable {
            _ if ascii.rsplit('.').next() == Some("onion") => (Kind::Hostname, None),
            // The home network (RFC 8375) and the names of look-ups turned round (RFC 6761).
            _ if ascii.rsplit('.').next() == Some("arpa") => (Kind::Hostname, Some(Doubt::UnroutableName)),
            Some(registrable) if registrable.len() == ascii.len() => (Kind::Domain, None),
            Some(_) => (Kind::Hostname, None),
            None => (Kind::Hostname, Some(Doubt::UnroutableName)),
        };
        Some(Self {
            in_url: ascii.clone(),
            value: ascii,
            kind,
            doubt,
            defanged: false,
        })
    }
}

/// The well-known name that a punycode name is taken for, or else its Unicode form, as something to tell.
pub fn remark_about(name: &str) -> Option<Remark> {
    let unicode = host::unicode(name);
    match host::registrable(name).and_then(looks_like) {
        None => unicode.map(|text| Remark::Verbatim { text }),
        Some(known) => Some(Remark::LooksLike {
            name: unicode.unwrap_or_else(|| name.to_owned()),
            known: known.to_owned(),
        }),
    }
}
