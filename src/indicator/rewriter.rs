//! Link rewriters: mail filters and sites that put their own address before a link. What is inside is the link.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::url::{self, Url};

/// What a URL turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrapper {
    /// A rewriter around this target.
    Around(String),
    /// A rewriter whose target is known to its maker only; its name, and the host that it admits to.
    Opaque(&'static str, Option<String>),
}

/// The URL behind all rewriters, and of an opaque one its name and the host that it admits to.
pub fn innermost(mut url: Url) -> (Url, Option<(&'static str, Option<String>)>) {
    // Each target lies inside its wrapper and is shorter; ten are more than anyone nests.
    for _ in 0..10 {
        match unwrap(&url.value, &url.host.value) {
            Some(Wrapper::Around(target)) => match url::exact(&target) {
                Some(inner) => url = inner,
                None => break,
            },
            Some(Wrapper::Opaque(name, admitted)) => return (url, Some((name, admitted))),
            None => break,
        }
    }
    (url, None)
}

/// How the target lies in the wrapper.
#[derive(Clone, Copy)]
enum Hiding {
    /// In a query parameter, percent-coded.
    Query(&'static [&'static str]),
    /// As `Query`, in base64.
    Base64(&'static str),
    /// Proofpoint v2: `-` for `%`, `_` for `/`.
    ProofpointV2,
    /// Proofpoint v3: `__URL__;…`, with `*` for what stands in base64 after it.
    ProofpointV3,
    /// The last segment of the path, percent-coded.
    LastSegment,
    /// Between `___` and `___.`
    Underscores,
    /// Everything after the `?`.
    WholeQuery,
    /// Nowhere.
    Opaque(&'static str),
}

/// Host (a leading dot covers what is below, a trailing dot every suffix), start of the path, hiding.
const REWRITERS: &[(&str, &str, Hiding)] = &[
    (".safelinks.protection.outlook.com", "/", Hiding::Query(&["url"])),
    ("safelinks.protection.outlook.com", "/", Hiding::Query(&["url"])),
    (".safelinks.protection.office365.us", "/", Hiding::Query(&["url"])),
    (".safelinks.protection.partner.outlook.cn", "/", Hiding::Query(&["url"])),
    (
        "statics.teams.cdn.office.net",
        "/evergreen-assets/safelinks/",
        Hiding::Query(&["url"]),
    ),
    (
        "statics.teams.microsoft.com",
        "/evergreen-assets/safelinks/",
        Hiding::Query(&["url"]),
    ),
    ("urldefense.proofpoint.com", "/v1/", Hiding::Query(&["u"])),
    ("urldefense.proofpoint.com", "/v2/", Hiding::ProofpointV2),
    ("urldefense.proofpoint.com", "/v3/", Hiding::ProofpointV3),
    ("urldefense.com", "/v3/", Hiding::ProofpointV3),
    ("urldefense.com", "/v2/", Hiding::ProofpointV2),
    ("urldefense.us", "/v3/", Hiding::ProofpointV3),
    ("www.google.", "/url", Hiding::Query(&["q", "url"])),
    ("google.", "/url", Hiding::Query(&["q", "url"])),
    ("www.googleadservices.com", "/pagead/aclk", Hiding::Query(&["adurl"])),
    ("linkprotect.cudasvc.com", "/url", Hiding::Query(&["a"])),
    ("secure-web.cisco.com", "/", Hiding::LastSegment),
    (".trendmicro.com", "/wis/clicktime/", Hiding::Query(&["url"])),
    ("clicktime.symantec.com", "/", Hiding::Query(&["u"])),
    ("clicktime.cloud.postoffice.net", "/", Hiding::Query(&["u"])),
    (".protection.sophos.com", "/", Hiding::Base64("u")),
    (".fireeye.com", "/v1/url", Hiding::Query(&["u"])),
    (".fireeye.com", "/url", Hiding::Query(&["u"])),
    (".trellix.com", "/v1/url", Hiding::Query(&["u"])),
    ("protect.checkpoint.com", "/v", Hiding::Underscores),
    ("url.avanan.click", "/v", Hiding::Underscores),
    ("l.facebook.com", "/l.php", Hiding::Query(&["u"])),
    ("lm.facebook.com", "/l.php", Hiding::Query(&["u"])),
    ("www.facebook.com", "/l.php", Hiding::Query(&["u"])),
    ("l.instagram.com", "/", Hiding::Query(&["u"])),
    ("l.messenger.com", "/l.php", Hiding::Query(&["u"])),
    ("www.youtube.com", "/redirect", Hiding::Query(&["q"])),
    ("www.linkedin.com", "/redir/redirect", Hiding::Query(&["url"])),
    ("www.linkedin.com", "/safety/go", Hiding::Query(&["url"])),
    ("slack-redir.net", "/link", Hiding::Query(&["url"])),
    ("steamcommunity.com", "/linkfilter", Hiding::Query(&["url", "u"])),
    ("vk.com", "/away.php", Hiding::Query(&["to"])),
    ("away.vk.com", "/away.php", Hiding::Query(&["to"])),
    ("t.umblr.com", "/redirect", Hiding::Query(&["z"])),
    ("out.reddit.com", "/", Hiding::Query(&["url"])),
    ("duckduckgo.com", "/l/", Hiding::Query(&["uddg"])),
    ("href.li", "/", Hiding::WholeQuery),
    (".antiphishing.vadesecure.com", "/", Hiding::Query(&["u"])),
    ("antiphishing.vadesecure.com", "/", Hiding::Query(&["u"])),
    (".edgepilot.com", "/s/", Hiding::Query(&["u"])),
    (".mimecast.com", "/s/", Hiding::Opaque("Mimecast")),
    (".mimecast.com", "/r/", Hiding::Opaque("Mimecast")),
    (".mimecastprotect.com", "/", Hiding::Opaque("Mimecast")),
    ("url.emailprotection.link", "/", Hiding::Opaque("Email Protection")),
    (
        "atpscan.global.hornetsecurity.com",
        "/",
        Hiding::Opaque("Hornetsecurity"),
    ),
    ("linkprotect.mailguard.com.au", "/", Hiding::Opaque("MailGuard")),
];

/// Looks whether `url` (a scheme and `host` in it known) is a rewriter's.
pub fn unwrap(url: &str, host: &str) -> Option<Wrapper> {
    let rest = url.split_once("://")?.1;
    let path = rest.get(rest.find(['/', '?'])?..)?;
    let lower = path.get(..path.len().min(40)).unwrap_or_default().to_ascii_lowercase();
    let hit = REWRITERS.iter().find(|(pattern, prefix, _)| {
        is_host(host, pattern) && (lower.starts_with(prefix) || *prefix == "/" && lower.starts_with('?'))
    })?;
    let target = match hit.2 {
        Hiding::Query(names) => names.iter().find_map(|name| query(path, name).map(percent)),
        Hiding::Base64(name) => query(path, name).and_then(|value| base64(&percent(value))),
        Hiding::ProofpointV2 => query(path, "u").map(|u| percent(&u.replace('-', "%").replace('_', "/"))),
        Hiding::ProofpointV3 => proofpoint_v3(path),
        Hiding::LastSegment => path.rsplit('/').next().map(percent),
        Hiding::Underscores => path
            .split_once("___")
            .and_then(|rest| Some(rest.1.split_once("___")?.0.to_owned())),
        Hiding::WholeQuery => path.split_once('?').map(|rest| percent(rest.1)),
        Hiding::Opaque(name) => return Some(Wrapper::Opaque(name, query(path, "domain").map(percent))),
    };
    let target = target?;
    let target = target.trim();
    let is_web = ["http://", "https://", "ftp://"].iter().any(|scheme| {
        target
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if is_web {
        return Some(Wrapper::Around(target.to_owned()));
    }
    // Some leave the scheme out: `u=www.evil.com/x`.
    let named = target
        .split(['/', '?', ':'])
        .next()
        .is_some_and(|name| name.contains('.') && !name.contains(' '));
    (named && !matches!(hit.2, Hiding::LastSegment)).then(|| Wrapper::Around(format!("http://{target}")))
}

fn is_host(host: &str, pattern: &str) -> bool {
    if pattern.ends_with('.') {
        // `google.` covers `google.de` and `google.co.uk`, not `google.evil.com`.
        return host.strip_prefix(pattern).is_some_and(|suffix| {
            super::host::registrable(host).and_then(|own| own.strip_prefix("google.")) == Some(suffix)
        });
    }
    if pattern.starts_with('.') {
        host.ends_with(pattern)
    } else {
        host == pattern
    }
}

/// The raw value of a query parameter, its name in any case; `&amp;` separates, too.
fn query<'u>(path: &'u str, name: &str) -> Option<&'u str> {
    let query = path.split_once('?')?.1;
    let query = query.split('#').next()?;
    let value = |pair: &'u str| {
        pair.trim_start_matches("amp;")
            .split_once('=')
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    query
        .split(['&', ';'])
        .find_map(value)
        .map(|(_, value)| value)
        .filter(|value| !value.is_empty())
}

/// Percent codes decoded; what is no UTF-8 then stays as it is.
pub fn percent(coded: &str) -> String {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.split_first_chunk::<2>().filter(|_| *first == b'%');
        let value = code.and_then(|(digits, _)| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        if let (Some(value), Some((_, after))) = (value, code) {
            bytes.push(value);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| coded.to_owned())
}

fn base64(coded: &str) -> Option<String> {
    let coded = coded.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD
        .decode(coded)
        .or_else(|_| STANDARD_NO_PAD.decode(coded))
        .ok()?;
    String::from_utf8(bytes).ok()
}

fn proofpoint_v3(path: &str) -> Option<String> {
    const RUNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let inner = path.split_once("/__")?.1;
    let end = inner.rfind("__;")?;
    let (url, after) = (inner.get(..end)?, inner.get(end + 3..)?);
    let replaced = base64(after.split('!').next()?)?;
    let mut replaced = replaced.chars();
    let mut target = String::with_capacity(url.len());
    let mut chars = url.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '*' {
            target.push(c);
        } else if chars.next_if_eq(&'*').is_some() {
            let run = chars.next().and_then(|c| RUNS.find(c)).map_or(0, |place| place + 2);
            target.extend(replaced.by_ref().take(run));
        } else {
            target.extend(replaced.next());
        }
    }
    // Some gateways fold `//` into one slash.
    for scheme in ["https:/", "http:/"] {
        if let Some(rest) = target.strip_prefix(scheme).filter(|rest| !rest.starts_with('/')) {
            return Some(format!("{scheme}/{rest}"));
        }
    }
    Some(target)
}
