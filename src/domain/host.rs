//! Host names: their form, their owner by the public suffix list, and patterns for them.

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, ErrorPolicy, Hyphens, ProcessingSuccess, Uts46};

/// Most labels of a name in DNS.
const MAX_LABELS: usize = 127;

/// A name as in DNS, in lower case and punycode; `None` if it cannot be one. Refuses empty labels, labels that begin
/// with a hyphen, and labels of more than 63 characters. Allows underscores, because names in use have them.
pub fn canonical(written: &str) -> Option<Cow<'_, str>> {
    let name = if written.is_ascii() {
        lower(written)
    } else {
        processed(written, false)?
    };
    let is_label = |label: &[u8]| {
        let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.first() != Some(&b'-') && label.iter().all(is_sign)
    };
    (name.len() <= 253 && name.as_bytes().split(|byte| *byte == b'.').all(is_label)).then_some(name)
}

/// A name with its ASCII letters in lower case, which most names have.
pub fn lower(name: &str) -> Cow<'_, str> {
    // Not `any`: without an early end the compiler looks at many bytes at once.
    if name.bytes().fold(false, |has, byte| has | byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// The Unicode form of a name in punycode; `None` if it has none.
pub fn unicode(ascii: &str) -> Option<String> {
    if !ascii.contains("xn--") {
        return None;
    }
    let unicode = processed(ascii, true)?;
    (unicode != ascii).then(|| unicode.into_owned())
}

/// A name as UTS 46 has it, in Unicode or in punycode; `None` if it is none.
fn processed(name: &str, in_unicode: bool) -> Option<Cow<'_, str>> {
    // The crate's own functions let the result grow letter by letter, which takes as long as the rest.
    let mut result = String::with_capacity(name.len() + 16);
    let done = Uts46::new().process(
        name.as_bytes(),
        AsciiDenyList::EMPTY,
        Hyphens::Allow,
        ErrorPolicy::FailFast,
        |_, _, _| in_unicode,
        &mut result,
        None,
    );
    Some(match done.ok()? {
        ProcessingSuccess::Passthrough => Cow::Borrowed(name),
        ProcessingSuccess::WroteToSink => Cow::Owned(result),
    })
}

/// The labels of a name.
pub fn labels(name: &str) -> impl Iterator<Item = &str> {
    and_above(name).map(|name| {
        let end = name.bytes().position(|byte| byte == b'.');
        name.get(..end.unwrap_or(name.len())).unwrap_or_default()
    })
}

/// A name, then every name above it: `a.b.c`, `b.c`, `c`.
pub fn and_above<'n>(name: &'n str) -> impl Iterator<Item = &'n str> {
    let above = |name: &&'n str| name.get(name.bytes().position(|byte| byte == b'.')? + 1..);
    std::iter::successors(Some(name), above).take(MAX_LABELS)
}

/// Public suffix plus one label, by the ICANN section only. So it names who registered the name, not who hosts below
/// it.
pub fn registrable(name: &str) -> Option<&str> {
    let mut below = name;
    loop {
        let (length, is_icann) = suffix(below)?;
        if is_icann {
            return with_one_label(name, length);
        }
        below = below.get(below.len() - length..)?.split_once('.')?.1;
    }
}

/// Public suffix plus one label. Names below which a provider gives names to others (`github.io`) count as suffixes, so
/// two hosts with the same result have the same owner.
pub fn in_same_hands(name: &str) -> Option<&str> {
    with_one_label(name, suffix(name)?.0)
}

/// Whether a name ends in a public suffix. `mail.local` does not; it exists only in local networks. Names beyond ASCII
/// count as public.
pub fn is_public(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.is_ascii() || suffix(&name).is_some()
}

/// Whether a name is one below which a provider gives names to anybody (`github.io`), by the private section of the list.
pub fn is_suffix_of_provider(name: &str) -> bool {
    suffix(name) == Some((name.len(), false))
}

/// Whether a pattern of the tables in `data/` covers a lower-case host: `evil.com` that name alone, `*.evil.com` the names
/// below it, `google.*` that label under any public suffix, `*.google.*` the names below those, `*` any host.
pub fn fits(pattern: &str, host: &str) -> bool {
    let Some(label) = pattern.strip_suffix('*') else {
        let below = pattern.strip_prefix('*');
        return below.map_or(host == pattern, |parent| host.ends_with(parent));
    };
    if label.is_empty() {
        return true;
    }
    if let Some(label) = label.strip_prefix('*') {
        // Most hosts do not hold the label at all, and asking the list of suffixes takes longer.
        let own = Some(host).filter(|host| host.contains(label)).and_then(registrable);
        return own.is_some_and(|own| label.get(1..).is_some_and(|label| own.starts_with(label)) && own != host);
    }
    // `google.*` covers `google.co.uk`, not `google.evil.com`.
    host.strip_prefix(label).is_some_and(|rest| {
        let suffix = registrable(host).and_then(|own| own.split_once('.'));
        suffix.is_some_and(|(_, suffix)| suffix == rest)
    })
}

fn with_one_label(name: &str, suffix: usize) -> Option<&str> {
    let rest = name.get(..name.len() - suffix)?.strip_suffix('.')?;
    let label = rest.rsplit('.').next().filter(|label| !label.is_empty())?;
    name.get(rest.len() - label.len()..)
}

/// Length of the public suffix of a name, and whether it is in the ICANN section. Only this function uses the list,
/// because the list is code: each further caller would add half a megabyte.
#[inline(never)]
fn suffix(name: &str) -> Option<(usize, bool)> {
    let suffix = psl::suffix(name.as_bytes()).filter(psl::Suffix::is_known)?;
    Some((suffix.as_bytes().len(), suffix.typ() == Some(psl::Type::Icann)))
}

#[cfg(test)]
#[path = "host_tests.rs"]
mod tests;
