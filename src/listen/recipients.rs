//! Which profile a recipient's mail is treated by.

use std::collections::HashMap;

/// Addresses and domains with their profiles.
#[derive(Debug, Default)]
pub(super) struct Recipients {
    profiles: HashMap<String, String>,
    /// Refuse those that nothing is said about.
    only_known: bool,
}

impl Recipients {
    /// `profiles`: a profile's name and its addresses (`trap@example.org`) and domains (`example.org`, with all below it).
    pub(super) fn new(profiles: &[(String, Vec<String>)], only_known: bool) -> Self {
        let entries = profiles.iter().flat_map(|(profile, names)| {
            let entry = |name: &String| (name.trim_start_matches('@').to_lowercase(), profile.clone());
            names.iter().map(entry)
        });
        Self {
            profiles: entries.collect(),
            only_known,
        }
    }

    /// The profile for an address, `None` inside for the top level; `None` when it is refused. The address itself goes before
    /// its domain, that before the domains above it.
    pub(super) fn profile(&self, address: &str) -> Option<Option<&str>> {
        let address = address.to_lowercase();
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let above = domain.match_indices('.').filter_map(|(at, _)| domain.get(at + 1..));
        let found = [address.as_str(), domain]
            .into_iter()
            .chain(above)
            .find_map(|name| self.profiles.get(name));
        match found {
            Some(profile) => Some(Some(profile)),
            None if self.only_known => None,
            None => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_name_wins() {
        let given = [
            ("one".to_owned(), vec!["Trap@Example.org".to_owned()]),
            ("two".to_owned(), vec!["example.org".to_owned()]),
            ("three".to_owned(), vec!["@sub.example.org".to_owned()]),
        ];
        let open = Recipients::new(&given, false);
        assert_eq!(open.profile("trap@EXAMPLE.org"), Some(Some("one")));
        assert_eq!(open.profile("other@example.org"), Some(Some("two")));
        assert_eq!(open.profile("x@deep.sub.example.org"), Some(Some("three")));
        assert_eq!(open.profile("x@example.net"), Some(None));
        assert_eq!(open.profile("postmaster"), Some(None));
        assert_eq!(Recipients::new(&given, true).profile("x@example.net"), None);
    }
}
