//! Links without a scheme (`//host/path`), which take that of the page they stand on. A mail is no page: they get the one that
//! the mail itself writes before the same host, else that of its other links.

use std::borrow::Cow;
use std::collections::HashMap;

use super::finds::Finds;
use super::{Kind, browser};
use crate::mail::Link;

const HTTP: &str = "http";
const HTTPS: &str = "https";

/// The schemes that a mail uses.
pub struct Schemes {
    of_host: HashMap<String, &'static str>,
    /// Of a host that has none.
    usual: &'static str,
}

impl Schemes {
    /// Of the links and of what was found in the texts before them.
    pub fn of(links: &[&Link], found: &Finds) -> Self {
        let mut schemes = Self {
            of_host: HashMap::new(),
            usual: HTTPS,
        };
        if !links.iter().any(|link| without_scheme(link.target.trim()).is_some()) {
            return schemes;
        }
        for find in found.iter().filter(|find| find.kind == Kind::Url) {
            schemes.add(&find.value, find.url_host.as_deref().unwrap_or_default());
        }
        for url in links.iter().filter_map(|link| browser::read(&link.target)) {
            schemes.add(&url.value, &url.host.value);
        }
        if !schemes.of_host.is_empty() && schemes.of_host.values().all(|scheme| *scheme == HTTP) {
            schemes.usual = HTTP;
        }
        schemes
    }

    /// The better one counts where both are used.
    fn add(&mut self, url: &str, host: &str) {
        let scheme = match url.split_once(':') {
            Some((HTTPS, _)) => HTTPS,
            Some((HTTP, _)) => HTTP,
            _ => return,
        };
        let known = self.of_host.entry(host.to_owned()).or_insert(scheme);
        if scheme == HTTPS {
            *known = HTTPS;
        }
    }

    /// The target with a scheme, if that is all it lacks.
    pub fn absolute<'t>(&self, target: &'t str) -> Cow<'t, str> {
        let Some(rest) = without_scheme(target) else {
            return Cow::Borrowed(target);
        };
        let host = browser::read(&format!("{HTTPS}://{rest}")).map(|url| url.host.value);
        let scheme = host.and_then(|host| self.of_host.get(&host).copied());
        Cow::Owned(format!("{}://{rest}", scheme.unwrap_or(self.usual)))
    }
}

/// What follows the slashes of a target without scheme. With two backslashes it is a folder in a network.
fn without_scheme(target: &str) -> Option<&str> {
    ["//", "/\\", "\\/"]
        .iter()
        .find_map(|slashes| target.strip_prefix(slashes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::LinkKind;

    fn absolute(target: &str, others: &[&str]) -> String {
        let link = |target: &&str| Link {
            target: (*target).to_owned(),
            original: None,
            shown: String::new(),
            kind: LinkKind::Anchor,
            line: 1,
        };
        let links: Vec<Link> = others.iter().chain([&target]).map(link).collect();
        let links: Vec<&Link> = links.iter().collect();
        let schemes = Schemes::of(&links, &Finds::default());
        schemes.absolute(target).into_owned()
    }

    #[test]
    fn a_link_without_scheme_gets_that_of_the_mail() {
        assert_eq!(absolute("//evil.com/x", &[]), "https://evil.com/x");
        assert_eq!(absolute("/\\evil.com/x", &[]), "https://evil.com/x");
        assert_eq!(
            absolute("//evil.com/x", &["http://a.com", "mailto:a@b.com"]),
            "http://evil.com/x"
        );
        assert_eq!(
            absolute("//evil.com/x", &["http://a.com", "https://b.com"]),
            "https://evil.com/x"
        );
        let both = ["http://EVIL.com/y", "https://b.com"];
        assert_eq!(absolute("//evil.com/x", &both), "http://evil.com/x");
        assert_eq!(absolute("/x", &both), "/x");
        assert_eq!(absolute(r"\\evil.com\x", &both), r"\\evil.com\x");
    }
}
