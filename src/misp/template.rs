//! MISP's object templates: which relations a kind of object may have, and their attribute types. They are compiled in.
//! Each is parsed at its first use. The policy fills in the values.

use super::attribute_type::AttributeType;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

#[derive(Debug, Deserialize)]
pub struct Template {
    pub name: Cow<'static, str>,
    pub uuid: Cow<'static, str>,
    pub version: u32,
    #[serde(default)]
    pub description: String,
    #[serde(rename = "meta-category")]
    pub meta_category: Cow<'static, str>,
    attributes: BTreeMap<Cow<'static, str>, Relation>,
}

/// What a template says about one of its relations.
#[derive(Debug, Deserialize)]
pub struct Relation {
    #[serde(rename = "misp-attribute")]
    pub r#type: Cow<'static, str>,
    /// The categories that fit, the default first. Empty: those of the type.
    #[serde(default)]
    pub categories: Vec<Cow<'static, str>>,
    /// True if the value is too common to relate events to each other.
    #[serde(default)]
    pub disable_correlation: bool,
    /// `None`: the default of the type.
    #[serde(default)]
    pub to_ids: Option<bool>,
    /// Whether an object may have the relation more than once.
    #[serde(default)]
    pub multiple: bool,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        /// Name, text, and the parsed template once it was used.
        static TEMPLATES: &[(&str, &str, &OnceLock<Option<Template>>)] = &[$((
            $name,
            include_str!(concat!("../../data/objects/", $name, ".json")),
            {
                static PARSED: OnceLock<Option<Template>> = OnceLock::new();
                &PARSED
            },
        )),*];
    };
}

embedded![
    "decoded-qrcode",
    "domain-ip",
    "elf",
    "elf-section",
    "email",
    "file",
    "lnk",
    "macho",
    "macho-section",
    "pe",
    "pe-section",
    "phishing",
    "script",
    "url",
];

impl Relation {
    /// The category of a value: the first that the template names and the type allows, else the type's default. (MISP's
    /// template `ip-port` names one that the type `port` does not allow, and MISP would drop such an attribute
    /// silently.)
    pub fn category(&self) -> &str {
        let known = AttributeType::find(&self.r#type);
        let allowed = |category: &&Cow<'static, str>| known.is_some_and(|known| known.allows(category));
        match self.categories.iter().find(allowed) {
            Some(category) => category,
            None => known.map_or("Other", |known| known.default_category),
        }
    }

    /// The default for the IDS flag.
    pub fn for_detection(&self) -> bool {
        self.to_ids
            .unwrap_or_else(|| AttributeType::find(&self.r#type).is_some_and(|known| known.to_ids))
    }
}

impl Template {
    /// `None` if the program does not contain the template.
    pub fn find(name: &str) -> Option<&'static Self> {
        let (_, text, parsed) = TEMPLATES.iter().find(|(known, ..)| *known == name)?;
        parsed.get_or_init(|| serde_json::from_str(text).ok()).as_ref()
    }

    /// For names written in the source: the program must contain the template.
    ///
    /// # Panics
    /// On any other name.
    #[allow(clippy::expect_used)] // a test reads every template
    pub fn get(name: &str) -> &'static Self {
        Self::find(name).expect("the template is in data/objects")
    }

    /// `None` if the template does not know the relation.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.attributes.get(name)
    }

    /// The attribute type of a relation; `text` if the template does not know it.
    pub fn type_of(&self, relation: &str) -> &str {
        self.relation(relation).map_or("text", |rule| &rule.r#type)
    }

    pub fn relations(&self) -> impl Iterator<Item = (&str, &Relation)> {
        self.attributes.iter().map(|(name, relation)| (name.as_ref(), relation))
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
