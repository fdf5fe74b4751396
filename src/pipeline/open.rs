//! Reads a message: tells what it is, takes one's own people out, and splits a carrier.

use std::borrow::Cow;

use serde::Serialize;

use super::case::Found;
use super::patience::Deadline;
use super::private::{Private, outermost};
use super::{Prepared, Request, case};
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{Authentication, Judgement, Mode, Original, Submission};
use crate::mail::{self, AttachmentRole, Embedded, EmbeddedKind, Mail, MailError};
use crate::policy::mode::{self, Evidence};
use crate::policy::{self, Role};

/// A message that was read, before it is split into submissions.
pub(super) struct Opened {
    /// The whole message as one submission; its `mode` is resolved.
    pub whole: Submission,
    pub read: Private,
    pub judgement: Judgement,
    /// What was found in the mail as a report, when it was looked at to tell what it is.
    pub found: Option<Found>,
    pub is_carrier: bool,
}

pub(super) fn open(
    raw: Vec<u8>,
    request: Request,
    watch: &dyn Watch,
    settings: &Settings,
) -> Result<Opened, MailError> {
    let original = request.original;
    let identity = original
        .as_ref()
        .map_or_else(|| mail::canonical_sha256(&raw), |original| original.identity);
    let taken = mail::take_directives(&raw, &settings.directives, &settings.mail);
    for note in &taken.notes {
        tracing::warn!("{}: {note}", request.origin);
    }
    let directives = taken.accepted;
    let raw = match taken.raw {
        Cow::Borrowed(_) => raw,
        Cow::Owned(without) => without,
    };
    let mail = mail::parse(&raw, &settings.mail)?;
    let inside = outermost(&mail, watch, settings);
    let mut found = None;
    let mut judgement = mode::given(request.mode, settings.mail.mode).unwrap_or_else(|| {
        let report = case::found_in(&mail, Role::Report, &inside, &settings.text);
        let judgement = mode::detect(question(&mail, settings), &report.indicators);
        found = (judgement.is == Mode::Report).then_some(report);
        judgement
    });
    let mode = judgement.is;
    // The files of an inline forward hang on the forwarding mail. Both stay in one event.
    let is_attached = |embedded: &Embedded| embedded.kind == EmbeddedKind::Attached;
    let is_carrier = mode == Mode::Carrier && mail.embedded.iter().any(is_attached);
    if mode == Mode::Carrier && !is_carrier {
        judgement.is = Mode::Report;
    }
    let read = Private::of(mail, &raw, &request.overrides, vec![inside], watch, settings);
    if let Some(taken_out) = &read.taken_out {
        // What was found still names one's own people.
        found = None;
        for fact in &mut judgement.facts {
            *fact = fact.with_texts(&|text| taken_out.without(text));
        }
    }
    let headers = &read.mail.headers;
    let (subject, message_id) = match original {
        Some(Original {
            subject, message_id, ..
        }) => (subject, message_id),
        None => (headers.subject().map(str::to_owned), headers.message_id()),
    };
    let whole = Submission {
        raw,
        identity,
        subject,
        message_id,
        directives,
        origin: request.origin,
        mode: if mode == Mode::Carrier { Mode::Report } else { mode },
        judgement: Some(judgement.clone()),
        profile: request.profile,
        overrides: request.overrides,
        members: Vec::new(),
    };
    Ok(Opened {
        whole,
        read,
        judgement,
        found,
        is_carrier,
    })
}

impl Opened {
    pub fn into_prepared(self, settings: &Settings) -> Vec<Prepared> {
        if self.is_carrier {
            let submissions = unload(self.whole, self.read.mail, settings);
            submissions.into_iter().map(Prepared::from).collect()
        } else {
            vec![Prepared {
                submission: self.whole,
                mail: Some(self.read),
                found: self.found,
            }]
        }
    }
}

/// The mails that a carrier contains, and the carrier itself if it has other files.
fn unload(mut carrier: Submission, mail: Mail, settings: &Settings) -> Vec<Submission> {
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
            raw: embedded.raw.into(),
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
pub fn look(raw: Vec<u8>, request: Request, settings: &Settings, all: bool) -> Result<Look, MailError> {
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
