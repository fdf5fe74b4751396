//! The attribute of an indicator: MISP's default category and IDS flag for its kind, what the lists of hosts change,
//! and the comment.

use super::{AttributeSpec, Sections};
use crate::domain::{Reason, Remark};
use crate::enrich::Knowledge;
use crate::indicator::{Doubt, Indicator, Kind};
use crate::misp::{attribute_type, value};

/// MISP's default category and IDS flag, as `describeTypes` gives them; an address in a report is part of a delivery.
fn defaults(kind: Kind) -> (&'static str, bool) {
    match kind {
        Kind::Url | Kind::Domain | Kind::Hostname | Kind::HostnamePort | Kind::Ip | Kind::IpPort | Kind::Cidr => {
            ("Network activity", true)
        }
        Kind::As | Kind::Mac => ("Network activity", false),
        Kind::Md5
        | Kind::Sha1
        | Kind::Sha224
        | Kind::Sha256
        | Kind::Sha384
        | Kind::Sha512
        | Kind::Imphash
        | Kind::Ssdeep
        | Kind::FilenameMd5
        | Kind::FilenameSha1
        | Kind::FilenameSha256
        | Kind::FilenameSha512
        | Kind::Email => ("Payload delivery", true),
        Kind::Vulnerability => ("External analysis", false),
        Kind::Btc | Kind::Xmr => ("Financial fraud", true),
        Kind::Coin => ("Financial fraud", false),
        Kind::Regkey => ("Persistence mechanism", true),
    }
}

/// Whether it is a host and nothing more: a host kind, or a URL without a path.
pub(super) fn is_bare_host(indicator: &Indicator) -> bool {
    match indicator.kind {
        Kind::Url => {
            let rest = indicator
                .value
                .split_once("://")
                .map_or(indicator.value.as_str(), |(_, rest)| rest);
            let mut place = rest.trim_end_matches('/').bytes();
            !place.any(|byte| matches!(byte, b'/' | b'?' | b'#'))
        }
        Kind::Domain | Kind::Hostname | Kind::HostnamePort | Kind::Ip | Kind::IpPort | Kind::Cidr => true,
        _ => false,
    }
}

pub(super) fn warninglists<'a>(knowledge: &'a Knowledge, indicator: &Indicator) -> &'a [String] {
    knowledge.warninglists.get(&indicator.value).map_or(&[], Vec::as_slice)
}

/// The attribute of an indicator. Own, well-known and shared hosts, warninglists and doubts take its IDS flag away.
pub(super) fn specify(indicator: &Indicator, settings: Sections<'_>, knowledge: &Knowledge) -> AttributeSpec {
    let (category, mut to_ids) = defaults(indicator.kind);
    let mut remarks = indicator.remarks.clone();
    let mut enforce = settings.warninglists.enforce;
    if let Some(host) = indicator.host() {
        let hosts = &settings.hosts;
        if hosts.own.covers(host) {
            (to_ids, enforce) = (false, false);
            remarks.push(Remark::OwnHost);
        } else if hosts.no_ids.covers(host) {
            (to_ids, enforce) = (false, false);
            remarks.push(Remark::WellKnownHost);
        } else if is_bare_host(indicator) && hosts.shared.covers(host) {
            to_ids = false;
            remarks.push(Remark::SharedHost);
        }
    }
    let lists = warninglists(knowledge, indicator);
    if !lists.is_empty() {
        to_ids &= indicator.kind == Kind::Url && !is_bare_host(indicator);
        remarks.push(Remark::Listed { lists: lists.to_vec() });
    }
    if matches!(
        indicator.doubt,
        Some(Doubt::UnroutableAddress | Doubt::UnroutableName | Doubt::TrivialHash | Doubt::NotWhole)
    ) {
        to_ids = false;
    }
    to_ids &= !indicator.passing;
    // A warninglist that has a host says nothing about a single page of that host.
    enforce = enforce && (indicator.kind != Kind::Url || is_bare_host(indicator));
    AttributeSpec {
        r#type: indicator.kind.misp_type(),
        category,
        to_ids,
        disable_correlation: false,
        remarks,
        value: None,
        enforce_warninglist: enforce,
    }
}

/// Turns the attribute into a `link`: something for the analyst to read, no indicator.
pub(super) fn link(spec: AttributeSpec, category: &'static str) -> AttributeSpec {
    AttributeSpec {
        r#type: "link",
        category,
        to_ids: false,
        enforce_warninglist: false,
        ..spec
    }
}

/// Returns the attribute with its value as MISP stores it, or why MISP would drop it. MISP drops without an error.
pub(super) fn admit(mut spec: AttributeSpec, indicator: &Indicator) -> Result<AttributeSpec, Reason> {
    let stored = value::normalise(spec.r#type, &indicator.value);
    attribute_type::check(spec.r#type, spec.category, &stored)?;
    spec.value = (stored != indicator.value).then(|| stored.into_owned().into());
    Ok(spec)
}
