//! The one way through the stages, for all callers: mail, indicators, enrichment, policy, event; then outbox and
//! destination ([`delivery`]).
//!
//! [`prepare`] makes [`Submission`]s of a message. [`draft`] makes the event of a submission; `--dry-run` stops there.
//! [`extract()`] stops at the policy's plan and does no enrichment.

mod case;
mod context;
pub mod delivery;
mod enrichment;
mod open;
pub mod patience;
pub mod preview;
mod private;
pub mod row;
mod sender;
mod stages;
pub mod text;
mod together;
pub mod within;

use std::cell::Cell;

use bytes::Bytes;

use self::case::Found;
use self::open::open;
pub use self::open::{Look, look, receive, unload};
use self::patience::Deadline;
use self::private::Private;
use self::row::Each;
pub use self::together::Handed;
use crate::config::Settings;
use crate::contents::Watch;
use crate::domain::{Authentication, Mode, Note, Original, Overrides, Remark, Sha256, Submission};
use crate::enrich::Knowledge;
use crate::event::{self, Builder, Identity, Part, Together};
use crate::indicator::{self, Indicator};
use crate::mail::{self, Mail, MailError};
use crate::misp::event::Draft;
use crate::policy::{self, Case, Detail, Node, Plan, Role};
use crate::privacy;

/// What a caller asks for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Where the message came from, to show to people.
    pub origin: String,
    /// What the mail is, or `Auto`.
    pub mode: Mode,
    pub profile: Option<String>,
    /// Changes for this message only.
    pub overrides: Overrides,
    /// What the message was before, if it is not as it came.
    pub original: Option<Original>,
    /// Mails of the message, by the hash of each, that are not to be sent: single ones of a carrier.
    pub left_out: Vec<Sha256>,
}

/// Does the enrichment. Called once for each event, with everything found.
pub type Enricher<'a> = dyn FnMut(&[Node<'_>]) -> Knowledge + 'a;

/// A submission, with its parsed mail if that exists already.
pub struct Prepared {
    pub submission: Submission,
    mail: Option<Private>,
    /// What is in the outermost mail, if it was looked for already.
    found: Option<Found>,
}

impl From<Submission> for Prepared {
    fn from(submission: Submission) -> Self {
        Self {
            submission,
            mail: None,
            found: None,
        }
    }
}

/// Makes submissions of what was handed over: usually one; of a carrier one for each mail in it and one for its other files.
pub fn prepare(
    handed: impl Into<Handed>,
    mut request: Request,
    settings: &Settings,
) -> Result<Vec<Prepared>, MailError> {
    let handed = handed.into();
    if !handed.members.is_empty() {
        return Ok(handed.together(request).map(Prepared::from).into_iter().collect());
    }
    let left_out = std::mem::take(&mut request.left_out);
    let opened = open(handed.raw, request, &Deadline::of(&settings.contents), settings)?;
    Ok(opened.into_prepared(&left_out, settings))
}

/// A submission on its way through the pure stages. Preview, `extract`, `--dry-run` and sending all use it.
struct Walk {
    submission: Submission,
    read: Private,
    found: Cell<Option<Found>>,
}

/// Gives back the memory of bytes that nobody needs any more. glibc learns from each large block that is freed at once: it keeps
/// later ones up to that size in its heap, where lists that grow leave holes. From a block that shrinks it learns nothing.
fn release(bytes: Bytes) {
    if bytes.is_unique() {
        let mut bytes = Vec::from(bytes);
        bytes.clear();
        bytes.shrink_to(1);
    }
}

impl Walk {
    fn begin(prepared: Prepared, watch: &dyn Watch, settings: &Settings) -> Result<Self, MailError> {
        let Prepared {
            mut submission,
            mail,
            found,
        } = prepared;
        let mut read = match mail {
            Some(read) => read,
            None => Private::of(
                mail::parse(&submission.raw, &settings.mail)?,
                &submission.raw,
                &submission.overrides,
                Vec::new(),
                watch,
                settings,
            ),
        };
        // Free what nobody needs any more: the bytes if no copy is sent, and the HTML source of a report.
        if !settings.event.attaches(&submission.overrides) {
            release(std::mem::take(&mut submission.raw));
        } else if read.taken_out.is_some() {
            privacy::copy_inside(&mut read.mail);
            submission.raw = privacy::copy(&read.mail).into();
        }
        if submission.mode != Mode::Sample {
            read.mail.bodies.iter_mut().for_each(|body| body.source = None);
        }
        Ok(Self {
            submission,
            read,
            found: Cell::new(found),
        })
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
        let nodes = case::nodes(&self.read, *mode, overrides, settings, self.found.take());
        let case = Case {
            knowledge: enricher(&nodes),
            nodes,
            directives,
            overrides,
            recipients: &self.read.recipients,
        };
        let plan = policy::decide(&case, settings.policy(), today, detail);
        (case, plan)
    }

    /// What is known of the sender of the outermost mail; nothing of what only hands over files.
    fn authentication(&self) -> Option<Authentication> {
        let outermost = self
            .read
            .senders
            .first()
            .and_then(|sender| sender.authentication.clone());
        outermost.filter(|_| !self.submission.overrides.files_only)
    }

    /// What becomes of one's own people. That a report names its recipients is no secret to those who wrote it.
    fn about_people(&self) -> Option<Note> {
        if let Some(taken_out) = &self.read.taken_out {
            let count = taken_out.people.len();
            return (count > 0).then_some(Note::PeopleTakenOut { count });
        }
        let headers = &self.read.mail.headers;
        let mut fields = ["To", "Cc", "Delivered-To", "X-Original-To"].into_iter();
        let is_named = fields.any(|field| !headers.addresses(field).is_empty());
        (self.submission.mode == Mode::Sample && is_named).then_some(Note::RecipientsLeave)
    }
}

/// An [`Enricher`] that asks nobody.
pub fn unasked(_: &[Node<'_>]) -> Knowledge {
    Knowledge::default()
}

/// Makes the event of a submission, with the list of what is not in it. `today` is `YYYY-MM-DD`.
pub fn draft(
    prepared: impl Into<Prepared>,
    settings: &Settings,
    today: &str,
    enricher: &mut Enricher<'_>,
) -> Result<Draft, MailError> {
    let prepared = prepared.into();
    let root = prepared.submission.identity;
    if prepared.submission.members.is_empty() {
        return part(prepared, root, None, settings, (today, enricher)).map(Part::whole);
    }
    let mut together = Together::default();
    for submission in prepared.submission.apart() {
        let member = Some(submission.identity);
        together.add(part(submission.into(), root, member, settings, (today, enricher))?);
    }
    together.finish().ok_or(MailError::Empty)
}

/// Builds what one mail brings to the event whose uuid follows from `root`.
fn part(
    prepared: Prepared,
    root: Sha256,
    member: Option<Sha256>,
    settings: &Settings,
    (today, enricher): (&str, &mut Enricher<'_>),
) -> Result<Part, MailError> {
    let walk = Walk::begin(prepared, &Deadline::of(&settings.contents), settings)?;
    let (case, mut plan) = walk.decide(settings, today, Detail::Full, enricher);
    let authentication = walk.authentication();
    let identity = Identity {
        mail: root,
        profile: walk.submission.profile.as_deref(),
        member,
    };
    let sections = event::Sections {
        event: &settings.event,
        misp: &settings.misp,
        sightings: &settings.sightings,
        warninglists: &settings.warninglists,
    };
    let mut builder = Builder::new(identity, &walk.submission.overrides, sections);
    builder.add_mails(&case, &mut plan, &walk.submission.raw);
    let judgement = walk.submission.judgement.clone();
    builder.note(walk.about_people());
    builder.note(walk.submission.overrides.decrypted.then_some(Remark::DecryptedByReader));
    let inside = walk.read.contents.iter().flat_map(|contents| &contents.notes);
    inside.for_each(|note| builder.note(Some(note.clone())));
    let knowledge = case.knowledge;
    let found: Vec<Vec<Indicator>> = case.nodes.into_iter().map(|node| node.indicators).collect();
    // Frees the mail: the rest needs only indicators and plan.
    drop(walk);
    for (index, (indicators, node)) in found.into_iter().zip(std::mem::take(&mut plan.nodes)).enumerate() {
        builder.add_indicators(index, indicators, node.actions);
    }
    Ok(builder.finish(plan, &knowledge).saying(judgement, authentication))
}

/// Calls `each` with the rows of everything in a message that would be sent or left out.
pub fn extract(
    handed: impl Into<Handed>,
    request: Request,
    settings: &Settings,
    each: &mut Each<'_>,
) -> Result<(), MailError> {
    for prepared in prepare(handed, request, settings)?
        .into_iter()
        .flat_map(Prepared::apart)
    {
        let walk = Walk::begin(prepared, &Deadline::of(&settings.contents), settings)?;
        for note in walk.read.contents.iter().flat_map(|contents| &contents.notes) {
            tracing::warn!("{}: {note}", walk.submission.origin);
        }
        let (case, plan) = walk.decide(settings, NO_DAY, Detail::Full, &mut unasked);
        warn(&walk.submission.origin, &case, &plan);
        row::of_event(&case, &plan, each);
    }
    Ok(())
}

/// Says what the limits cut off: rows name only what was kept.
fn warn(origin: &str, case: &Case<'_>, plan: &Plan) {
    let of_mails = case.nodes.iter().flat_map(|node| &node.mail.excess);
    let of_plan = plan
        .notes
        .iter()
        .filter(|note| matches!(note, Note::IndicatorsLeftOut { .. }));
    for note in of_mails.chain(of_plan) {
        tracing::warn!("{origin}: {note}");
    }
}

/// Any day will do: rows do not show the event's date.
const NO_DAY: &str = "1970-01-01";

/// Calls `each` with the rows of the indicators of a plain text.
pub fn extract_text(text: &str, overrides: &Overrides, settings: &Settings, each: &mut Each<'_>) {
    let mail = Mail::default();
    let found = indicator::in_long_text(&mail::without_files(text), "text", &settings.text);
    let node = Node {
        mail: &mail,
        parent: None,
        role: Role::Report,
        authentication: None,
        signatures: &[],
        contents: &crate::contents::NOTHING,
        left_out: found.left_out(),
        indicators: found.into_vec(),
    };
    let case = Case {
        nodes: vec![node],
        directives: &[],
        overrides,
        recipients: &[],
        knowledge: Knowledge::default(),
    };
    let plan = policy::decide(&case, settings.policy(), NO_DAY, Detail::Full);
    warn("text", &case, &plan);
    row::of_event(&case, &plan, each);
}

#[cfg(test)]
#[path = "bounds_tests.rs"]
mod bounds_tests;
