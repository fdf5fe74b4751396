//! Reads a message: tells what it is, takes one's own people out, and splits a carrier.

use std::borrow::Cow;

use serde::Serialize;

use super::case::Found;
use super::patience::Deadline;
use super::sender::Sender;
use super::{Prepared, Request, case};
use crate::config::Settings;
use crate::contents::{self, Contents, Passwords, Watch};
use crate::domain::{Authentication, Judgement, Mode, Original, Overrides, Submission};
use crate::mail::{self, AttachmentRole, Embedded, EmbeddedKind, Mail, MailError};
use crate::policy::mode::{self, Evidence};
use crate::policy::{self, Role};
use crate::privacy::{self, TakenOut};

/// A mail, after one's own people were taken out of it.
pub(super) struct Private {
    pub mail: Mail,
    /// What is known of who sent it and each mail inside, in the order of the nodes. Read before they are taken out.
    pub senders: Vec<Sender>,
    /// Those whom rules ask about. Read before they are taken out.
    pub recipients: Vec<String>,
    /// `None` when nobody is to be taken out.
    pub taken_out: Option<TakenOut>,
    /// What is inside the attachments of it and of each mail inside, in the order of the nodes.
    pub contents: Vec<Contents>,
}

impl Private {
    /// `contents` are those of the mails that were looked into already.
    pub fn of(
        mut mail: Mail,
        raw: &[u8],
        overrides: &Overrides,
        mut contents: Vec<Contents>,
        watch: &dyn Watch,
        settings: &Settings,
    ) -> Self {
        look_into(&mail, &mut Vec::new(), &mut contents, &mut 0, watch, settings);
        let senders = Sender::all(&mail, Some(raw), settings);
        let recipients = if settings.rules.iter().all(|rule| rule.recipient.is_none()) {
            Vec::new()
        } else {
            policy::recipients(&mail)
        };
        let taken_out = (!overrides.keep_people)
            .then(|| privacy::take_out(&mut mail, &settings.hosts, &settings.privacy))
            .flatten();
        if let Some(taken_out) = &taken_out {
            contents.iter_mut().for_each(|one| clean_names(one, taken_out));
        }
        Self {
            mail,
            senders,
            recipients,
            taken_out,
            contents,
        }
    }
}

/// Takes people out of the names of files, and of what opened them. What stands in the files is looked at when it is found.
fn clean_names(contents: &mut Contents, taken_out: &TakenOut) {
    for note in &mut contents.notes {
        *note = note.with_texts(&|text| taken_out.without(text));
    }
    for file in &mut contents.files {
        file.path = taken_out.without(&file.path).into();
        let names = file.inner.iter_mut().filter_map(|inner| inner.name.as_mut());
        let places = file.pieces.iter_mut().map(|piece| &mut piece.place);
        let facts = file.facts.iter_mut().map(|(_, value)| value);
        for text in names.chain(places).chain(facts).chain(file.password.as_mut()) {
            *text = taken_out.without(text);
        }
    }
}

/// Adds the contents of a mail and of those inside it, those left out that are there already. `around` are the mails it lies in, which
/// may name its passwords. Recursion is as deep as the mail stage opened mails, which is bounded.
fn look_into<'m>(
    mail: &'m Mail,
    around: &mut Vec<&'m Mail>,
    contents: &mut Vec<Contents>,
    count: &mut usize,
    watch: &dyn Watch,
    settings: &Settings,
) {
    around.push(mail);
    if *count >= contents.len() {
        let passwords = Passwords::of(around.iter().rev().copied(), &settings.contents.passwords);
        contents.push(contents::read(mail, &passwords, &settings.contents, watch));
    }
    *count += 1;
    for embedded in &mail.embedded {
        look_into(&embedded.mail, around, contents, count, watch, settings);
    }
    around.pop();
}

/// Looks into the attachments of a mail alone.
fn outermost(mail: &Mail, watch: &dyn Watch, settings: &Settings) -> Contents {
    let passwords = Passwords::of([mail], &settings.contents.passwords);
    contents::read(mail, &passwords, &settings.contents, watch)
}

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
