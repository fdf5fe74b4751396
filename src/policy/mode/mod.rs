//! What a mail is: a report, a sample or a carrier. A person's choice goes first, then the configuration, then the mail's own facts.

mod brand;
mod carrier;
mod contact;
mod evidence;
mod links;
mod listed;
mod origin;
mod people;
mod short;
#[cfg(test)]
mod tests;
mod text;
mod verdict;
mod words;

use crate::config::{Hosts, Tlp};
use crate::domain::{By, Judgement, Mode};
use crate::indicator::Indicator;
use crate::mail::Mail;

pub use verdict::{Evidence, Says, verdict};

/// What is asked of a mail.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub mail: &'a Mail,
    pub hosts: &'a Hosts,
    pub tlp: &'a Tlp,
}

/// What is given without a look at the mail: a person's choice, else the configured mode.
pub fn given(chosen: Mode, configured: Mode) -> Option<Judgement> {
    match (chosen, configured) {
        (Mode::Auto, Mode::Auto) => None,
        (Mode::Auto, configured) => Some(Judgement::given(configured, By::Configured)),
        (chosen, _) => Some(Judgement::given(chosen, By::Chosen)),
    }
}

/// All facts of a mail that say something, each with what it says. `found` are the indicators of a report.
pub fn evidence(question: Question<'_>, found: &[Indicator]) -> Vec<Evidence> {
    evidence::of(question, found)
}

/// What the mail itself shows. `found` are the indicators of a report: with those of the subject and of attached texts.
pub fn detect(question: Question<'_>, found: &[Indicator]) -> Judgement {
    let (is, facts) = verdict(evidence(question, found));
    Judgement {
        is,
        by: By::Detected,
        facts: facts.into_iter().map(Into::into).collect(),
    }
}
