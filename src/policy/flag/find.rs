//! The rules for what was found in texts and links.

use super::{Facts, Rule, Verdict, first, known, named};
use crate::domain::{FoundAs, Remark, host};
use crate::enrich::Knowledge;
use crate::indicator::{Doubt, Indicator, Kind};
use crate::policy::attribute::{defaults, is_bare_host, warninglists};

/// A find, with what its rules ask.
pub(in crate::policy) struct Find<'a> {
    pub indicator: &'a Indicator,
    pub facts: &'a Facts<'a>,
    /// It is a host and nothing more.
    pub is_bare: bool,
    /// It is of people of the mail.
    is_theirs: bool,
    /// Names of the warninglists that have it.
    pub lists: &'a [String],
}

impl<'a> Find<'a> {
    pub fn new(indicator: &'a Indicator, facts: &'a Facts<'a>, is_theirs: bool, knowledge: &'a Knowledge) -> Self {
        Self {
            indicator,
            facts,
            is_bare: is_bare_host(indicator),
            is_theirs,
            lists: warninglists(knowledge, indicator),
        }
    }
}

impl Find<'_> {
    fn on(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.indicator.host().is_some_and(fits)
    }

    fn in_sample(&self) -> bool {
        self.facts.is_sample
    }

    fn way(&self) -> FoundAs {
        self.indicator.found_as
    }

    fn is_url(&self) -> bool {
        self.indicator.kind == Kind::Url
    }

    fn is_address(&self) -> bool {
        matches!(self.indicator.kind, Kind::Ip | Kind::IpPort | Kind::Cidr)
    }

    fn is_payee(&self) -> bool {
        matches!(self.indicator.kind, Kind::Btc | Kind::Xmr | Kind::Coin)
    }

    /// Nobody can click on it: a word of a text, but no URL, mailbox or account.
    fn is_word(&self) -> bool {
        let clickable = self.indicator.kind == Kind::Email || self.is_payee() || (self.is_url() && !self.is_bare);
        matches!(self.way(), FoundAs::Prose | FoundAs::Header)
            && !self.indicator.defanged
            && !clickable
            && !self.on(|host| self.facts.opens(host))
    }

    /// It stands where a link to somewhere else shows it, and its author has not taken care that nobody opens it. A link to
    /// what analysts know of it is no decoy.
    pub fn is_shown_only(&self) -> bool {
        let hosts = self.facts.hosts;
        let tells =
            |target: &str| hosts.external.covers(target) || hosts.internal.covers(target) || hosts.own.covers(target);
        let is_told = self
            .indicator
            .remarks
            .iter()
            .any(|remark| matches!(remark, Remark::ShownAsLinkText { target } if tells(target)));
        self.way() == FoundAs::ShownOverLink && !self.indicator.defanged && !is_told
    }

    /// A page that an analyst names so that nobody opens it.
    fn is_named_page(&self) -> bool {
        self.is_url() && !self.is_bare && self.indicator.defanged
    }

    /// The flag that a report for machines gives it.
    fn stated_flag(&self) -> Option<bool> {
        self.indicator.stated.as_ref()?.to_ids
    }

    fn names_recipient(&self) -> bool {
        let own = self.facts.own;
        self.is_url() && named::names(&self.indicator.value, &|mailbox| own.is_recipient(mailbox))
    }
}

impl<'a> Find<'a> {
    /// In the order in which they are asked.
    const RULES: &'a [Rule<Self>] = &[
        Rule::spares(&Remark::StatedWithoutIds, |find| find.stated_flag() == Some(false)),
        Rule::spares(&Remark::TypeNotDetected, |find| {
            !defaults(find.indicator.kind).1 && find.stated_flag() != Some(true)
        }),
        Rule::spares(&Remark::OwnHost, |find| {
            find.on(|host| find.facts.hosts.own.covers(host))
        }),
        Rule::spares(&Remark::Recipient, |find| {
            find.indicator.kind == Kind::Email && find.facts.own.is_recipient(&find.indicator.value)
        }),
        Rule::spares(&Remark::WellKnownHost, |find| {
            find.on(|host| find.facts.hosts.no_ids.covers(host))
        }),
        Rule::spares(&Remark::InDoubt, |find| {
            use Doubt::{NotWhole, TrivialHash, UnroutableAddress, UnroutableName};
            let doubt = find.indicator.doubt;
            matches!(doubt, Some(UnroutableAddress | UnroutableName | TrivialHash | NotWhole))
        }),
        Rule::spares(&Remark::PassingHost, |find| find.indicator.passing),
        Rule::spares(&Remark::ShownOverLink, Find::is_shown_only),
        Rule::spares(&Remark::ParticipantsHost, |find| find.is_theirs && find.on(|_| true)),
        Rule::spares(&Remark::OnWarninglist, |find| {
            !find.lists.is_empty() && (!find.is_url() || find.is_bare)
        }),
        Rule::spares(&Remark::SharedHost, |find| {
            find.is_bare && find.on(|host| find.facts.hosts.shared.covers(host) || known::is_page(host))
        }),
        Rule::spares(&Remark::MailProvider, |find| {
            find.is_bare && find.on(known::is_mail_provider)
        }),
        Rule::spares(&Remark::SendingProvider, |find| {
            let is_opened = matches!(
                find.way(),
                FoundAs::Link | FoundAs::Form | FoundAs::Redirect | FoundAs::Code
            );
            find.is_address() && !is_opened && find.on(known::is_sending_provider)
        }),
        Rule::spares(&Remark::HostingSuffix, |find| {
            find.is_bare && find.on(host::is_suffix_of_provider)
        }),
        Rule::spares(&Remark::Furniture, |find| {
            !find.is_named_page() && find.on(known::is_furniture)
        }),
        Rule::spares(&Remark::NamesRecipient, |find| {
            find.in_sample() && find.names_recipient()
        }),
        Rule::flags(&Remark::LeadsOn, |find| find.indicator.redirects_to.is_some()),
        Rule::spares(&Remark::WellKnownBrand, |find| {
            let is_mailbox = |host: &str| find.indicator.kind == Kind::Email && known::is_mail_provider(host);
            !find.is_named_page() && find.on(|host| find.facts.is_brand(host) && !is_mailbox(host))
        }),
        Rule::spares(&Remark::HiddenText, |find| {
            find.in_sample() && find.way() == FoundAs::Hidden
        }),
        Rule::flags(&Remark::LoadedFromSender, |find| {
            find.way() == FoundAs::Loaded && find.on(|host| find.facts.is_of_link_or_sender(host))
        }),
        Rule::spares(&Remark::OnlyLoaded, |find| find.way() == FoundAs::Loaded),
        Rule::spares(&Remark::BaitAddress, |find| {
            find.in_sample() && find.is_word() && find.is_address()
        }),
        Rule::spares(&Remark::OnlyWritten, |find| find.in_sample() && find.is_word()),
        Rule::spares(&Remark::ForgedSender, |find| {
            let is_mailbox = find.indicator.kind == Kind::Email;
            let is_forged =
                |host: &str| find.facts.is_forged_beside(host) || (is_mailbox && find.facts.is_forged(host));
            find.in_sample() && find.on(is_forged)
        }),
        Rule::spares(&Remark::CopiedBrand, |find| {
            find.in_sample() && find.on(|host| find.facts.is_copied(host))
        }),
        Rule::spares(&Remark::PageBeside, |find| {
            find.in_sample() && find.on(|host| find.facts.is_page_beside(host))
        }),
        Rule::flags(&Remark::Defanged, |find| find.indicator.defanged),
        Rule::flags(&Remark::InScript, |find| find.way() == FoundAs::Script),
        Rule::flags(&Remark::FormTarget, |find| find.way() == FoundAs::Form),
        Rule::flags(&Remark::PageRedirect, |find| find.way() == FoundAs::Redirect),
        Rule::flags(&Remark::InCode, |find| find.way() == FoundAs::Code),
        Rule::flags(&Remark::Payee, Find::is_payee),
        Rule::flags(&Remark::InAttachment, |find| find.way() == FoundAs::Attachment),
        Rule::flags(&Remark::MailboxToAnswer, |find| {
            find.in_sample() && find.indicator.kind == Kind::Email
        }),
        Rule::flags(&Remark::LinkToClick, |find| {
            find.in_sample() || (find.way() == FoundAs::Link && find.is_url())
        }),
    ];
}

/// Whether a find is for detection, and why.
pub(in crate::policy) fn of_find(find: &Find<'_>) -> Verdict {
    let mut verdict = first(Find::RULES, find, &Remark::NamedInReport);
    // The type says the first, and remarks say the others in more words.
    verdict.is_told &= match verdict.why {
        Remark::TypeNotDetected | Remark::OnWarninglist | Remark::ShownOverLink => false,
        Remark::PassingHost => find.indicator.remarks.is_empty(),
        _ => true,
    };
    verdict
}
