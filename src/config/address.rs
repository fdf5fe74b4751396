//! The address of a server, as people give it: with a page behind it, without a scheme, or with a slip in that.

use std::fmt;
use std::ops::Deref;

use url::Url;

/// A server's address: http or https, a host, and the folder that MISP lies in, if any. Without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// What the addresses of MISP's own pages begin with.
const PAGES: [&str; 36] = [
    "admin",
    "allowedlists",
    "analyst_data",
    "attributes",
    "auth_keys",
    "communities",
    "correlation_exclusions",
    "correlations",
    "dashboards",
    "decayingModel",
    "eventBlocklists",
    "eventReports",
    "event_reports",
    "events",
    "feeds",
    "galaxies",
    "galaxy_clusters",
    "jobs",
    "logs",
    "news",
    "noticelists",
    "objectTemplates",
    "objects",
    "orgBlocklists",
    "organisations",
    "pages",
    "roles",
    "servers",
    "sharing_groups",
    "shadow_attributes",
    "sightings",
    "tag_collections",
    "tags",
    "taxonomies",
    "users",
    "warninglists",
];

impl Address {
    /// Reads an address. Corrects what can only be meant in one way; `None` if that is not so.
    pub fn of(text: &str) -> Option<Self> {
        let (scheme, rest) = scheme_and_rest(text.trim())?;
        let mut whole = format!("{scheme}://{}", without_page(rest));
        let url = Url::parse(&whole).ok()?;
        // A password would be shown wherever the address is.
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let cut = whole.trim_end_matches('/').len();
        whole.truncate(cut);
        url.has_host().then_some(Self(whole))
    }
}

/// The scheme that is meant, and what follows it.
fn scheme_and_rest(text: &str) -> Option<(&'static str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(end)?;
    let rest = behind.trim_start_matches([':', ';', '/', '\\']);
    let separator = behind.split_at_checked(behind.len() - rest.len())?.0;
    if separator.len() > 1
        && let Some(scheme) = scheme(word)
    {
        return Some((scheme, rest));
    }
    let host = text.split(['/', '?', '#']).next()?;
    let is_host = host == "localhost" || (host.contains(['.', ':']) && !host.contains('@'));
    (is_host && !separator.contains("//")).then_some(("https", text))
}

/// The scheme that a word stands for, perhaps with a slip: `htps`, `HTTP`, `hhttps`.
fn scheme(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let schemes = ["https", "http"].into_iter().filter(|_| word.starts_with('h'));
    let slips = |scheme: &&str| strsim::levenshtein(&word, scheme);
    schemes.min_by_key(slips).filter(|scheme| slips(scheme) < 3)
}

/// Host and folder, without one of MISP's pages and without a query.
fn without_page(rest: &str) -> &str {
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let mut at = 0;
    for (index, segment) in rest.split('/').enumerate() {
        if index > 0 && PAGES.iter().any(|page| page.eq_ignore_ascii_case(segment)) {
            return rest.get(..at).unwrap_or(rest);
        }
        at += segment.len() + 1;
    }
    rest
}

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_is_refused_without_repeating_it() {
        for url in [
            "https://me:hunter2@misp.example.org",
            "hunter2@misp.example.org",
            "https:/me:hunter2@misp.example.org/",
        ] {
            assert_eq!(Address::of(url), None, "{url}");
            let text = format!("[misp]\nurl = '{url}'\n");
            let error = crate::config::Config::parse(std::path::Path::new("c"), &text)
                .unwrap_err()
                .to_string();
            assert!(error.contains("misp.url") && !error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn what_people_paste_is_corrected() {
        for (given, meant) in [
            ("https://misp.example.org", "https://misp.example.org"),
            ("https://misp.example.org/", "https://misp.example.org"),
            ("HTTPS://misp.example.org//", "https://misp.example.org"),
            ("https://misp.example.org/events/index", "https://misp.example.org"),
            (
                "https://misp.example.org/events/view/12?focus=x#y",
                "https://misp.example.org",
            ),
            ("https://example.org/misp/users/login", "https://example.org/misp"),
            ("https://example.org/misp/", "https://example.org/misp"),
            (
                "https://example.org/tools/events-misp",
                "https://example.org/tools/events-misp",
            ),
            (" misp.example.org ", "https://misp.example.org"),
            (
                "misp.example.org:8443/misp/events",
                "https://misp.example.org:8443/misp",
            ),
            ("10.0.0.7", "https://10.0.0.7"),
            ("localhost", "https://localhost"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https//misp.example.org", "https://misp.example.org"),
            ("https:/misp.example.org", "https://misp.example.org"),
            ("https:\\\\misp.example.org", "https://misp.example.org"),
            ("http;//misp.example.org", "http://misp.example.org"),
            ("htps://misp.example.org", "https://misp.example.org"),
            ("hhttp://misp.example.org", "http://misp.example.org"),
            ("https://[2001:db8::1]:8443/servers/index", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(Address::of(given).as_deref(), Some(meant), "{given}");
        }
    }

    #[test]
    fn what_may_mean_anything_is_refused() {
        for given in [
            "",
            "misp",
            "ftp://misp.example.org",
            "https://",
            "//",
            "file:///etc/passwd",
            "javascript://x",
            "a b.c",
        ] {
            assert_eq!(Address::of(given), None, "{given}");
        }
    }
}
