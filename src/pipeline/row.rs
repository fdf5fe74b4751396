//! The result of a mail as rows for JSON, CSV and tables: one for each attribute sent and each find left out.

use hashbrown::HashSet;
use serde::Serialize;

use crate::domain::{FoundAs, Reason, Remark};
use crate::indicator::Indicator;
use crate::policy::{self, Action, Case, Content, Entry, FileAction, FilePlan, ObjectPlan, Plan};

/// One attribute that is sent, or one find that is not.
#[derive(Serialize)]
pub struct Row<'a> {
    r#type: &'a str,
    value: &'a str,
    category: &'a str,
    to_ids: bool,
    /// Why it has the IDS flag, or has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a Remark>,
    comment: String,
    /// The parts of `comment`.
    #[serde(skip_serializing_if = "<[Remark]>::is_empty")]
    remarks: &'a [Remark],
    found_in: &'a str,
    /// Counts from 1; 0 if the value is in no line of a text.
    line: u32,
    /// None of what was not found in the mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    found_as: Option<FoundAs>,
    action: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a Reason>,
    /// Name of the object that has the attribute, and its relation there.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relation: Option<&'a str>,
}

/// A find and its place.
#[derive(Clone, Copy)]
struct Whereabouts<'a> {
    r#type: &'a str,
    value: &'a str,
    part: &'a str,
    line: u32,
    found_as: Option<FoundAs>,
    remarks: &'a [Remark],
}

impl<'a> Row<'a> {
    pub fn new(indicator: &'a Indicator, action: &'a Action) -> Self {
        let found = Whereabouts {
            r#type: indicator.misp_type(),
            value: &indicator.value,
            part: &indicator.place.part,
            line: indicator.place.line,
            found_as: Some(indicator.found_as),
            remarks: &indicator.remarks,
        };
        Self::decided(found, action)
    }

    fn in_object(object: &'a ObjectPlan, entry: &'a Entry, part: &'a str) -> Self {
        let found = Whereabouts {
            r#type: object.template.type_of(entry.relation),
            value: &entry.value,
            part,
            line: 0,
            found_as: of_part(part),
            remarks: &[],
        };
        Self {
            object: Some(&object.template.name),
            relation: Some(entry.relation),
            ..Self::decided(found, &entry.action)
        }
    }

    fn decided(found: Whereabouts<'a>, action: &'a Action) -> Self {
        let (action, spec) = match action {
            Action::Add(spec) => ("add", spec),
            Action::Link(spec) => ("link", spec),
            Action::Skip(reason) => return Self::skipped(found, reason),
        };
        Self {
            r#type: spec.r#type,
            value: spec.sent(found.value),
            category: spec.category,
            to_ids: spec.to_ids,
            why: spec.why,
            comment: spec.comment(),
            remarks: &spec.remarks,
            found_in: found.part,
            line: found.line,
            found_as: found.found_as,
            action,
            reason: None,
            object: None,
            relation: None,
        }
    }

    fn skipped(found: Whereabouts<'a>, reason: &'a Reason) -> Self {
        Self {
            r#type: found.r#type,
            value: found.value,
            category: "",
            to_ids: false,
            why: None,
            comment: policy::comment(found.remarks),
            remarks: found.remarks,
            found_in: found.part,
            line: found.line,
            found_as: found.found_as,
            action: "skip",
            reason: Some(reason),
            object: None,
            relation: None,
        }
    }

    pub fn is_skipped(&self) -> bool {
        self.reason.is_some()
    }

    pub fn is_in_object(&self) -> bool {
        self.object.is_some()
    }

    pub fn value(&self) -> &'a str {
        self.value
    }

    /// The cells under [`HEADINGS`].
    pub fn cells(&self) -> [String; 12] {
        [
            self.action.to_owned(),
            self.r#type.to_owned(),
            self.value.to_owned(),
            self.category.to_owned(),
            if self.to_ids { "ids" } else { "" }.to_owned(),
            self.object.unwrap_or_default().to_owned(),
            self.relation.unwrap_or_default().to_owned(),
            self.found_in.to_owned(),
            if self.line == 0 {
                String::new()
            } else {
                self.line.to_string()
            },
            self.comment.clone(),
            self.reason.map(Reason::to_string).unwrap_or_default(),
            self.why.map(Remark::to_string).unwrap_or_default(),
        ]
    }
}

/// How the attribute of an object was found, by the part that it is about.
fn of_part(part: &str) -> Option<FoundAs> {
    match part {
        "header" => Some(FoundAs::Header),
        part if part.starts_with("attachment ") => Some(FoundAs::Attachment),
        _ => None,
    }
}

pub const HEADINGS: [&str; 12] = [
    "action", "type", "value", "category", "ids", "object", "relation", "found in", "line", "comment", "reason", "why",
];

/// Takes rows, some at a time.
pub type Each<'a> = dyn FnMut(&[Row<'_>]) + 'a;

/// Most rows at a time.
const ROWS: usize = 4096;

/// Calls `each` with all rows of an event, in its order, each attribute once. A find that is sent from one place is not
/// reported as skipped from another.
pub fn of_event(case: &Case<'_>, plan: &Plan, each: &mut Each<'_>) {
    indicators(case, plan, each);
    let emails = plan.nodes.iter().filter_map(|node| node.email.as_ref());
    emails.for_each(|email| object(email, "header", each));
    let codes = plan.nodes.iter().flat_map(|node| &node.codes);
    codes.for_each(|code| object(code, "body", each));
    let mut known = HashSet::new();
    for (node, node_plan) in case.nodes.iter().zip(&plan.nodes) {
        for (file, plan) in node.files().iter().zip(&node_plan.files) {
            of_file(file.label, plan, &mut known, each);
        }
    }
    plan.dns.iter().for_each(|answer| object(answer, "DNS", each));
    plan.redirects
        .iter()
        .for_each(|redirect| object(&ObjectPlan::of_url(&redirect.url), "redirect", each));
    plan.extracted
        .iter()
        .for_each(|url| object(&ObjectPlan::of_url(&url.url), "link in a file", each));
    plan.phishing.iter().for_each(|page| object(page, "page", each));
}

fn indicators(case: &Case<'_>, plan: &Plan, each: &mut Each<'_>) {
    let decided = || {
        let nodes = case.nodes.iter().zip(&plan.nodes);
        nodes.flat_map(|(node, plan)| node.indicators.iter().zip(&plan.actions))
    };
    if case.nodes.len() == 1 {
        // One mail has no duplicate finds.
        let mut rows = decided().map(|(indicator, action)| Row::new(indicator, action));
        let mut some = || rows.by_ref().take(ROWS).collect::<Vec<_>>();
        let pieces = std::iter::from_fn(|| Some(some()).filter(|rows| !rows.is_empty()));
        return pieces.for_each(|rows| each(&rows));
    }
    let sent: HashSet<_> = decided()
        .filter(|(_, action)| action.is_sent())
        .map(|(indicator, _)| (indicator.kind, indicator.value.as_str()))
        .collect();
    let mut told = HashSet::new();
    for (indicator, action) in decided() {
        let key = (indicator.kind, indicator.value.as_str());
        if (action.is_sent() || !sent.contains(&key)) && told.insert(key) {
            each(&[Row::new(indicator, action)]);
        }
    }
}

fn of_file<'a>(name: &str, file: &'a FilePlan, known: &mut HashSet<(&'static str, &'a str)>, each: &mut Each<'_>) {
    if let FileAction::Skip(reason) = &file.action {
        let found = Whereabouts {
            r#type: "attachment",
            value: name,
            part: "attachment",
            line: 0,
            found_as: Some(FoundAs::Attachment),
            remarks: &[],
        };
        each(&[Row::skipped(found, reason)]);
    }
    let part = format!("attachment {name}");
    // The same file in two mails is one object.
    for plan in file.objects.iter().chain(&file.inside) {
        if known.insert((&plan.template.name, &plan.key)) {
            object(plan, &part, each);
        }
    }
}

fn object(plan: &ObjectPlan, part: &str, each: &mut Each<'_>) {
    for entry in &plan.entries {
        let part = match entry.content {
            Content::Original | Content::ZippedOriginal => "message",
            _ if entry.relation.starts_with("email-body") => "body",
            _ => part,
        };
        each(&[Row::in_object(plan, entry, part)]);
    }
}

/// A CSV record (RFC 4180) without its line end. Puts an apostrophe before a cell that would be a formula.
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
