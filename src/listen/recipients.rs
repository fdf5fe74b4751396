//! Finds the profile for a recipient.

use std::collections::HashMap;

use crate::domain::host;

#[derive(Debug, Default)]
pub(super) struct Recipients {
    profiles: HashMap<String, String>,
    /// Whether to refuse recipients without an entry.
    only_known: bool,
}

/// The recipient has no entry, and such recipients are refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown;

impl Recipients {
    /// `profiles` has names of profiles with their addresses (`trap@example.org`) and domains (`example.org`, with all
    /// below).
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

    /// The profile for an address; `None` for the top level. An entry for the address comes before one for its domain,
    /// and that before one for a domain above.
    pub(super) fn profile(&self, address: &str) -> Result<Option<&str>, Unknown> {
        let address = address.to_lowercase();
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let found = std::iter::once(address.as_str())
            .chain(host::and_above(domain))
            .find_map(|name| self.profiles.get(name));
        match found {
            Some(profile) => Ok(Some(profile)),
            None if self.only_known => Err(Unknown),
            None => Ok(None),
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
        assert_eq!(open.profile("trap@EXAMPLE.org"), Ok(Some("one")));
        assert_eq!(open.profile("other@example.org"), Ok(Some("two")));
        assert_eq!(open.profile("x@deep.sub.example.org"), Ok(Some("three")));
        assert_eq!(open.profile("x@example.net"), Ok(None));
        assert_eq!(open.profile("postmaster"), Ok(None));
        assert_eq!(Recipients::new(&given, true).profile("x@example.net"), Err(Unknown));
    }
}
