//! Formulas of cells: those that link, load or run.

use super::{external, joined};
use crate::contents::Inside;
use crate::mail::LinkKind;

/// Hands over what a formula links to, loads or runs. `shown` is what its cell shows.
pub fn read(inside: &mut Inside<'_>, place: &str, formula: &str, shown: &str) {
    let formula = formula.trim_start_matches(['=', '+', '-', '@', ' ']);
    let name = formula.split('(').next().unwrap_or_default();
    let kind = match name.trim_start_matches("_xlfn.").to_ascii_uppercase().as_str() {
        "HYPERLINK" => LinkKind::Anchor,
        "IMAGE" => LinkKind::Image,
        "WEBSERVICE" | "IMPORTXML" | "IMPORTDATA" | "IMPORTHTML" | "IMPORTFEED" => LinkKind::Resource,
        _ => return running(inside, place, formula),
    };
    let arguments = formula.get(name.len() + 1..).unwrap_or_default();
    if let Some(target) = joined::first(arguments) {
        external::target(inside, place, &target, shown, kind);
    }
}

/// `cmd|' /C powershell …'!A0` runs a program by DDE; others name addresses in their strings.
fn running(inside: &mut Inside<'_>, place: &str, formula: &str) {
    let exchange = formula
        .split_once('|')
        .and_then(|(name, rest)| Some((name, rest.rsplit_once('!')?.0)));
    if let Some((program, topic)) = exchange {
        let topic = topic.trim_matches(['\'', ' ']);
        inside.script(place, format!("{program} {topic}"));
    } else if formula.contains('"') && formula.contains('&') || formula.contains("://") {
        program(inside, place, formula);
    }
}

/// Hands over a macro's text, and the strings that it puts together.
pub fn program(inside: &mut Inside<'_>, place: &str, source: &str) {
    let joined = joined::strings(source);
    inside.script(place, source);
    if !joined.is_empty() {
        inside.script(format!("{place}, joined strings").trim_start_matches(", "), joined);
    }
}
