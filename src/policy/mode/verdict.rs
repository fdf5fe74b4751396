//! From facts to a mode: one table of what each fact says, and the sum.

use serde::Serialize;

use crate::domain::{Fact, Mode};

/// What a fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// It decides, whatever the others say. The earlier mode of carrier, report and sample wins.
    Decides(Mode),
    /// It speaks for a sample (above zero) or a report (below).
    Weighs(i32),
    /// It adds to others that speak for a sample, and makes none alone: strangers write harmless mails too.
    Supports(i32),
}

impl Says {
    fn weight(self) -> i32 {
        match self {
            Self::Weighs(weight) | Self::Supports(weight) => weight,
            Self::Decides(_) => 0,
        }
    }
}

/// A fact of a mail, with what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub fact: Fact,
    pub says: Says,
}

impl Evidence {
    pub fn of(fact: Fact) -> Self {
        Self {
            says: says(&fact),
            fact,
        }
    }
}

/// From this sum on a mail is a sample.
///
/// Found on one half of the ham and spam of `SpamAssassin`'s corpus, checked on the other (`tests/real_mails` prints both), and on the
/// mails of `tests/mails` for what that corpus is too old to have.
const SAMPLE: i32 = 7;

/// Most facts that a verdict names.
const TOLD: usize = 4;

/// What each fact says. Those that decide alone are only written by people who report, or by machines.
#[rustfmt::skip]
fn says(fact: &Fact) -> Says {
    use Says::{Decides, Supports, Weighs};
    match fact {
        Fact::AttachedAlone => Decides(Mode::Carrier),
        Fact::MachineNotice
        | Fact::FromFeed
        | Fact::AttachedBelowWords
        | Fact::TlpMarked { .. }
        | Fact::ValuesDefanged { .. } => Decides(Mode::Report),

        Fact::OwnPeopleProven => Weighs(-20),
        Fact::ForwardedInline => Weighs(-12),
        Fact::AboutThreats { .. } => Weighs(-11),
        Fact::HashesListed { .. } | Fact::OwnPeople => Weighs(-10),
        Fact::ManyLinks { .. } | Fact::LinesOfValues { .. } => Weighs(-9),
        Fact::VulnerabilitiesNamed { .. } | Fact::ValuesListed { .. } | Fact::AnalysisLinked
        | Fact::AsksToLook { .. } => Weighs(-8),
        Fact::Answer | Fact::ToDefenders => Weighs(-6),
        Fact::Quotes | Fact::LinksToSender => Weighs(-5),
        Fact::PlainText | Fact::UnsubscribeField | Fact::Signed => Weighs(-4),
        Fact::IdOfSender | Fact::ByAPerson => Weighs(-3),
        Fact::MailingList | Fact::SenderProven { .. } | Fact::ProgramText => Weighs(-2),
        Fact::Signature | Fact::NothingOfASample => Weighs(-1),

        Fact::NoRecipient => Supports(1),
        Fact::NamelessServer | Fact::AnswersElsewhere { .. } | Fact::NotByItsProvider { .. } | Fact::DkimFailed
        | Fact::NotAuthenticated => Supports(2),
        Fact::PublicProvider | Fact::UncodedSubject | Fact::AccountNamed => Supports(3),
        Fact::SenderOutside | Fact::HtmlAlone | Fact::SenderWithoutName | Fact::ManyRecipients { .. }
        | Fact::SpfFailed => Supports(4),

        Fact::SumsOfMoney => Weighs(1),
        Fact::OffersRemoval | Fact::MoneyInSubject | Fact::TextHidden | Fact::ArchiveAttached { .. } | Fact::Form
        | Fact::Lure { .. } => Weighs(2),
        Fact::LiveLinks { .. } => Weighs(3),
        Fact::Sales { .. } | Fact::SomeLures { .. } | Fact::Exclamations | Fact::Capitals | Fact::LoudSubject
        | Fact::PicturesForText | Fact::HardlyMoreThanALink | Fact::WalletNamed | Fact::ToHimself | Fact::LinkToFile | Fact::AnswersToMailbox { .. } => Weighs(4),
        Fact::LinkOverLink { .. } | Fact::LureToLink | Fact::AbusedSuffix { .. }
        | Fact::ShortBait | Fact::LinkNamesRecipient | Fact::CallAsked | Fact::HostNamesBrand { .. } => Weighs(5),
        Fact::LinkToAddress => Weighs(6),
        Fact::MuchSales { .. } | Fact::ManyLures { .. } | Fact::NameShowsOther { .. }
        | Fact::NameOfBrand { .. } | Fact::ContactElsewhere { .. } => Weighs(7),
        Fact::NothingButSales { .. } | Fact::DmarcFailed
        | Fact::PageInLink => Weighs(8),
        Fact::OwnSideForged | Fact::PageAttached { .. } => Weighs(10),
        Fact::ProgramAttached { .. } => Weighs(12),
        Fact::MarkedAsSpam | Fact::ToATrap => Weighs(16),
    }
}

/// The mode that the facts show, and those that decided, the strongest first.
pub fn verdict(evidence: Vec<Evidence>) -> (Mode, Vec<Fact>) {
    for mode in [Mode::Carrier, Mode::Report, Mode::Sample] {
        let decisive = evidence.iter().filter(|one| one.says == Says::Decides(mode));
        let facts: Vec<Fact> = decisive.map(|one| one.fact.clone()).take(TOLD).collect();
        if !facts.is_empty() {
            return (mode, facts);
        }
    }
    let weight = |one: &Evidence| one.says.weight();
    let sum: i32 = evidence.iter().map(weight).sum();
    let speaks = |one: &Evidence| matches!(one.says, Says::Weighs(weight) if weight > 0);
    let is_sample = sum >= SAMPLE && evidence.iter().any(speaks);
    let side = |one: &Evidence| if is_sample { weight(one) } else { -weight(one) };
    let mut telling: Vec<Evidence> = evidence.into_iter().filter(|one| side(one) > 0).collect();
    telling.sort_by_key(|one| std::cmp::Reverse(side(one)));
    let mut facts: Vec<Fact> = telling.into_iter().take(TOLD).map(|one| one.fact).collect();
    if facts.is_empty() {
        facts.push(Fact::NothingOfASample);
    }
    (if is_sample { Mode::Sample } else { Mode::Report }, facts)
}
