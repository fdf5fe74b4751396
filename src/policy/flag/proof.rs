//! Whose a mail's sender is, as far as one's own servers found out. What others write into the header proves nothing here.

use hashbrown::HashSet;

use super::known::{self, Customer};
use crate::domain::{Authentication, Checked, Outcome, Seal, Sealed, host};
use crate::mail::Headers;

/// What was proven of the domains that a mail names as its sender's.
#[derive(Debug, Default)]
pub(in crate::policy) struct Proof {
    /// The domain in From, which the sender only claims.
    forged: Option<String>,
    /// Names in whose hands the mail was when it was sent.
    proven: HashSet<String>,
    /// The same for a customer whose domain a provider writes with hyphens.
    hyphened: HashSet<String>,
}

impl Proof {
    /// Of the mail with this header and these signatures.
    pub fn of(headers: &Headers, known: Option<&Authentication>, sealed: &[Sealed]) -> Self {
        let mut proof = Self::default();
        let whole = sealed.iter().filter(|one| one.seal == Seal::Pass);
        whole.for_each(|one| proof.add(&one.domain));
        let Some(known) = known.filter(|known| known.trusted) else {
            return proof;
        };
        let from = headers.addresses("From").into_iter().next();
        let from = from.and_then(|from| Some(owner(from.address.rsplit_once('@')?.1)));
        // Without a domain the check is about the one in From, as DMARC always is.
        let is_about_from = |dmarc: &&Checked| {
            let named = dmarc.domain.as_deref().map(owner);
            named.is_none() || named == from
        };
        let dmarc = known.dmarc.as_ref().filter(is_about_from);
        let passed = known.spf.iter().chain(&known.dkim).filter(|checked| checked.passed());
        passed
            .filter_map(|checked| checked.domain.as_deref())
            .for_each(|domain| proof.add(domain));
        if dmarc.is_some_and(Checked::passed) {
            proof.proven.extend(from.clone());
        }
        let has_failed = dmarc.is_some_and(|dmarc| dmarc.result == Outcome::Fail);
        // DMARC also fails for a customer whose provider signs with a name of its own.
        proof.forged = from.filter(|from| has_failed && !proof.is_proven(from));
        proof
    }

    fn add(&mut self, domain: &str) {
        match known::customer(&host::lower(domain)) {
            Some(Customer::Domain(label)) => _ = self.hyphened.insert(label.to_owned()),
            Some(Customer::Name(_)) | None => _ = self.proven.insert(owner(domain)),
        }
    }

    /// Whether the host is of the domain in From, and the mail is not.
    pub fn is_forged(&self, host: &str) -> bool {
        self.forged.as_ref().is_some_and(|forged| owner(host) == *forged)
    }

    /// Whether the mail was sent by those in whose hands the host is.
    pub fn is_proven(&self, host: &str) -> bool {
        (!self.proven.is_empty() && self.proven.contains(&owner(host)))
            || (!self.hyphened.is_empty() && self.hyphened.contains(&owner(host).replace('.', "-")))
    }
}

/// The name in whose hands a host is: also the customer's at a provider that gives its customers names.
fn owner(name: &str) -> String {
    let name = host::lower(name);
    if let Some(Customer::Name(customer)) = known::customer(&name) {
        return customer.to_owned();
    }
    host::in_same_hands(&name).unwrap_or(&name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MailSettings;
    use crate::domain::{HostList, table};
    use crate::mail;
    use crate::policy::authentication;

    /// What is known of `host` in a mail from `from` in which a server of one's own wrote `results`.
    fn judged(from: &str, results: &str, host: &str) -> &'static str {
        let raw = format!("Authentication-Results: mx.mine.test; {results}\nFrom: A <a@{from}>\n\nt\n");
        let mail = mail::parse(raw.as_bytes(), &MailSettings::default()).unwrap();
        let known = authentication(&mail, &HostList::new(&["mine.test"]));
        let proof = Proof::of(&mail.headers, known.as_ref(), &[]);
        match (proof.is_forged(host), proof.is_proven(host)) {
            (true, false) => "forged",
            (false, true) => "proven",
            (false, false) => "-",
            (true, true) => "both",
        }
    }

    #[test]
    fn a_domain_is_forged_proven_or_neither() {
        for (from, results, host, expected) in [
            ("bank.com", "dmarc=fail header.from=bank.com", "bank.com", "forged"),
            ("bank.com", "dmarc=fail header.from=bank.com", "www.bank.com", "forged"),
            ("mail.bank.com", "dmarc=fail", "bank.com", "forged"),
            ("bank.com", "dmarc=fail header.from=bank.com", "other.com", "-"),
            // It is about another mail.
            ("bank.com", "dmarc=fail header.from=other.com", "bank.com", "-"),
            // Nothing was found out, or it cannot be.
            ("bank.com", "dmarc=none header.from=bank.com", "bank.com", "-"),
            ("bank.com", "dmarc=permerror header.from=bank.com", "bank.com", "-"),
            (
                "bank.com",
                "spf=fail smtp.mailfrom=bank.com; dkim=fail header.d=bank.com",
                "bank.com",
                "-",
            ),
            ("bank.com", "dmarc=pass header.from=bank.com", "mail.bank.com", "proven"),
            ("bank.com", "dkim=pass header.d=mg.bank.com", "bank.com", "proven"),
            (
                "bank.com",
                "dmarc=fail; spf=pass smtp.mailfrom=x@rook.top",
                "rook.top",
                "proven",
            ),
            (
                "bank.com",
                "dmarc=fail; spf=pass smtp.mailfrom=x@rook.top",
                "bank.com",
                "forged",
            ),
            // Its own signature, which DMARC takes for another's, because the domain asks for that.
            (
                "bank.com",
                "dmarc=fail; dkim=pass header.d=m.bank.com",
                "bank.com",
                "proven",
            ),
        ] {
            assert_eq!(judged(from, results, host), expected, "{from} {results} {host}");
        }
    }

    #[test]
    fn customers_of_a_provider_are_not_in_the_same_hands() {
        let results = "dmarc=fail; dkim=pass header.d=rook.onmicrosoft.com";
        for (host, expected) in [
            ("rook.onmicrosoft.com", "proven"),
            ("m.rook.onmicrosoft.com", "proven"),
            ("crow.onmicrosoft.com", "forged"),
            ("onmicrosoft.com", "-"),
        ] {
            assert_eq!(judged("crow.onmicrosoft.com", results, host), expected, "{host}");
        }
        let results = "dmarc=fail; dkim=pass header.d=rook-bau-de.20230601.gappssmtp.com";
        for (from, host, expected) in [
            ("rook-bau.de", "rook-bau.de", "proven"),
            ("rook-bau.de", "mail.rook-bau.de", "proven"),
            ("bau.de", "bau.de", "forged"),
            ("rook-bau.de", "gappssmtp.com", "-"),
        ] {
            assert_eq!(judged(from, results, host), expected, "{from} {host}");
        }
    }

    #[test]
    fn every_provider_of_the_table_has_customers() {
        for row in table::rows("provider_customers") {
            let example = &row["example"];
            let results = format!("dkim=pass header.d={example}");
            let host = if row["label"] == "domain" {
                example.split('.').next().unwrap().replace('-', ".")
            } else {
                example.clone()
            };
            assert_eq!(judged("other.com", &results, &host), "proven", "{row:?}");
            assert_eq!(judged("other.com", &results, &row["provider"]), "-", "{row:?}");
        }
    }
}
