//! What lies inside a link of a rewriter: the place where it stands, and the coding in which it is written.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use crate::domain::coding::{percent_text, unhex};
use crate::domain::{Coding, Place, Rewriter};

/// What lies inside a link.
#[derive(Debug, PartialEq, Eq)]
pub enum Inside {
    /// Another link.
    Link(String),
    /// The maker alone knows, and tells this host at most.
    Sealed(Option<String>),
    /// Nothing that can be read.
    Nothing,
}

/// What a link of this rewriter has inside; `path` is what follows its host.
pub fn read(row: &Rewriter, host: &str, path: &str) -> Inside {
    let written = written(row, host, path);
    match row.coding {
        Coding::HostOnly => return Inside::Sealed(written.map(|written| percent_text(&written).into_owned())),
        Coding::Sealed => return written.map_or(Inside::Nothing, |_| Inside::Sealed(None)),
        _ => {}
    }
    let decoded = written.and_then(|written| decode(row.coding, &written));
    // The last segment of a path may be anything.
    let any_host = row.place != Place::LastSegment;
    let link = decoded.and_then(|decoded| absolute(&decoded, any_host));
    link.map_or(Inside::Nothing, Inside::Link)
}

/// The target as it is written.
fn written<'p>(row: &Rewriter, host: &str, path: &'p str) -> Option<Cow<'p, str>> {
    let inside = || path.get(row.path.len()..);
    let part = match &row.place {
        Place::Parameter(names) => names.iter().find_map(|name| parameter(path, name)),
        Place::Rest(name) => from_value(path, name),
        Place::Query => path.split_once('?').map(|rest| rest.1),
        Place::Path => inside(),
        Place::Segment => inside()?.split(['/', '?', '#']).next(),
        Place::LastSegment => path.rsplit('/').next(),
        Place::Between(mark) => path
            .split_once(mark.as_str())
            .and_then(|rest| Some(rest.1.split_once(mark.as_str())?.0)),
        Place::Nowhere => None,
        Place::Host => {
            let name = host.strip_suffix(row.host.trim_start_matches('*'))?;
            return Some(Cow::Owned(format!("{name}{}", without_parameters_of_proxies(path))));
        }
    };
    part.map(Cow::Borrowed)
}

/// The raw value of a query parameter, its name in any case.
fn parameter<'u>(path: &'u str, name: &str) -> Option<&'u str> {
    let value = from_value(path, name)?.split(['&', '#']).next();
    value.filter(|value| !value.is_empty())
}

/// What follows `name=` in the query, to the very end; `&amp;` separates parameters, too.
fn from_value<'u>(path: &'u str, name: &str) -> Option<&'u str> {
    let mut rest = path.split_once('?')?.1;
    loop {
        rest = rest.trim_start_matches("amp;");
        let (key, value) = rest.split_at_checked(name.len())?;
        if key.eq_ignore_ascii_case(name)
            && let Some(value) = value.strip_prefix('=')
        {
            return Some(value);
        }
        let (end, separator) = rest.match_indices(['&', ';', '#']).next()?;
        rest = rest.get(end + 1..).filter(|_| separator != "#")?;
    }
}

/// A proxy that puts its own name behind the host adds parameters of its own as well.
fn without_parameters_of_proxies(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let is_proxys = |pair: &&str| {
        let begins = |name: &str| {
            pair.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        begins("_x_tr_") || begins("Mcas")
    };
    let others: Vec<&str> = query.split('&').filter(|pair| !is_proxys(pair)).collect();
    if others.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", others.join("&"))
}

fn decode(coding: Coding, written: &str) -> Option<String> {
    Some(match coding {
        Coding::Plain => written.to_owned(),
        Coding::Percent => percent_text(written).into_owned(),
        Coding::NoScheme => with_https(&percent_text(written))?,
        Coding::Base64 => base64(&percent_text(written))?,
        Coding::A1Base64 => base64(percent_text(written).strip_prefix("a1")?)?,
        Coding::Base64Json => link_in_json(&base64(&percent_text(written))?)?,
        Coding::Hex => String::from_utf8(unhex(written)?).ok()?,
        Coding::StarHex => percent_text(&written.replace('*', "%")).into_owned(),
        Coding::ProofpointV2 => percent_text(&written.replace('-', "%").replace('_', "/")).into_owned(),
        Coding::ProofpointV3 => proofpoint_v3(written)?,
        Coding::DashedHost => dashed_host(written),
        Coding::HostOnly | Coding::Sealed => return None,
    })
}

/// A decoded target with its scheme, as a URL; `None` when it is none.
pub fn absolute(decoded: &str, any_host: bool) -> Option<String> {
    let mut target = Cow::Borrowed(decoded.trim());
    // A rewriter that got a coded link may have coded it again.
    for _ in 0..3 {
        if !begins(&target, &["http%", "https%", "ftp%"]) {
            break;
        }
        target = Cow::Owned(percent_text(&target).into_owned());
    }
    if begins(&target, &["http://", "https://", "ftp://", "hxxp://", "hxxps://"]) {
        return Some(target.into_owned());
    }
    // Some gateways fold `//` into one slash.
    if let Some((scheme, rest)) = target.split_once(":/")
        && ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Some(format!("{scheme}://{rest}"));
    }
    // Some leave the scheme out: `u=www.evil.com/x`.
    let host = target.split(['/', '?', '#', ':']).next().filter(|_| any_host)?;
    is_name(host).then(|| format!("http://{target}"))
}

fn begins(text: &str, starts: &[&str]) -> bool {
    starts.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

fn with_https(target: &str) -> Option<String> {
    if begins(target, &["http:", "https:"]) {
        return Some(target.to_owned());
    }
    is_name(target.split(['/', '?', '#', ':']).next()?).then(|| format!("https://{target}"))
}

/// Whether it may be a host name, and is none of the words that stand in paths and queries.
fn is_name(text: &str) -> bool {
    text.contains('.')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// The text that base64 stands for, in either alphabet, padded or not; what no base64 has ends it.
pub fn base64(coded: &str) -> Option<String> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const FOR_URLS: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);
    const FOR_MAIL: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
    let coded = coded.split(['?', '#', '&']).next()?;
    let bytes = FOR_URLS.decode(coded).or_else(|_| FOR_MAIL.decode(coded));
    String::from_utf8(bytes.ok()?).ok()
}

/// The field `url` of a JSON object, or that of the object whose text is in its field `p`.
fn link_in_json(text: &str) -> Option<String> {
    let object: Value = serde_json::from_str(text).ok()?;
    let field = |object: &Value| Some(object.get("url")?.as_str()?.to_owned());
    field(&object).or_else(|| field(&serde_json::from_str(object.get("p")?.as_str()?).ok()?))
}

/// `www-evil--zone-com/x` is `https://www.evil-zone.com/x`.
fn dashed_host(written: &str) -> String {
    let (host, path) = written.split_at(written.find(['/', '?', '#']).unwrap_or(written.len()));
    let parts: Vec<String> = host.split("--").map(|part| part.replace('-', ".")).collect();
    format!("https://{}{path}", parts.join("-"))
}

fn proofpoint_v3(path: &str) -> Option<String> {
    const RUNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (url, after) = path.strip_prefix("__")?.rsplit_once("__;")?;
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
    Some(target)
}
