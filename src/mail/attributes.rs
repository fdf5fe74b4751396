//! The attributes of an HTML tag that matter: those that can hold a link, or decide about one, or about whether a text is seen.

/// The attributes of one tag that matter here; the first of a name counts.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(&'static str, String)>);

/// Their names in order.
const KNOWN: [&str; 35] = [
    "action",
    "action-xhr",
    "archive",
    "attributename",
    "background",
    "bgcolor",
    "charset",
    "cite",
    "class",
    "code",
    "codebase",
    "color",
    "content",
    "data",
    "dynsrc",
    "formaction",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "imagesrcset",
    "longdesc",
    "lowsrc",
    "originalsrc",
    "ping",
    "poster",
    "profile",
    "src",
    "srcdoc",
    "srcset",
    "style",
    "text",
    "to",
    "values",
    "xlink:href",
];

impl Attributes {
    /// Adds a name, then its value.
    pub fn add(&mut self, name: &str, value: &str) {
        let Ok(at) = KNOWN.binary_search(&name) else { return };
        let Some(name) = KNOWN.get(at).copied() else { return };
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if known.is_empty() => value.clone_into(known),
            Some(_) => {}
            None => self.0.push((name, value.to_owned())),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn cleared(mut self) -> Self {
        self.0.clear();
        self
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_can_be_searched() {
        assert!(super::KNOWN.is_sorted());
    }
}
