//! The one way through the stages, whoever calls: mail, indicators, enrichment, policy, event; then outbox and
//! destination ([`delivery`]).
//!
//! [`prepare`] makes [`Submission`]s of a message, [`draft`] makes the event of a submission: `--dry-run` stops there.
//! [`extract()`] stops at the policy's plan; neither of the two asks anybody.

mod case;
mod context;
pub mod delivery;
mod enrichment;
pub mod preview;
pub mod row;
mod stages;

use std::borrow::Cow;

use self::row::Each;
use crate::config::Settings;
use crate::domain::{Mode, Overrides, Submission};
use crate::enrich::Knowledge;
use crate::event::{self, Builder, Identity};
use crate::indicator::{self, Indicator};
use crate::mail::{self, AttachmentRole, Embedded, EmbeddedKind, Mail, MailError};
use crate::misp::event::Draft;
use crate::policy::{self, Case, Detail, Node, Plan};

/// What a front door asks for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Where the message came from, for people.
    pub origin: String,
    /// What the mail is.
    pub mode: Mode,
    /// Name of the profile.
    pub profile: Option<String>,
    /// Changes for this message alone.
    pub overrides: Overrides,
}

/// Answers the questions that need others; called once for each event, with all that was found.
pub type Enricher<'a> = dyn FnMut(&[Node<'_>]) -> Knowledge + 'a;

/// A submission, and its mail where that was taken apart on the way.
pub struct Prepared {
    /// What goes into the outbox.
    pub submission: Submission,
    mail: Option<Mail>,
}

impl From<Submission> for Prepared {
    fn from(submission: Submission) -> Self {
        Self { submission, mail: None }
    }
}

/// A message read once, on its way to its submissions.
struct Opened {
    /// All of it as one submission; its mode is what the mail turned out to be.
    whole: Submission,
    mail: Mail,
    is_carrier: bool,
}

fn open(raw: Vec<u8>, request: Request, settings: &Settings) -> Result<Opened, MailError> {
    let identity = mail::canonical_sha256(&raw);
    let taken = mail::take_directives(&raw, &settings.directives);
    for note in &taken.notes {
        tracing::warn!("{}: {note}", request.origin);
    }
    let directives = taken.accepted;
    let raw = match taken.raw {
        Cow::Borrowed(_) => raw,
        Cow::Owned(without) => without,
    };
    let mail = mail::parse(&raw, &settings.mail)?;
    let mode = policy::resolve_mode(&mail, request.mode, settings.mail.mode);
    // A mail that was forwarded inline has its files hung on the forwarding one: they stay together, in one event.
    let is_attached = |embedded: &Embedded| embedded.kind == EmbeddedKind::Attached;
    let is_carrier = mode == Mode::Carrier && mail.embedded.iter().any(is_attached);
    let whole = Submission {
        raw,
        identity,
        subject: mail.headers.subject().map(str::to_owned),
        message_id: mail.headers.message_id(),
        directives,
        origin: request.origin,
        mode: if mode == Mode::Carrier { Mode::Report } else { mode },
        profile: request.profile,
        overrides: request.overrides,
    };
    Ok(Opened {
        whole,
        mail,
        is_carrier,
    })
}

impl Opened {
    fn into_prepared(self, settings: &Settings) -> Vec<Prepared> {
        if self.is_carrier {
            let submissions = unload(self.whole, self.mail, settings);
            submissions.into_iter().map(Prepared::from).collect()
        } else {
            vec![Prepared {
                submission: self.whole,
                mail: Some(self.mail),
            }]
        }
    }
}

/// Makes submissions of a message: one, or of a carrier one for each mail in it and one for its other files.
pub fn prepare(raw: Vec<u8>, request: Request, settings: &Settings) -> Result<Vec<Prepared>, MailError> {
    open(raw, request, settings).map(|opened| opened.into_prepared(settings))
}

/// The mails that a carrier brought, and what remains of it when it has other files.
fn unload(mut carrier: Submission, mail: Mail, settings: &Settings) -> Vec<Submission> {
    // What the carrier is marked with holds for all that it carries.
    let tlp = policy::marking(std::iter::once(&mail), &carrier.overrides, &settings.tlp);
    carrier.overrides.tlp = tlp.map(|level| level.tag().to_owned());
    let has_files = mail
        .attachments
        .iter()
        .any(|attachment| attachment.role == AttachmentRole::File);
    let mut submissions = Vec::with_capacity(mail.embedded.len() + 1);
    for embedded in mail.embedded {
        let subject = embedded.mail.headers.subject().map(str::to_owned);
        let name = match &subject {
            Some(subject) => format!("“{subject}”"),
            None => "mail without subject".to_owned(),
        };
        submissions.push(Submission {
            identity: mail::canonical_sha256(&embedded.raw),
            raw: embedded.raw,
            subject,
            message_id: embedded.mail.headers.message_id(),
            directives: carrier.directives.clone(),
            origin: format!("{} > {name}", carrier.origin),
            mode: Mode::Sample,
            profile: carrier.profile.clone(),
            overrides: carrier.overrides.clone(),
        });
    }
    if has_files {
        carrier.overrides.files_only = true;
        submissions.push(carrier);
    }
    submissions
}

/// A submission on its way through the stages that touch nothing: all who ask what becomes of a mail go this way.
struct Walk {
    submission: Submission,
    mail: Mail,
}

impl Walk {
    fn begin(prepared: Prepared, settings: &Settings) -> Result<Self, MailError> {
        let Prepared { mut submission, mail } = prepared;
        let mut mail = match mail {
            Some(mail) => mail,
            None => mail::parse(&submission.raw, &settings.mail)?,
        };
        // The bytes have done their work where no copy is sent, and so has the HTML of a report.
        if !settings.event.attach_original {
            submission.raw = Vec::new();
        }
        if submission.mode != Mode::Sample {
            mail.bodies.iter_mut().for_each(|body| body.source = None);
        }
        Ok(Self { submission, mail })
    }

    fn decide(
        &self,
        settings: &Settings,
        today: &str,
        detail: Detail,
        enricher: &mut Enricher<'_>,
    ) -> (Case<'_>, Plan) {
        let Submission {
            directives,
            mode,
            overrides,
            ..
        } = &self.submission;
        let nodes = case::nodes(&self.mail, *mode, overrides, settings);
        let case = Case {
            knowledge: enricher(&nodes),
            nodes,
            directives,
            overrides,
        };
        let plan = policy::decide(&case, settings.policy(), today, detail);
        (case, plan)
    }
}

/// Asks nobody.
fn unasked(_: &[Node<'_>]) -> Knowledge {
    Knowledge::default()
}

/// Makes the event of a submission, with the account of what is not in it. `today` is `YYYY-MM-DD`.
pub fn draft(
    prepared: impl Into<Prepared>,
    settings: &Settings,
    today: &str,
    enricher: &mut Enricher<'_>,
) -> Result<Draft, MailError> {
    let walk = Walk::begin(prepared.into(), settings)?;
    let (case, mut plan) = walk.decide(settings, today, Detail::Full, enricher);
    let identity = Identity {
        mail: walk.submission.identity,
        profile: walk.submission.profile.as_deref(),
    };
    let sections = event::Sections {
        event: &settings.event,
        misp: &settings.misp,
        sightings: &settings.sightings,
    };
    let mut builder = Builder::new(identity, &walk.submission.overrides, sections);
    builder.add_mails(&case, &mut plan, &walk.submission.raw);
    let knowledge = case.knowledge;
    let found: Vec<Vec<Indicator>> = case.nodes.into_iter().map(|node| node.indicators).collect();
    // What is left to do is as large as the mail is.
    drop(walk);
    for (index, (indicators, node)) in found.into_iter().zip(std::mem::take(&mut plan.nodes)).enumerate() {
        builder.add_indicators(index, indicators, node.actions);
    }
    Ok(builder.finish(plan, &knowledge))
}

/// Tells all that would be sent of a message, and all that would be left out, a row for each.
pub fn extract(raw: Vec<u8>, request: Request, settings: &Settings, each: &mut Each<'_>) -> Result<(), MailError> {
    for prepared in prepare(raw, request, settings)? {
        let walk = Walk::begin(prepared, settings)?;
        let (case, plan) = walk.decide(settings, NO_DAY, Detail::Full, &mut unasked);
        row::of_event(&case, &plan, each);
    }
    Ok(())
}

/// The date of an event does not show in its rows.
const NO_DAY: &str = "1970-01-01";

/// Tells what would become of each indicator of a plain text.
pub fn extract_text(text: &str, overrides: &Overrides, settings: &Settings, each: &mut Each<'_>) {
    let mail = Mail::default();
    let node = Node {
        mail: &mail,
        parent: None,
        role: policy::Role::Report,
        indicators: indicator::in_text(text, "text", &settings.text),
    };
    let case = Case {
        nodes: vec![node],
        directives: &[],
        overrides,
        knowledge: Knowledge::default(),
    };
    let plan = policy::decide(&case, settings.policy(), NO_DAY, Detail::Full);
    row::of_event(&case, &plan, each);
}
