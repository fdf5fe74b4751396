//! The one way through the stages, whoever calls: mail, indicators, enrichment, policy, event; then outbox and
//! destination ([`delivery`]).
//!
//! [`prepare`] makes [`Submission`]s of a message, [`draft`] makes the event of a submission. Preview, `extract` and
//! `--dry-run` call the same two and stop there.

mod case;
pub mod delivery;
mod enrichment;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::config::Settings;
use crate::enrich::Knowledge;
use crate::indicator;
use crate::mail::{self, AttachmentRole, Mail, MailError};
use crate::misp::builder::{self, Identity};
use crate::misp::event::Draft;
use crate::policy::{self, Case, Decision, Node};
use crate::submission::{Mode, Overrides, Submission};

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

/// Makes submissions of a message: one, or of a carrier one for each mail in it and one for its other files.
pub fn prepare(raw: Vec<u8>, request: Request, settings: &Settings) -> Result<Vec<Submission>, MailError> {
    let identity = mail::canonical_sha256(&raw);
    let taken = mail::take_directives(&raw, &settings.directive_settings());
    let directives = taken.accepted;
    let raw = match taken.raw {
        Cow::Borrowed(_) => raw,
        Cow::Owned(without) => without,
    };
    let mail = mail::parse(&raw, &settings.limits())?;
    let mode = policy::resolve_mode(&mail, request.mode, settings.mail.mode);
    let Request {
        origin,
        profile,
        overrides,
        ..
    } = request;
    if mode != Mode::Carrier || mail.embedded.is_empty() {
        let mode = if mode == Mode::Carrier { Mode::Report } else { mode };
        return Ok(vec![Submission {
            raw,
            identity,
            directives,
            origin,
            mode,
            profile,
            overrides,
        }]);
    }
    // What the carrier is marked with holds for all that it carries.
    let tlp = policy::marking(std::iter::once(&mail), &overrides, settings).map(|level| level.tag().to_owned());
    let overrides = Overrides { tlp, ..overrides };
    let has_files = mail
        .attachments
        .iter()
        .any(|attachment| attachment.role == AttachmentRole::File);
    let mut submissions = Vec::with_capacity(mail.embedded.len() + 1);
    for embedded in mail.embedded {
        submissions.push(Submission {
            identity: mail::canonical_sha256(&embedded.raw),
            raw: embedded.raw,
            directives: directives.clone(),
            origin: format!("{origin} > {}", name_of(&embedded.mail)),
            mode: Mode::Sample,
            profile: profile.clone(),
            overrides: overrides.clone(),
        });
    }
    if has_files {
        let overrides = Overrides {
            files_only: true,
            ..overrides
        };
        submissions.push(Submission {
            raw,
            identity,
            directives,
            origin,
            mode: Mode::Report,
            profile,
            overrides,
        });
    }
    Ok(submissions)
}

fn name_of(mail: &Mail) -> String {
    mail.headers
        .subject()
        .map_or_else(|| "mail without subject".to_owned(), |subject| format!("“{subject}”"))
}

/// Makes the event of a submission, with the account of what is not in it. `today` is `YYYY-MM-DD`.
pub fn draft(
    submission: &Submission,
    settings: &Settings,
    today: &str,
    enricher: &mut Enricher<'_>,
) -> Result<Draft, MailError> {
    let mail = mail::parse(&submission.raw, &settings.limits())?;
    let nodes = case::nodes(&mail, submission, settings);
    let knowledge = enricher(&nodes);
    let case = Case {
        nodes,
        directives: &submission.directives,
        overrides: &submission.overrides,
        knowledge: &knowledge,
    };
    let plan = policy::decide(&case, settings, today);
    let identity = Identity {
        mail: submission.identity,
        profile: submission.profile.as_deref(),
    };
    Ok(builder::build(
        &case,
        &plan,
        identity,
        &submission.raw,
        &settings.build_settings(),
    ))
}

/// What would become of each indicator of a message.
pub fn extract(raw: Vec<u8>, request: Request, settings: &Settings) -> Result<Vec<Decision>, MailError> {
    let mut decisions = Vec::new();
    for submission in prepare(raw, request, settings)? {
        let mail = mail::parse(&submission.raw, &settings.limits())?;
        decide_nodes(
            case::nodes(&mail, &submission, settings),
            &submission.overrides,
            settings,
            &mut decisions,
        );
    }
    let mut known = HashSet::new();
    decisions.retain(|decision| known.insert((decision.indicator.kind, decision.indicator.value.clone())));
    Ok(decisions)
}

/// What would become of each indicator of a plain text.
pub fn decide_text(text: &str, overrides: &Overrides, settings: &Settings) -> Vec<Decision> {
    let indicators = indicator::in_text(text, "text", &settings.indicator_options());
    let mail = Mail::default();
    let node = Node {
        mail: &mail,
        parent: None,
        role: policy::Role::Report,
        indicators,
    };
    let mut decisions = Vec::new();
    decide_nodes(vec![node], overrides, settings, &mut decisions);
    decisions
}

fn decide_nodes(nodes: Vec<Node<'_>>, overrides: &Overrides, settings: &Settings, decisions: &mut Vec<Decision>) {
    let case = Case {
        nodes,
        directives: &[],
        overrides,
        knowledge: &Knowledge::default(),
    };
    // The date of an event does not show in its indicators.
    let plan = policy::decide(&case, settings, "1970-01-01");
    decisions.extend(plan.nodes.into_iter().flat_map(|node| node.decisions));
}
