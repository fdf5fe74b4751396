//! What servers found out about who sent a mail.

use serde::{Deserialize, Serialize};

use super::word::words;
use super::{Remark, Said};

words! {
    /// The result of a check, as RFC 8601 names it.
    pub enum Outcome {
        Pass = "pass",
        Fail = "fail",
        SoftFail = "softfail",
        Neutral = "neutral",
        /// The sender's domain offers no such check, or the mail has no signature.
        None = "none",
        /// The signature is right, and the server does not accept it.
        Policy = "policy",
        TempError = "temperror",
        PermError = "permerror",
    }
}

/// The result of a check, and the domain that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    pub result: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
}

impl Checked {
    pub fn passed(&self) -> bool {
        self.result == Outcome::Pass
    }

    pub fn failed(&self) -> bool {
        matches!(self.result, Outcome::Fail | Outcome::PermError | Outcome::Policy)
    }
}

/// What one side's servers wrote into the header about who sent the mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The server that says so. Empty for one's own, and for one that does not name itself.
    pub server: String,
    /// It is one of `hosts.own`. Anybody can write the rest.
    pub trusted: bool,
    pub spf: Option<Checked>,
    /// One for each signature.
    pub dkim: Vec<Checked>,
    pub dmarc: Option<Checked>,
}

impl Authentication {
    /// In the words of the field, each with the domain that it is about: `DKIM pass (evil.example)`.
    pub fn results(&self) -> Vec<String> {
        let spf = self.spf.iter().map(|checked| ("SPF", checked));
        let dkim = self.dkim.iter().map(|checked| ("DKIM", checked));
        let dmarc = self.dmarc.iter().map(|checked| ("DMARC", checked));
        let word = |(method, checked): (&str, &Checked)| match &checked.domain {
            Some(domain) => format!("{method} {} ({domain})", checked.result.name()),
            None => format!("{method} {}", checked.result.name()),
        };
        spf.chain(dkim).chain(dmarc).map(word).collect()
    }

    /// One result for each method. Of several signatures one that passed counts.
    pub fn summary(&self) -> impl Iterator<Item = (&'static str, Outcome)> {
        let dkim = self.dkim.iter().find(|checked| checked.passed()).or(self.dkim.first());
        let all = [
            ("spf", self.spf.as_ref()),
            ("dkim", dkim),
            ("dmarc", self.dmarc.as_ref()),
        ];
        all.into_iter()
            .filter_map(|(method, checked)| Some((method, checked?.result)))
    }

    /// Of the event, which does not name the server: it is most likely one's own.
    pub fn remark(&self) -> Remark {
        let results = self.results();
        if self.trusted {
            Remark::Authentication { results }
        } else {
            Remark::AuthenticationUnproven { results }
        }
    }

    /// For people, in their language.
    pub fn said(&self) -> Said {
        self.remark().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_names_the_results_and_whose_they_are() {
        let checked = |result, domain: &str| Checked {
            result,
            domain: (!domain.is_empty()).then(|| domain.to_owned()),
        };
        let mut found = Authentication {
            trusted: true,
            spf: Some(checked(Outcome::SoftFail, "")),
            dkim: vec![checked(Outcome::Pass, "evil.example")],
            dmarc: Some(checked(Outcome::Fail, "bank.example")),
            ..Authentication::default()
        };
        assert_eq!(
            found.said().text,
            "a server of one's own found: SPF softfail, DKIM pass (evil.example), DMARC fail (bank.example)"
        );
        found.trusted = false;
        assert_eq!(found.said().code, "authentication_unproven");
    }
}
