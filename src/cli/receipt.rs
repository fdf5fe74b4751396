//! Shows a delivery to a person.

use uuid::Uuid;

use super::failure::{Exit, Failure};
use super::modes;
use super::output::{self, BAD, FAINT, GOOD, HEADING, Out, WAITING, printable};
use crate::domain::Status;
use crate::event::report::defang;
use crate::misp::event::{Attribute, Draft};
use crate::pipeline::delivery::{Delivery, Fault};

/// Most lines for attributes, and for skipped indicators. `outbox show` and the event have all of them.
const MAX_LINES: usize = 25;

/// Prints the outcome of one submission.
pub fn print(out: &mut Out, origin: &str, delivery: &Delivery) -> Result<(), Failure> {
    let receipt = &delivery.receipt;
    let (style, word) = match receipt.status {
        Status::Created => (GOOD, "created"),
        Status::Updated => (GOOD, "updated"),
        Status::Unchanged => (GOOD, "unchanged"),
        Status::Queued => (WAITING, "queued"),
        Status::Failed => (BAD, "failed"),
    };
    out.line(&format!("{style}{word}{style:#}  {}", printable(origin)))?;
    if let Some(draft) = &delivery.draft {
        print_event(out, draft, receipt.uuid.unwrap_or(draft.event.uuid))?;
    }
    if let Some(judgement) = &receipt.mode {
        out.line(&format!("  taken as  {}", printable(&modes::worded(judgement))))?;
    }
    if let Some(authentication) = &receipt.authentication {
        out.line(&format!("  sender    {}", printable(&authentication.said().text)))?;
    }
    for skipped in receipt.skipped.iter().take(MAX_LINES) {
        let value = printable(&defang(&skipped.value));
        out.line(&format!(
            "  {FAINT}skipped{FAINT:#}  {:16} {value}: {}",
            skipped.r#type,
            printable(&skipped.reason.text)
        ))?;
    }
    more(out, receipt.skipped.len(), "skipped")?;
    for note in &receipt.notes {
        out.line(&format!("  {WAITING}note{WAITING:#}     {}", printable(&note.text)))?;
    }
    if let Some(url) = &receipt.url {
        out.line(&format!("  event    {}", printable(url)))?;
    }
    if let Some(error) = &receipt.error {
        out.line(&format!(
            "  {style}{word}{style:#}   {} (outbox entry {})",
            printable(&error.text),
            delivery.id
        ))?;
    }
    Ok(())
}

/// `uuid` is that of the event at the destination, which the draft may only add to.
fn print_event(out: &mut Out, draft: &Draft, uuid: Uuid) -> Result<(), Failure> {
    let event = &draft.event;
    out.line(&format!("  {HEADING}{}{HEADING:#}", printable(&event.info)))?;
    let tags: Vec<&str> = event.tags.iter().map(|tag| tag.name.as_str()).collect();
    out.line(&format!(
        "  {FAINT}{}{FAINT:#}  {}  {}",
        uuid,
        event.date,
        printable(&tags.join(", "))
    ))?;
    for attribute in event.attributes.iter().take(MAX_LINES) {
        out.line(&attribute_line(attribute))?;
    }
    more(out, event.attributes.len(), "attributes")?;
    for object in &event.objects {
        let name = object.attributes.iter().find(|attribute| {
            matches!(
                attribute.object_relation.as_deref(),
                Some("subject" | "filename" | "hostname" | "domain" | "name")
            )
        });
        let name = name
            .map(|attribute| printable(&defang(&attribute.value)))
            .unwrap_or_default();
        out.line(&format!(
            "  {:16} {name} ({} attributes)",
            object.name,
            object.attributes.len()
        ))?;
    }
    Ok(())
}

fn attribute_line(attribute: &Attribute) -> String {
    let ids = if attribute.to_ids { "ids" } else { "   " };
    let comment = if attribute.comment.is_empty() {
        String::new()
    } else {
        format!("  # {}", attribute.comment)
    };
    let value = printable(&defang(&attribute.value));
    format!("  {:16} {ids}  {value}{}", attribute.r#type, printable(&comment))
}

fn more(out: &mut Out, all: usize, what: &str) -> Result<(), Failure> {
    match all.checked_sub(MAX_LINES).filter(|more| *more > 0) {
        Some(more) => out.line(&format!("  … and {more} more {what}")),
        None => Ok(()),
    }
}

/// The command fails if somebody has to do something before a submission that is kept can be delivered. One that waits for a server
/// is no failure.
pub fn failure(origin: &str, delivery: &Delivery) -> Option<Failure> {
    delivery.fault.map(|fault| {
        let reason = delivery.receipt.error.as_ref().map_or("it failed", |error| &error.text);
        let advice = format!(
            "it is kept as outbox entry {0}; remove the cause, then run `mispigeon outbox retry {0}`",
            delivery.id
        );
        let exit = match fault {
            Fault::Settings => Exit::Config,
            Fault::Program => Exit::Software,
            Fault::Storage => Exit::CannotCreate,
            Fault::Destination => Exit::NoPermission,
        };
        Failure::new(exit, format!("{}: {reason}; {advice}", output::printable(origin)))
    })
}
