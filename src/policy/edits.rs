//! Applies what a person changed of an indicator, and says what MISP would not take.

use std::collections::HashMap;

use super::AttributeSpec;
use crate::domain::{Edits, Note, Problem, Reason, Remark, RowEdit};
use crate::indicator::{Indicator, Kind};
use crate::misp::attribute_type::{self, AttributeType};
use crate::misp::value;

/// Most changed indicators that a receipt names.
const NAMED: usize = 20;

/// The changes to indicators, by value.
pub(super) struct RowEdits<'a>(HashMap<&'a str, Vec<&'a RowEdit>>);

impl<'a> RowEdits<'a> {
    pub fn of(edits: &'a Edits) -> Self {
        let mut by_value: HashMap<&str, Vec<&RowEdit>> = HashMap::new();
        for edit in &edits.rows {
            by_value.entry(&edit.value).or_default().push(edit);
        }
        Self(by_value)
    }

    fn find(&self, indicator: &Indicator) -> Option<&'a RowEdit> {
        let is_named = |edit: &&&RowEdit| {
            edit.r#type == indicator.misp_type() || (indicator.kind == Kind::Url && edit.r#type == "link")
        };
        self.0.get(indicator.value.as_str())?.iter().find(is_named).copied()
    }

    /// The attribute as the person wants it.
    pub fn apply(&self, mut spec: AttributeSpec, indicator: &Indicator) -> AttributeSpec {
        let Some(edit) = self.find(indicator) else {
            return spec;
        };
        if let Some(other) = edit.r#as.as_deref().and_then(AttributeType::find) {
            spec.r#type = other.name;
            if !other.allows(spec.category) {
                spec.category = other.default_category;
            }
        }
        let allowed = AttributeType::find(spec.r#type).into_iter();
        let mut allowed = allowed.flat_map(AttributeType::categories);
        if let Some(category) = allowed.find(|category| edit.category.as_deref() == Some(category)) {
            spec.category = category;
        }
        if let Some(to_ids) = edit.to_ids {
            spec.to_ids = to_ids;
            spec.why = Some(&Remark::ByHand);
        }
        if let Some(comment) = &edit.comment {
            let text = comment.trim().to_owned();
            spec.remarks = (!text.is_empty())
                .then_some(Remark::Verbatim { text })
                .into_iter()
                .collect();
        }
        spec
    }
}

/// The first change that MISP would refuse, or drop without a word.
pub fn refused(edits: &Edits) -> Option<Problem> {
    edits.rows.iter().find_map(|edit| {
        let reason = check(edit).err()?;
        Some(Problem::ChangeRefused {
            value: edit.value.clone(),
            reason: Box::new(reason.into()),
        })
    })
}

fn check(edit: &RowEdit) -> Result<(), Reason> {
    if edit.r#as.is_none() && edit.category.is_none() {
        return Ok(());
    }
    let wanted = edit.r#as.as_deref().unwrap_or(&edit.r#type);
    let of_type = AttributeType::find(wanted).map_or("", |known| known.default_category);
    let category = edit.category.as_deref().unwrap_or(of_type);
    attribute_type::check(wanted, category, &value::normalise(wanted, &edit.value))
}

/// What the receipt tells about the changed indicators.
pub(super) fn note(edits: &Edits) -> Option<Note> {
    let changed = edits.rows.iter().filter(|edit| edit.fields().next().is_some());
    let count = changed.clone().count();
    let rows = changed.take(NAMED).map(|edit| {
        let fields: Vec<_> = edit.fields().collect();
        format!("{} ({})", edit.value, fields.join(", "))
    });
    let rows: Vec<String> = rows.collect();
    (count > 0).then_some(Note::RowsChangedByHand { rows, count })
}
