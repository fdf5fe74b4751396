//! MISP's object templates: what an object of a kind may hold and as which attribute type. They are compiled in, and each
//! one is parsed when it is first used. Whoever makes an object fills in the values.

use super::attribute_type::AttributeType;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// An object template.
#[derive(Debug, Deserialize)]
#[allow(missing_docs)]
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

/// What a template says of one of its relations.
#[derive(Debug, Deserialize)]
pub struct Relation {
    /// MISP's attribute type.
    #[serde(rename = "misp-attribute")]
    pub r#type: Cow<'static, str>,
    /// The categories that fit, the first as default; empty: as the type has it.
    #[serde(default)]
    pub categories: Vec<Cow<'static, str>>,
    /// The value is too common to lead from one event to another.
    #[serde(default)]
    pub disable_correlation: bool,
    /// `None`: as the type has it.
    #[serde(default)]
    pub to_ids: Option<bool>,
    /// The relation may be there more than once.
    #[serde(default)]
    pub multiple: bool,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        /// Text and, once used, meaning of each template.
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
    "domain-ip",
    "elf",
    "elf-section",
    "email",
    "file",
    "macho",
    "macho-section",
    "pe",
    "pe-section",
    "phishing",
    "script",
    "url",
];

impl Relation {
    /// The category for a value: the first that the template names and the type allows, else the type's own. (MISP's
    /// template `ip-port` names one that no port may have: MISP would drop such an attribute silently.)
    pub fn category(&self) -> &str {
        let known = AttributeType::find(&self.r#type);
        let allowed = |category: &&Cow<'static, str>| known.is_some_and(|known| known.allows(category));
        match self.categories.iter().find(allowed) {
            Some(category) => category,
            None => known.map_or("Other", |known| known.default_category),
        }
    }

    /// Whether a value is for detection, unless there is a reason why not.
    pub fn for_detection(&self) -> bool {
        self.to_ids
            .unwrap_or_else(|| AttributeType::find(&self.r#type).is_some_and(|known| known.to_ids))
    }
}

impl Template {
    /// The template of this name, if it is one that we carry.
    pub fn find(name: &str) -> Option<&'static Self> {
        let (_, text, parsed) = TEMPLATES.iter().find(|(known, ..)| *known == name)?;
        parsed.get_or_init(|| serde_json::from_str(text).ok()).as_ref()
    }

    /// The template of this name, which must be one that we carry: for names written in the program.
    ///
    /// # Panics
    /// On any other name.
    #[allow(clippy::expect_used)] // a test reads every template
    pub fn get(name: &str) -> &'static Self {
        Self::find(name).expect("the template is in data/objects")
    }

    /// One relation, or nothing when the template does not know it.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.attributes.get(name)
    }

    /// The attribute type of a relation; that of free text when the template does not know it.
    pub fn type_of(&self, relation: &str) -> &str {
        self.relation(relation).map_or("text", |rule| &rule.r#type)
    }

    /// All relations, by name.
    pub fn relations(&self) -> impl Iterator<Item = (&str, &Relation)> {
        self.attributes.iter().map(|(name, relation)| (name.as_ref(), relation))
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
