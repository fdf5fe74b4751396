//! One indicator with what becomes of it, as a line of a list: for JSON, CSV and tables, whoever prints them.

use serde::Serialize;

use crate::indicator::Indicator;
use crate::policy::Action;

/// One indicator, as the JSON and CSV formats show it.
#[derive(Serialize)]
pub struct Row<'a> {
    r#type: &'a str,
    value: &'a str,
    category: &'a str,
    to_ids: bool,
    comment: &'a str,
    found_in: &'a str,
    line: u32,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> Row<'a> {
    /// The row of an indicator and what becomes of it.
    pub fn new(indicator: &'a Indicator, action: &'a Action) -> Self {
        let (action, spec, reason) = match action {
            Action::Add(spec) => ("add", Some(spec), None),
            Action::Link(spec) => ("link", Some(spec), None),
            Action::Skip(reason) => ("skip", None, Some(reason.as_str())),
        };
        Self {
            r#type: spec.map_or_else(|| indicator.kind.misp_type(), |spec| spec.r#type),
            value: &indicator.value,
            category: spec.map_or("", |spec| spec.category),
            to_ids: spec.is_some_and(|spec| spec.to_ids),
            comment: spec.map_or_else(|| indicator.note.as_deref().unwrap_or_default(), |spec| &spec.comment),
            found_in: &indicator.place.part,
            line: indicator.place.line,
            action,
            reason,
        }
    }

    /// The cells under [`HEADINGS`].
    pub fn cells(&self) -> [String; 9] {
        [
            self.action.to_owned(),
            self.r#type.to_owned(),
            self.value.to_owned(),
            self.category.to_owned(),
            if self.to_ids { "ids" } else { "" }.to_owned(),
            self.found_in.to_owned(),
            self.line.to_string(),
            self.comment.to_owned(),
            self.reason.unwrap_or_default().to_owned(),
        ]
    }
}

/// The headings of the cells.
pub const HEADINGS: [&str; 9] = [
    "action", "type", "value", "category", "ids", "found in", "line", "comment", "reason",
];

/// A CSV record (RFC 4180) without its line end. A cell that a spreadsheet would take for a formula gets an apostrophe in
/// front.
pub fn csv_record(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
    cells.join(",")
}

/// The headings as a CSV record.
pub fn csv_headings(headings: &[&str]) -> String {
    headings.join(",").replace(' ', "_")
}

fn csv_cell(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_cells_survive_readers_and_spreadsheets() {
        let cases = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=cmd()", "'=cmd()"),
            ("two\nlines", "\"two\nlines\""),
        ];
        for (cell, expected) in cases {
            assert_eq!(csv_cell(cell), expected);
        }
    }
}
