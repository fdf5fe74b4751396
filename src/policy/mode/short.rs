//! What a mail shows by being short.

use super::origin::Origin;
use super::words::{Said, Talk};
use crate::domain::Fact;
use crate::indicator::Indicator;
use crate::mail::Mail;

/// A text of fewer words says little.
const FEW: usize = 10;

/// A text of so many words, with its subject, is short.
const SHORT: usize = 80;

/// `live` are the links.
pub(super) fn facts(mail: &Mail, said: &Said, live: &[&Indicator], origin: &Origin, facts: &mut Vec<Fact>) {
    // A shop or an office that everybody can check writes short mails with a link, too.
    let is_himself = !facts.iter().any(|fact| matches!(fact, Fact::NameOfBrand { .. }));
    let is_proven = is_himself && facts.iter().any(|fact| matches!(fact, Fact::SenderProven { .. }));
    let leads_home = |found: &&Indicator| found.host().is_some_and(|host| origin.is_senders(host));
    if is_proven && !live.is_empty() && live.iter().all(leads_home) {
        return;
    }
    little_text(mail, live, facts);
    bait(mail, said, facts);
}

/// Few words, and one of them a link.
fn little_text(mail: &Mail, live: &[&Indicator], facts: &mut Vec<Fact>) {
    let longest = mail
        .bodies
        .iter()
        .map(|body| body.text.split_whitespace().take(FEW).count())
        .max();
    let says_more = facts.iter().any(|fact| matches!(fact, Fact::AboutThreats { .. }));
    let says_more = says_more || facts.iter().any(|fact| matches!(fact, Fact::ValuesListed { .. }));
    if !says_more && longest.is_some_and(|words| words < FEW) && mail.embedded.is_empty() && !live.is_empty() {
        facts.push(Fact::HardlyMoreThanALink);
    }
}

/// A stranger who asks for something in a few words, as whoever pretends to be the boss.
fn bait(mail: &Mail, said: &Said, facts: &mut Vec<Fact>) {
    let is_stranger = facts
        .iter()
        .any(|fact| matches!(fact, Fact::SenderOutside | Fact::OwnSideForged));
    let goes_on = |fact: &Fact| matches!(fact, Fact::Answer | Fact::Quotes | Fact::MailingList | Fact::Signed);
    let is_paid = |fact: &Fact| matches!(fact, Fact::AccountNamed | Fact::WalletNamed);
    let has_bait = said.has(Talk::Lure) || said.all(Talk::Sale).count() > 1 || facts.iter().any(is_paid);
    let is_short = said.text.split_whitespace().nth(SHORT).is_none();
    if is_stranger && has_bait && is_short && mail.embedded.is_empty() && !facts.iter().any(goes_on) {
        facts.push(Fact::ShortBait);
    }
}
