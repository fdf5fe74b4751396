//! MISP's attribute types: their categories and defaults, and whether MISP would take a value (measured on MISP 2.5).
//! How MISP rewrites a value before it checks it is in [`super::value`].

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::domain::Reason;

mod format;
mod shape;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeType {
    pub name: &'static str,
    /// MISP's default for the IDS flag.
    pub to_ids: bool,
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
    pub fn find(name: &str) -> Option<&'static Self> {
        TYPES.get(name)
    }

    pub fn all() -> impl Iterator<Item = &'static Self> {
        TYPES.values()
    }

    /// Whether the attribute carries a file beside its value.
    pub fn is_file(&self) -> bool {
        matches!(self.name, "attachment" | "malware-sample")
    }

    pub fn allows(&self, category: &str) -> bool {
        self.default_category == category || self.others.contains(&category)
    }

    /// The default category comes first.
    pub fn categories(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.default_category).chain(self.others.iter().copied())
    }

    /// Whether a value is two values joined by `|`.
    pub fn is_composite(&self) -> bool {
        self.name.contains('|') || self.name == "malware-sample"
    }
}

/// The size of MISP's column, in bytes.
pub const MAX_VALUE: usize = 65_535;

/// Whether MISP would store this, or why not. Checks `value` as it is; MISP checks it after what
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
        _ if (!known.is_composite() || value.bytes().filter(|byte| *byte == b'|').count() == 1)
            && format::fits(r#type, value) =>
        {
            Ok(())
        }
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
