//! Decides whether an attached file is sent, and whether as a sample or as harmless.

use super::wishes::Wishes;
use super::{Case, Detail, FileAction, FilePlan, Node, NodeFile, Sections, file_objects, inside_objects};
use crate::contents::What;
use crate::domain::{Directive, Ending, EndingUse, Reason};
use crate::mail::AttachmentRole;

pub(super) fn decide(
    node: &Node,
    case: &Case,
    wishes: &Wishes<'_>,
    settings: Sections<'_>,
    detail: Detail,
) -> Vec<FilePlan> {
    let benign = case.directives.contains(&Directive::BenignAttachments);
    let mut plans: Vec<FilePlan> = Vec::new();
    for file in &node.files() {
        let around = file
            .inside
            .and_then(|inside| plans.get(inside))
            .map(|plan| &plan.action);
        let action = match around {
            // A person who takes a file out says by name what of its inside goes with it.
            Some(FileAction::Skip(reason)) if *reason != Reason::Deselected => FileAction::Skip(reason.clone()),
            Some(_) if !settings.attachments.inside => FileAction::Skip(Reason::InsideFile),
            _ => action(file, benign, case, wishes, settings),
        };
        let is_asked = detail == Detail::Full && !matches!(action, FileAction::Skip(_));
        let objects = if is_asked {
            file_objects::decide(file, &action)
        } else {
            Vec::new()
        };
        let inside = objects
            .first()
            .map_or_else(Vec::new, |object| inside_objects::decide(file, &object.key));
        plans.push(FilePlan {
            action,
            objects,
            inside,
        });
    }
    plans
}

fn action(file: &NodeFile<'_>, benign: bool, case: &Case, wishes: &Wishes<'_>, settings: Sections<'_>) -> FileAction {
    let name = file.chosen_by().unwrap_or_default();
    if wishes.deselect_file(name) {
        return FileAction::Skip(Reason::Deselected);
    }
    if case.overrides.urls_only {
        return FileAction::Skip(Reason::OnlyUrlsAsked);
    }
    if !wishes.select_file(name)
        && let Some(reason) = reason_to_skip(file, settings)
    {
        return FileAction::Skip(reason);
    }
    let harmless = settings.attachments.benign_text && is_text(file);
    if benign || harmless {
        FileAction::Benign
    } else {
        FileAction::Sample
    }
}

fn reason_to_skip(file: &NodeFile<'_>, settings: Sections<'_>) -> Option<Reason> {
    match file.role {
        AttachmentRole::Signature => Some(Reason::SignaturePart),
        AttachmentRole::Contact => Some(Reason::ContactCard),
        AttachmentRole::Report => Some(Reason::DeliveryReport),
        AttachmentRole::InlineImage if !settings.attachments.inline_images && !holds_code(file) => {
            Some(Reason::InlineImage)
        }
        _ if file.bytes.is_empty() && settings.attachments.skip_empty => Some(Reason::EmptyFile),
        _ => None,
    }
}

/// A picture with a code is no logo, it is the lure.
fn holds_code(file: &NodeFile<'_>) -> bool {
    let mut pieces = file.opened.iter().flat_map(|opened| &opened.pieces);
    pieces.any(|piece| matches!(piece.what, What::Code(_)))
}

/// Whether it is a text file by name or type, and by content too. A program called report.txt stays a sample, and so
/// does a table with a cell that makes a spreadsheet run a command.
fn is_text(file: &NodeFile<'_>) -> bool {
    let ending = Ending::of_file(file.name, file.content_type);
    let by_name = ending.is_some_and(|ending| ending.is(EndingUse::Text));
    let head = file.bytes.get(..file.bytes.len().min(8192)).unwrap_or_default();
    let is_binary =
        head.starts_with(b"MZ") || head.starts_with(b"PK\x03\x04") || head.starts_with(b"%PDF") || head.contains(&0);
    let start = head.trim_ascii_start();
    let is_program = start.starts_with(b"#!") || start.starts_with(b"<") || start.starts_with(b"{\\rtf");
    by_name && !is_binary && !is_program && !calls_from_a_cell(file.bytes)
}

/// Whether a cell of a comma- or tab-separated table is a formula with a call, such as `=cmd|' /C calc'!A0`.
fn calls_from_a_cell(table: &[u8]) -> bool {
    let mut cells = table.split(|byte| b",;\t\r\n".contains(byte));
    cells.any(|cell| {
        let cell = cell.trim_ascii_start();
        let cell = cell.strip_prefix(b"\"").unwrap_or(cell);
        cell.starts_with(b"=") && cell.iter().any(|byte| b"(|!".contains(byte))
    })
}
