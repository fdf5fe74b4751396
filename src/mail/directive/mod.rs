//! Parameter lines in a mail (`m2m:publish:1`): found, judged, and taken out of the raw message, whatever its encoding, so
//! that no key is stored or sent. What they then do is up to others.

mod cut;
mod line;
mod scrub;

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::domain::{Directive, Note};

use crate::domain::Secret;

/// What makes a line a parameter line, and what authorises it.
#[derive(Clone, Debug)]
pub struct DirectiveSettings {
    /// What such a line begins with, `m2m`. Empty: there are no such lines.
    pub(crate) prefix: String,
    /// The key without which nothing that changes the event is accepted. `None`: nothing is.
    pub(crate) key: Option<Secret>,
    /// The word in `m2m:attachment:benign`.
    pub(crate) benign_keyword: String,
    /// Made of the others when it is first needed, which takes longer than to look through a short mail.
    search: OnceLock<Option<scrub::Search>>,
}

impl DirectiveSettings {
    /// `prefix` is what a parameter line begins with, none when it is empty; without a `key` nothing that changes the event is
    /// accepted; `benign_keyword` is the word in `m2m:attachment:benign`.
    pub fn new(prefix: String, key: Option<Secret>, benign_keyword: String) -> Self {
        Self {
            prefix,
            key,
            benign_keyword,
            search: OnceLock::new(),
        }
    }

    fn search(&self) -> Option<&scrub::Search> {
        self.search.get_or_init(|| scrub::Search::new(self)).as_ref()
    }
}

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
/// removed all the same, from attached mails those that hold the key.
pub fn take_directives<'x>(raw: &'x [u8], settings: &DirectiveSettings) -> Directives<'x> {
    let untouched = Directives {
        raw: Cow::Borrowed(raw),
        accepted: Vec::new(),
        notes: Vec::new(),
    };
    let Some(search) = settings.search() else {
        return untouched;
    };
    if !search.may_hold(raw) {
        return untouched;
    }
    let mut judge = line::Judge::new(settings);
    let scrubbed = scrub::message(raw, search, &mut judge, 0);
    let swept = scrubbed.map_or(Cow::Borrowed(raw), Cow::Owned);
    let raw = match search.sweep(&swept) {
        Some(clean) => Cow::Owned(clean),
        None => swept,
    };
    let (accepted, notes) = judge.verdict();
    Directives { raw, accepted, notes }
}

#[cfg(test)]
#[path = "../tests/directive.rs"]
mod tests;
