//! Several mails in one submission, for one event. It is stored, built, delivered and retried as a whole.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{Directive, Judgement, Mode, PapLevel, Sha256, Submission, TlpLevel};

/// What is known of one of several mails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub identity: Sha256,
    /// Its bytes in [`Submission::raw`], where the mails follow one another.
    pub size: usize,
    pub subject: Option<String>,
    pub message_id: Option<String>,
    pub directives: Vec<Directive>,
    pub origin: String,
    pub mode: Mode,
    pub judgement: Option<Judgement>,
    /// Passed on by a carrier, like `pap` and `files_only`.
    pub tlp: Option<String>,
    pub pap: Option<String>,
    pub files_only: bool,
}

impl Submission {
    /// Joins mails into one submission, with `like`'s profile, origin, mode and overrides. It is the same in whatever order they come,
    /// and whoever comes twice counts once. One mail alone is what it would be without others.
    pub fn together(parts: impl IntoIterator<Item = Self>, like: &Self) -> Option<Self> {
        let mut by_identity: BTreeMap<(Sha256, bool), Self> = BTreeMap::new();
        for part in parts {
            by_identity
                .entry((part.identity, part.overrides.files_only))
                .or_insert(part);
        }
        let common = most_common(by_identity.values().map(|part| part.subject.as_deref()));
        let subject = common.flatten().map(str::to_owned);
        let mut parts = by_identity.into_values();
        let first = parts.next()?;
        if parts.len() == 0 {
            return Some(first.within(like));
        }
        let count = parts.len();
        let mut whole = Self {
            subject: Some(format!("{} (+{count})", subject.as_deref().unwrap_or("(no subject)"))),
            message_id: first.message_id.clone(),
            ..like.clone()
        };
        let mut names = String::from("together");
        let mut raw = Vec::new();
        for part in std::iter::once(first).chain(parts) {
            names.push('\0');
            names.push_str(&part.identity.to_string());
            raw.extend_from_slice(&part.raw);
            whole.members.push(Member::of(part));
        }
        whole.raw = raw.into();
        whole.identity = Sha256::of(names.as_bytes());
        Some(whole)
    }

    /// The mails of this submission, each as a submission of its own; itself if it is one mail. The comment stays with the first.
    pub fn apart(mut self) -> Vec<Self> {
        if self.members.is_empty() {
            return vec![self];
        }
        let members = std::mem::take(&mut self.members);
        let mut rest = std::mem::take(&mut self.raw);
        let mut parts = Vec::with_capacity(members.len());
        for member in members {
            let own = rest.split_to(member.size.min(rest.len()));
            parts.push(member.submission(own).within(&self));
            self.overrides.comment = None;
        }
        parts
    }

    /// With the choices that are for all mails. A marking that a carrier passed on only rises.
    fn within(mut self, whole: &Self) -> Self {
        let own = std::mem::replace(&mut self.overrides, whole.overrides.clone());
        let tlp = |tag: &Option<String>| tag.as_deref().and_then(TlpLevel::of_tag);
        let pap = |tag: &Option<String>| tag.as_deref().and_then(PapLevel::of_tag);
        let overrides = &mut self.overrides;
        let strictest = tlp(&own.tlp).max(tlp(&overrides.tlp));
        overrides.edits.is_tlp_carried = overrides.tlp.is_none() && own.tlp.is_some();
        overrides.tlp = strictest.map(|level| level.tag().to_owned());
        let strictest = pap(&own.pap).max(pap(&overrides.pap));
        overrides.pap = strictest.map(|level| level.name().to_owned());
        overrides.files_only = own.files_only;
        self.profile.clone_from(&whole.profile);
        self
    }
}

impl Member {
    pub fn of(part: Submission) -> Self {
        let overrides = part.overrides;
        Self {
            identity: part.identity,
            size: part.raw.len(),
            subject: part.subject,
            message_id: part.message_id,
            directives: part.directives,
            origin: part.origin,
            mode: part.mode,
            judgement: part.judgement,
            tlp: overrides.tlp,
            pap: overrides.pap,
            files_only: overrides.files_only,
        }
    }

    fn submission(self, raw: Bytes) -> Submission {
        let mut submission = Submission {
            raw,
            identity: self.identity,
            subject: self.subject,
            message_id: self.message_id,
            directives: self.directives,
            origin: self.origin,
            mode: self.mode,
            judgement: self.judgement,
            profile: None,
            overrides: super::Overrides::default(),
            members: Vec::new(),
        };
        submission.overrides.tlp = self.tlp;
        submission.overrides.pap = self.pap;
        submission.overrides.files_only = self.files_only;
        submission
    }
}

/// What occurs most often; of several the first.
pub fn most_common<T: Copy + Eq + std::hash::Hash>(all: impl Iterator<Item = T> + Clone) -> Option<T> {
    let mut counts: HashMap<T, usize> = HashMap::new();
    for one in all.clone() {
        *counts.entry(one).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let mut all = all;
    all.find(|one| counts.get(one) == Some(&most))
}

#[cfg(test)]
#[path = "together_tests.rs"]
mod tests;
