//! The `privacy` stage: takes the people of one's own side out of a mail before anything in it is searched or kept. So nothing
//! that is made of the mail can name them. Pure.

mod clean;
mod copy;
mod people;
mod spelling;

use std::collections::BTreeSet;

pub use copy::{copy, copy_inside};

use crate::config::{Hosts, Privacy};
use crate::indicator::{Indicator, Kind};
use crate::mail::Mail;
use clean::Cleaner;

/// What stands in a text in place of a person.
pub const RECIPIENT: &str = "[recipient]";
/// The same in a URL.
const IN_URL: &str = "%5Brecipient%5D";
/// What stands in a header in place of a host of one's own.
const OWN_HOST: &str = "[own-host]";

/// The people that were taken out of a mail.
#[derive(Debug)]
pub struct TakenOut {
    /// Their addresses and names, in order.
    pub people: BTreeSet<String>,
    cleaner: Cleaner,
}

/// Whether the settings name somebody of one's own side.
pub fn is_on(hosts: &Hosts, privacy: &Privacy) -> bool {
    privacy.enabled && (hosts.own.has_names() || !privacy.people.is_empty())
}

/// Takes one's own people and hosts out of a mail and all mails in it; `None` when the settings name nobody.
pub fn take_out(mail: &mut Mail, hosts: &Hosts, privacy: &Privacy) -> Option<TakenOut> {
    if !is_on(hosts, privacy) {
        return None;
    }
    let people = people::of(mail, &hosts.own, &privacy.people);
    let cleaner = Cleaner::new(&people, hosts.own.clone());
    let mut replaced = BTreeSet::new();
    cleaner.mail(mail, &mut replaced);
    Some(TakenOut {
        people: replaced,
        cleaner,
    })
}

impl TakenOut {
    /// The text without these people.
    pub fn without(&self, text: &str) -> String {
        self.cleaner
            .text(text, &mut BTreeSet::new())
            .unwrap_or_else(|| text.to_owned())
    }

    /// What is left of a find. A URL ends where a person was named in it, so that it still is the beginning of what others got;
    /// any other value that names a person is none. Files keep their content, so what is found in them is looked at as well.
    pub fn clean(&self, mut found: Indicator) -> Option<Indicator> {
        let cleaned = self.cleaner.url(&found.value);
        let value = cleaned.as_deref().unwrap_or(&found.value);
        if let Some(at) = value.find(IN_URL).or_else(|| value.find(RECIPIENT)) {
            let host_end = value.find("://").map_or(0, |scheme| scheme + 3);
            if found.kind != Kind::Url || at <= host_end {
                return None;
            }
            found.value = value.get(..at)?.into();
            found.remarks.push(crate::domain::Remark::RecipientCut);
        }
        for place in [&mut found.redirects_to, &mut found.place.written] {
            *place = place.take().map(|text| self.without(&text).into());
        }
        Some(found)
    }
}
