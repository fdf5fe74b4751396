//! What mails are taken for, and why, for `extract --modes` and for receipts.

use serde::Serialize;

use super::args::IndicatorFormat;
use super::failure::Failure;
use super::output::{Out, printable};
use crate::domain::{By, Judgement};
use crate::pipeline::Look;
use crate::policy::mode::Says;

const HEADINGS: [&str; 5] = ["mail", "mode", "by", "facts", "sender"];

#[derive(Serialize)]
struct Line<'a> {
    mail: &'a str,
    #[serde(flatten)]
    look: &'a Look,
}

/// Prints a line about a mail.
pub fn print(out: &mut Out, format: IndicatorFormat, mail: &str, look: &Look) -> Result<(), Failure> {
    let facts = match &look.evidence {
        Some(evidence) => evidence.iter().map(|one| match one.says {
            Says::Decides(mode) => format!("{} [{}]", one.fact, mode.name()),
            Says::Weighs(weight) | Says::Supports(weight) => format!("{} [{weight:+}]", one.fact),
        }),
        None => return print_cells(out, format, mail, look, joined(&look.judgement)),
    };
    let facts: Vec<String> = facts.collect();
    print_cells(out, format, mail, look, facts.join(", "))
}

fn print_cells(out: &mut Out, format: IndicatorFormat, mail: &str, look: &Look, facts: String) -> Result<(), Failure> {
    let Judgement { is, by, .. } = look.judgement;
    let sender = look
        .authentication
        .as_ref()
        .map_or_else(String::new, |found| found.said().text.into_owned());
    let cells = [
        mail.to_owned(),
        is.name().to_owned(),
        by.name().to_owned(),
        facts,
        sender,
    ];
    match format {
        IndicatorFormat::Json => out.json(&Line { mail, look }),
        IndicatorFormat::Csv => out.csv(HEADINGS, &cells),
        IndicatorFormat::Table => out.line(&cells.map(|cell| printable(&cell)).join("\t")),
    }
}

fn joined(judgement: &Judgement) -> String {
    let facts: Vec<&str> = judgement.facts.iter().map(|fact| &*fact.text).collect();
    facts.join(", ")
}

/// `sample, detected: live links: 3, DMARC failed`
pub fn worded(judgement: &Judgement) -> String {
    let mode = judgement.is.name();
    match judgement.by {
        By::Detected => format!("{mode}, detected: {}", joined(judgement)),
        By::Configured | By::Chosen => format!("{mode}, {}", judgement.by.name()),
    }
}
