//! Reads a message: tells what it is, takes one's own people out, and splits a carrier.

use std::borrow::Cow;
use std::collections::HashSet;

use bytes::Bytes;
use serde::Serialize;

use super::case::Found;
use super::patience::Deadline;
use super::private::{Private, outermost};
use super::{Prepared, Request, case};
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{Authentication, Judgement, Mode, Sha256, Submission};
use crate::mail::{self, AttachmentRole, Embedded, EmbeddedKind, Mail, MailError};
use crate::policy::mode::{self, Evidence};
use crate::policy::{self, Role};

/// A message that was read, before it is split into submissions.
pub(super) struct Opened {
    /// The whole message as one submission; its `mode` is resolved.
    pub whole: Submission,
    pub read: Private,
    pub judgement: Judgement,
    /// What was found in the mail, when it was looked at to tell what it is.
    pub found: Option<Found>,
    pub is_carrier: bool,
}

/// A message that is to be opened later, with everything that must not be stored taken out of it. Fails when it could not be opened.
pub fn receive(raw: Bytes, request: Request, settings: &Settings) -> Result<Submission, MailError> {
    let mut received = unopened(raw, request, settings);
    let headers = mail::headers(&received.raw, &settings.mail)?;
    received.subject = headers.subject().map(str::to_owned);
    received.message_id = headers.message_id();
    Ok(received)
}

pub(super) fn open(raw: Bytes, request: Request, watch: &dyn Watch, settings: &Settings) -> Result<Opened, MailError> {
    let is_named = request.original.is_some();
    let mut opened = open_received(unopened(raw, request, settings), watch, settings)?;
    if !is_named {
        let headers = &opened.read.mail.headers;
        opened.whole.subject = headers.subject().map(str::to_owned);
        opened.whole.message_id = headers.message_id();
    }
    Ok(opened)
}

/// What is to be sent of a message that was [received](receive): itself, or the mails in it that are not left out and its other files.
pub fn unload(received: Submission, left_out: &[Sha256], settings: &Settings) -> Result<Vec<Prepared>, MailError> {
    let opened = open_received(received, &Deadline::of(&settings.contents), settings)?;
    Ok(opened.into_prepared(left_out, settings))
}

fn unopened(raw: Bytes, request: Request, settings: &Settings) -> Submission {
    let (identity, subject, message_id) = match request.original {
        Some(original) => (original.identity, original.subject, original.message_id),
        None => (mail::canonical_sha256(&raw), None, None),
    };
    let taken = mail::take_directives(&raw, &settings.directives, &settings.mail);
    for note in &taken.notes {
        tracing::warn!("{}: {note}", request.origin);
    }
    let directives = taken.accepted;
    let raw = match taken.raw {
        Cow::Borrowed(_) => raw,
        Cow::Owned(without) => without.into(),
    };
    Submission {
        raw,
        identity,
        subject,
        message_id,
        directives,
        origin: request.origin,
        mode: request.mode,
        judgement: None,
        profile: request.profile,
        overrides: request.overrides,
        members: Vec::new(),
    }
}

fn open_received(mut whole: Submission, watch: &dyn Watch, settings: &Settings) -> Result<Opened, MailError> {
    let mail = mail::parse(&whole.raw, &settings.mail)?;
    let inside = outermost(&mail, watch, settings);
    let mut found = None;
    let mut judgement = mode::given(whole.mode, settings.mail.mode).unwrap_or_else(|| {
        let report = case::found_in(&mail, Role::Report, &inside, &settings.text);
        let judgement = mode::detect(question(&mail, settings), &report.indicators);
        found = match judgement.is {
            Mode::Report => Some(report),
            Mode::Sample => Some(report).filter(|report| case::is_found_in_sample(&mail, report)),
            Mode::Auto | Mode::Carrier => None,
        };
        judgement
    });
    let mode = judgement.is;
    // The files of an inline forward hang on the forwarding mail. Both stay in one event.
    let is_attached = |embedded: &Embedded| embedded.kind == EmbeddedKind::Attached;
    let is_carrier = mode == Mode::Carrier && mail.embedded.iter().any(is_attached);
    if mode == Mode::Carrier && !is_carrier {
        judgement.is = Mode::Report;
    }
    let read = Private::of(mail, &whole.raw, &whole.overrides, vec![inside], watch, settings);
    if let Some(taken_out) = &read.taken_out {
        // What was found still names one's own people.
        found = None;
        for fact in &mut judgement.facts {
            *fact = fact.with_texts(&|text| taken_out.without(text));
        }
    }
    whole.mode = if mode == Mode::Carrier { Mode::Report } else { mode };
    whole.judgement = Some(judgement.clone());
    Ok(Opened {
        whole,
        read,
        judgement,
        found,
        is_carrier,
    })
}

impl Opened {
    pub fn into_prepared(self, left_out: &[Sha256], settings: &Settings) -> Vec<Prepared> {
        let mut all = if self.is_carrier {
            let submissions = mails_of(self.whole, self.read.mail, settings);
            submissions.into_iter().map(Prepared::from).collect()
        } else {
            vec![Prepared {
                submission: self.whole,
                mail: Some(self.read),
                found: self.found,
            }]
        };
        let left_out: HashSet<&Sha256> = left_out.iter().collect();
        all.retain(|prepared| !left_out.contains(&prepared.submission.identity));
        all
    }
}

/// The mails that a carrier contains, and the carrier itself if it has other files.
fn mails_of(mut carrier: Submission, mail: Mail, settings: &Settings) -> Vec<Submission> {
    // The carrier's markings apply to everything in it.
    let tlp = policy::marking(std::iter::once(&mail), &carrier.overrides, &settings.tlp);
    carrier.overrides.edits.is_tlp_carried = tlp.is_some();
    carrier.overrides.edits.title = None;
    carrier.overrides.tlp = tlp.map(|level| level.tag().to_owned());
    let pap = policy::pap_marking(std::iter::once(&mail), &carrier.overrides);
    carrier.overrides.pap = pap.map(|level| level.name().to_owned());
    let has_files = mail
        .attachments
        .iter()
        .any(|attachment| attachment.role == AttachmentRole::File);
    // What the limits cut off is told with the files.
    let has_files = has_files || !mail.excess.is_empty();
    let mut submissions = Vec::with_capacity(mail.embedded.len() + 1);
    for embedded in mail.embedded {
        let is_secret = carrier.overrides.decrypted;
        let subject = embedded.mail.headers.subject().map(str::to_owned);
        let name = match &subject {
            _ if is_secret => "mail inside".to_owned(),
            Some(subject) => format!("“{subject}”"),
            None => "mail without subject".to_owned(),
        };
        submissions.push(Submission {
            identity: mail::canonical_sha256(&embedded.raw),
            raw: embedded.raw,
            subject: if is_secret { carrier.subject.clone() } else { subject },
            message_id: if is_secret {
                carrier.message_id.clone()
            } else {
                embedded.mail.headers.message_id()
            },
            directives: carrier.directives.clone(),
            origin: format!("{} > {name}", carrier.origin),
            mode: Mode::Sample,
            judgement: carrier.judgement.clone(),
            profile: carrier.profile.clone(),
            overrides: carrier.overrides.clone(),
            members: Vec::new(),
        });
    }
    if has_files {
        carrier.overrides.files_only = true;
        submissions.push(carrier);
    }
    submissions
}

/// What a message is taken for, and what is known of who sent it.
#[derive(Debug, Serialize)]
pub struct Look {
    #[serde(flatten)]
    pub judgement: Judgement,
    pub authentication: Option<Authentication>,
    /// All facts of the mail, whether they decided or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<Evidence>>,
}

/// Looks at what a message is, no further. With `all` it also tells the facts that did not decide.
pub fn look(raw: Bytes, request: Request, settings: &Settings, all: bool) -> Result<Look, MailError> {
    let opened = open(raw, request, &Deadline::of(&settings.contents), settings)?;
    let mail = &opened.read.mail;
    let evidence = || {
        mode::evidence(
            question(mail, settings),
            &case::found_in(
                mail,
                Role::Report,
                case::of_node(&opened.read.contents, 0),
                &settings.text,
            )
            .indicators,
        )
    };
    Ok(Look {
        authentication: opened
            .read
            .senders
            .first()
            .and_then(|sender| sender.authentication.clone()),
        evidence: all.then(evidence),
        judgement: opened.judgement,
    })
}

fn question<'a>(mail: &'a Mail, settings: &'a Settings) -> mode::Question<'a> {
    mode::Question {
        mail,
        hosts: &settings.hosts,
        tlp: &settings.tlp,
    }
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
