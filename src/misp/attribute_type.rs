//! MISP's attribute types: their categories and defaults, and whether MISP would take a value (measured on MISP 2.5). How MISP rewrites a value before it looks at it is in [`super::value`].

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::Reason;

mod format;
mod shape;

/// An attribute type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeType {
    /// MISP's name for it.
    pub name: &'static str,
    /// Whether MISP's default is to use it for detection.
    pub to_ids: bool,
    /// Where MISP puts it unless told.
    pub default_category: &'static str,
    others: Vec<&'static str>,
}

static TYPES: LazyLock<HashMap<&'static str, AttributeType>> = LazyLock::new(|| {
    let lines = include_str!("../../data/attribute_types.csv").lines().skip(1);
    let read = |line: &'static str| {
        let mut cells = line.split(';');
        let name = cells.next()?;
        let to_ids = cells.next()? == "1";
        let default_category = cells.next()?;
        Some((
            name,
            AttributeType {
                name,
                to_ids,
                default_category,
                others: cells.collect(),
            },
        ))
    };
    lines.filter_map(read).collect()
});

impl AttributeType {
    /// What MISP calls `name`, if it does.
    pub fn find(name: &str) -> Option<&'static Self> {
        TYPES.get(name)
    }

    /// Whether the type may be in `category`.
    pub fn allows(&self, category: &str) -> bool {
        self.default_category == category || self.others.contains(&category)
    }

    /// All categories, the default first.
    pub fn categories(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.default_category).chain(self.others.iter().copied())
    }

    /// Two values joined by `|`.
    pub fn is_composite(&self) -> bool {
        self.name.contains('|') || self.name == "malware-sample"
    }
}

/// The most that MISP's column takes, in bytes.
pub const MAX_VALUE: usize = 65_535;

/// Whether MISP would store this; else why not. `value` is taken as it is: MISP itself would first do what
/// [`super::value::normalise`] does.
pub fn check(r#type: &str, category: &str, value: &str) -> Result<(), Reason> {
    let attribute_type = || r#type.to_owned();
    let Some(known) = AttributeType::find(r#type) else {
        return Err(Reason::TypeUnknown {
            attribute_type: attribute_type(),
        });
    };
    if !known.allows(category) {
        return Err(Reason::CategoryNotAllowed {
            attribute_type: attribute_type(),
            category: category.to_owned(),
        });
    }
    match value {
        "" => Err(Reason::ValueEmpty),
        long if long.len() > MAX_VALUE => Err(Reason::ValueTooLong),
        _ if value.chars().all(|character| character.is_ascii_control()) => Err(Reason::ValueControlCharacters),
        _ if (!known.is_composite() || value.matches('|').count() == 1) && format::fits(r#type, value) => Ok(()),
        _ if r#type == "link" => Err(Reason::LinkFormat),
        _ if value.contains('\n') => Err(Reason::ValueNewLine),
        _ => Err(Reason::ValueFormat {
            attribute_type: attribute_type(),
        }),
    }
}

#[cfg(test)]
#[path = "attribute_type_tests.rs"]
mod tests;
