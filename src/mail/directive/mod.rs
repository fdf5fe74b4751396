//! Parameter lines in a mail (`m2m:publish:1`): found, judged, and taken out of the raw message, whatever its encoding, so
//! that no key is stored or sent. What they then do is up to others.

mod line;
mod scrub;

use std::borrow::Cow;
use std::ops::Range;

use crate::config::{DirectiveSettings, MailSettings};
use crate::domain::{Directive, Note};

/// What [`take_directives`] gives.
#[derive(Clone, Debug)]
pub struct Directives<'x> {
    /// The message without parameter lines and without the key; borrowed when there was none.
    pub raw: Cow<'x, [u8]>,
    /// What was asked for, authorised and valid, in order, each once.
    pub accepted: Vec<Directive>,
    /// What was refused and why; never holds the key.
    pub notes: Vec<Note>,
}

/// Takes the parameter lines out of a raw message.
///
/// Only lines of the mail's own text are honoured: not those of attached or forwarded mails, nor quoted ones. They are
/// removed all the same, from attached mails those that hold the key. Parts are told apart as far as `limits` allow.
pub fn take_directives<'x>(raw: &'x [u8], settings: &DirectiveSettings, limits: &MailSettings) -> Directives<'x> {
    let untouched = Directives {
        raw: Cow::Borrowed(raw),
        accepted: Vec::new(),
        notes: Vec::new(),
    };
    let Some(search) = scrub::Search::new(settings, limits) else {
        return untouched;
    };
    if !search.may_hold(raw) {
        return untouched;
    }
    let mut judge = line::Judge::new(settings);
    let scrubbed = scrub::message(raw, &search, &mut judge, 0);
    let swept = scrubbed.map_or(Cow::Borrowed(raw), Cow::Owned);
    let raw = match search.sweep(&swept) {
        Some(clean) => Cow::Owned(clean),
        None => swept,
    };
    let (accepted, notes) = judge.verdict();
    Directives { raw, accepted, notes }
}

/// The bytes without the ranges, which are in order and may overlap.
fn without(bytes: &[u8], ranges: Vec<Range<usize>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    for range in ranges {
        out.extend_from_slice(bytes.get(position..range.start.max(position)).unwrap_or_default());
        position = position.max(range.end);
    }
    out.extend_from_slice(bytes.get(position..).unwrap_or_default());
    out
}

/// The bytes with each range replaced; the ranges are in order and do not overlap.
fn apply(raw: &[u8], edits: Vec<(Range<usize>, Vec<u8>)>) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut position = 0;
    for (range, bytes) in edits {
        out.extend_from_slice(raw.get(position..range.start).unwrap_or_default());
        out.extend_from_slice(&bytes);
        position = range.end;
    }
    out.extend_from_slice(raw.get(position..).unwrap_or_default());
    out
}

#[cfg(test)]
#[path = "../tests/directive.rs"]
mod tests;
