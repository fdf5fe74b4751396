//! Several mails that become one event: handed over together, and taken apart to be built.

use std::collections::HashSet;

use bytes::Bytes;

use super::{Prepared, Request};
use crate::domain::{Member, Mode, Overrides, Sha256, Submission};

/// The bytes of a mail; with `members`, of several mails that were read before.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    pub raw: Bytes,
    pub members: Vec<Member>,
}

impl<T: Into<Bytes>> From<T> for Handed {
    fn from(raw: T) -> Self {
        Self {
            raw: raw.into(),
            members: Vec::new(),
        }
    }
}

impl Handed {
    /// The submission of all mails that are not left out; `None` if there is none. What a mail is was told when it was read.
    pub(super) fn together(self, request: Request) -> Option<Submission> {
        let like = Submission {
            raw: Bytes::new(),
            identity: Sha256::of(b""),
            subject: None,
            message_id: None,
            directives: Vec::new(),
            origin: request.origin,
            mode: Mode::Auto,
            judgement: None,
            profile: request.profile,
            overrides: request.overrides,
            members: Vec::new(),
        };
        let left_out: HashSet<Sha256> = request.left_out.into_iter().collect();
        let all = Submission {
            raw: self.raw,
            members: self.members,
            overrides: Overrides::default(),
            ..like.clone()
        };
        let kept = all
            .apart()
            .into_iter()
            .filter(|part| !left_out.contains(&part.identity));
        Submission::together(kept, &like)
    }

    /// Adds mails that were read.
    pub fn add(&mut self, parts: Vec<Submission>) {
        let mut raw = Vec::from(std::mem::take(&mut self.raw));
        for part in parts {
            raw.extend_from_slice(&part.raw);
            self.members.push(Member::of(part));
        }
        self.raw = raw.into();
    }
}

impl Prepared {
    /// The mails of it, each on its own.
    pub(super) fn apart(self) -> Vec<Self> {
        if self.submission.members.is_empty() {
            return vec![self];
        }
        self.submission.apart().into_iter().map(Self::from).collect()
    }
}
