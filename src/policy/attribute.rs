//! The attribute of an indicator: MISP's default category and IDS flag for its kind, what the lists of hosts change,
//! and the comment.

use super::flag::{Find, Verdict};
use super::{AttributeSpec, Sections};
use crate::domain::{Reason, Remark};
use crate::enrich::Knowledge;
use crate::indicator::{Indicator, Kind};
use crate::misp::attribute_type::{self, AttributeType};
use crate::misp::value;

/// MISP's default category and IDS flag, as `describeTypes` gives them; an address in a report is part of a delivery.
pub(super) fn defaults(kind: Kind) -> (&'static str, bool) {
    match kind {
        Kind::Url | Kind::Domain | Kind::Hostname | Kind::HostnamePort | Kind::Ip | Kind::IpPort | Kind::Cidr => {
            ("Network activity", true)
        }
        Kind::As | Kind::Mac | Kind::UserAgent | Kind::Jarm | Kind::Sigma | Kind::Snort => ("Network activity", false),
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
        Kind::Filename | Kind::EmailSubject | Kind::Yara => ("Payload delivery", false),
        Kind::Mutex | Kind::NamedPipe | Kind::Pdb => ("Artifacts dropped", false),
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

/// The category that a report states if MISP allows it for the type, else that of the kind, else the type's own.
fn category(indicator: &Indicator) -> &'static str {
    let of_kind = defaults(indicator.kind).0;
    let Some(claim) = indicator.stated.as_deref() else {
        return of_kind;
    };
    let Some(r#type) = AttributeType::find(indicator.misp_type()) else {
        return of_kind;
    };
    let stated = r#type.categories().find(|category| *category == claim.category);
    stated.unwrap_or_else(|| {
        if r#type.allows(of_kind) {
            of_kind
        } else {
            r#type.default_category
        }
    })
}

/// The attribute of a find, with the flag as judged.
pub(super) fn specify(find: &Find<'_>, verdict: Verdict, settings: Sections<'_>) -> AttributeSpec {
    let indicator = find.indicator;
    let mut remarks = indicator.remarks.clone();
    if verdict.is_told {
        remarks.push(verdict.why.clone());
    }
    if !find.lists.is_empty() {
        let lists = find.lists.to_vec();
        remarks.push(Remark::Listed { lists });
    }
    let hosts = settings.hosts;
    let is_known = indicator
        .host()
        .is_some_and(|host| hosts.own.covers(host) || hosts.no_ids.covers(host));
    AttributeSpec {
        r#type: indicator.misp_type(),
        category: category(indicator),
        to_ids: verdict.to_ids,
        why: Some(verdict.why),
        disable_correlation: false,
        remarks,
        value: None,
        // A warninglist that has a host says nothing about a single page of that host.
        enforce_warninglist: settings.warninglists.enforce
            && !is_known
            && (indicator.kind != Kind::Url || find.is_bare),
    }
}

/// Turns the attribute into a `link`: something for the analyst to read, no indicator.
pub(super) fn link(spec: AttributeSpec, category: &'static str) -> AttributeSpec {
    AttributeSpec {
        r#type: "link",
        category,
        to_ids: false,
        why: Some(&Remark::OnlyLink),
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
