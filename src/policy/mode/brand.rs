//! Well-known names in places that are somebody else's: in the sender's name, and in hosts.

use super::origin::Origin;
use crate::domain::Fact;
use crate::indicator::Indicator;
use crate::policy::flag::{brand_in_name, is_brand, is_mail_provider, is_sending_provider, names_brand};

pub(super) fn facts<'a>(origin: &'a Origin, links: impl Iterator<Item = &'a Indicator>, facts: &mut Vec<Fact>) {
    if !origin.sender.is_empty() && !is_brand(&origin.sender) {
        facts.extend(brand_in_name(origin.name()).map(|brand| Fact::NameOfBrand { brand }));
    }
    let hosts = links.filter_map(Indicator::host).chain(origin.host());
    facts.extend(
        hosts
            .take(200)
            .find(|host| copies(host))
            .map(|host| Fact::HostNamesBrand { host: host.to_owned() }),
    );
}

/// Whether a host of somebody else has a brand's name as one of its words.
fn copies(host: &str) -> bool {
    let mut words = host.split(['.', '-', '_']);
    words.any(names_brand) && !is_brand(host) && !is_sending_provider(host) && !is_mail_provider(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_is_found_in_a_name_of_one_or_several_words() {
        for (name, brand) in [
            ("PayPal", Some("paypal")),
            ("Ihr Netflix-Team", Some("netflix")),
            ("Bank of America Alerts", Some("bankofamerica")),
            ("Mercado Livre", Some("mercadolivre")),
            ("Paypalia Ltd", None),
            // Words and names of people are no brands by themselves.
            ("Itaú Unibanco", Some("itau")),
            ("Tim Chase", None),
            ("Our Office", None),
            ("", None),
        ] {
            assert_eq!(brand_in_name(name).as_deref(), brand, "{name}");
        }
    }

    #[test]
    fn a_host_copies_a_brand_only_if_it_is_not_the_brand_s() {
        for host in ["paypal-login.com", "netflix.billing.example", "secure.itau-token.top"] {
            assert!(copies(host), "{host}");
        }
        for host in [
            "www.paypal.com",
            "paypal.de",
            "mypaypals.example",
            "office.example.org",
            "gmail.com",
        ] {
            assert!(!copies(host), "{host}");
        }
    }
}
