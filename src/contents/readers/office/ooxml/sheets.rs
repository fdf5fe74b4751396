//! The sheets of a workbook: cells as their reader sees them, formulas, links.

use std::collections::HashMap;

use super::members::Members;
use super::relations::{Relations, unused};
use crate::contents::readers::office::external;
use crate::contents::readers::office::formula;
use crate::contents::readers::office::xml::{Node, Tag, walk};
use crate::contents::{Inside, Stop, Trouble};
use crate::mail::LinkKind;

const WORKBOOK: &str = "xl/workbook.xml";

/// Hands over every sheet, in the order of the archive.
pub fn read(members: &mut Members<'_>, relations: &mut Relations, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let is_sheet = |name: &&String| {
        let name = name.to_ascii_lowercase();
        let is_one = name.starts_with("xl/worksheets/") || name.starts_with("xl/macrosheets/");
        is_one && name.rsplit('.').next() == Some("xml")
    };
    let sheets: Vec<String> = members.names().iter().filter(is_sheet).cloned().collect();
    if sheets.is_empty() {
        return Ok(());
    }
    let names = names(members, relations, inside)?;
    let shared = shared(members, inside)?;
    for part in sheets {
        let bytes = members.read(&part, inside)?;
        let lower = part.to_ascii_lowercase();
        let stem = lower.rsplit('/').next().unwrap_or_default().trim_end_matches(".xml");
        let name = names.get(&lower).map_or(stem, String::as_str);
        let mut sheet = Sheet {
            place: format!("sheet {name}"),
            is_macro: lower.starts_with("xl/macrosheets/"),
            targets: relations.links_of(&part),
            shared: &shared,
            ..Sheet::default()
        };
        let outcome = walk(&bytes, inside, &mut |node, inside| sheet.node(node, inside));
        sheet.finish(inside);
        if let Err(Trouble::Stopped(stop)) = outcome {
            return Err(stop.into());
        }
    }
    Ok(())
}

/// What a sheet's part is called in the workbook. Names of cells may hold what a macro runs.
fn names(
    members: &mut Members<'_>,
    relations: &Relations,
    inside: &mut Inside<'_>,
) -> Result<HashMap<String, String>, Trouble> {
    let bytes = members.read(WORKBOOK, inside)?;
    let mut names = HashMap::new();
    let mut is_defined = false;
    let outcome = walk(&bytes, inside, &mut |node, inside| {
        match node {
            Node::Open(tag) if tag.name() == "sheet" => {
                let part = tag.reference("id").and_then(|id| relations.part(WORKBOOK, &id));
                if let (Some(part), Some(name)) = (part, tag.attribute("name")) {
                    names.insert(part.to_ascii_lowercase(), name);
                }
            }
            Node::Open(tag) => is_defined = tag.name() == "definedName",
            Node::Text(text) if is_defined => formula::read(inside, "names", &text, ""),
            _ => {}
        }
        Ok(())
    });
    match outcome {
        Err(Trouble::Stopped(stop)) => Err(stop.into()),
        _ => Ok(names),
    }
}

/// Strings that cells name by their number.
fn shared(members: &mut Members<'_>, inside: &mut Inside<'_>) -> Result<Vec<String>, Trouble> {
    let bytes = members.read("xl/sharedStrings.xml", inside)?;
    let mut strings = Vec::new();
    let mut current = String::new();
    let mut is_text = false;
    let mut is_aid = false;
    let outcome = walk(&bytes, inside, &mut |node, inside| {
        match node {
            Node::Open(tag) => match tag.name() {
                "t" => is_text = true,
                // How it is pronounced.
                "rPh" => is_aid = true,
                _ => {}
            },
            Node::Close("t") => is_text = false,
            Node::Close("rPh") => is_aid = false,
            Node::Close("si") => {
                // An empty string takes more room than its tag.
                inside.claim(size_of::<String>())?;
                strings.push(std::mem::take(&mut current));
            }
            Node::Text(text) if is_text && !is_aid => current.push_str(&text),
            _ => {}
        }
        Ok(())
    });
    match outcome {
        Err(Trouble::Stopped(stop)) => Err(stop.into()),
        _ => Ok(strings),
    }
}

#[derive(Default)]
struct Sheet<'a> {
    place: String,
    is_macro: bool,
    targets: HashMap<String, String>,
    shared: &'a [String],
    text: String,
    /// `s` of a cell whose value is the number of a shared string.
    kind: String,
    value: String,
    formula: String,
    inside_of: Option<Part>,
    formulas: String,
}

#[derive(Clone, Copy)]
enum Part {
    Value,
    Formula,
    /// Headers and footers of the printed page.
    Page,
}

impl Sheet<'_> {
    fn node(&mut self, node: Node<'_>, inside: &mut Inside<'_>) -> Result<(), Stop> {
        match node {
            Node::Open(tag) => self.open(&tag, inside),
            Node::Close("c") => self.cell(inside)?,
            Node::Close("row") => self.text.push('\n'),
            Node::Close("v" | "t" | "f") => self.inside_of = None,
            Node::Close("oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter") => {
                self.inside_of = None;
                self.text.push('\n');
            }
            Node::Text(text) => match self.inside_of {
                Some(Part::Value) => self.value.push_str(&text),
                Some(Part::Formula) => self.formula.push_str(&text),
                Some(Part::Page) => self.text.push_str(&text),
                None => {}
            },
            Node::Close(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>, inside: &mut Inside<'_>) {
        match tag.name() {
            "c" => {
                self.kind = tag.attribute("t").unwrap_or_default();
                self.value.clear();
                self.formula.clear();
            }
            "v" | "t" => self.inside_of = Some(Part::Value),
            "f" => self.inside_of = Some(Part::Formula),
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter" => {
                self.inside_of = Some(Part::Page);
            }
            "hyperlink" => {
                let target = tag.reference("id").and_then(|id| self.targets.remove(&id));
                let shown = tag.attribute("display").unwrap_or_default();
                if let Some(target) = target {
                    external::target(inside, &self.place, &target, &shown, LinkKind::Anchor);
                }
            }
            _ => {}
        }
    }

    fn cell(&mut self, inside: &mut Inside<'_>) -> Result<(), Stop> {
        let value = std::mem::take(&mut self.value);
        let shared = self.shared;
        let shown = match self.kind.as_str() {
            "s" => value.trim().parse().ok().and_then(|index: usize| shared.get(index)),
            _ => Some(&value),
        };
        let shown = shown.map_or("", String::as_str);
        // One long string may stand in a million cells.
        inside.claim(shown.len() + 1)?;
        self.text.push_str(shown);
        self.text.push('\t');
        let formula = std::mem::take(&mut self.formula);
        if self.is_macro {
            self.formulas.push_str(&formula);
            self.formulas.push('\n');
        } else {
            formula::read(inside, &self.place, &formula, shown);
        }
        Ok(())
    }

    fn finish(self, inside: &mut Inside<'_>) {
        unused(&self.place, self.targets, inside);
        if self.is_macro {
            formula::program(inside, &format!("macro {}", self.place), &self.formulas);
        }
        inside.text(self.place, self.text);
    }
}
