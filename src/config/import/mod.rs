//! Makes a `config.toml` from the Python configuration of `mail_to_misp` or its spamtrap server, without running
//! Python. A report says what became of each name.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::schema;
use super::value::Value;

mod literal;
mod names;
#[cfg(test)]
mod tests;
mod token;

use literal::{Literal, What, statements};
use names::Outcome;

use crate::domain::Mode;

#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// A `config.toml`, or the sections of one profile.
    pub toml: String,
    /// Line, name, and what became of it, in the order of the source.
    pub report: Vec<(usize, String, String)>,
}

/// Imports the module's assignments of literals. Reports everything else and never guesses. With a name, the settings
/// go to that profile.
pub fn import(python_source: &str, profile: Option<&str>) -> Imported {
    let mut values: BTreeMap<&'static str, Value> = BTreeMap::new();
    let mut report = Vec::new();
    let mut seen: BTreeMap<String, Literal> = BTreeMap::new();
    for statement in statements(python_source) {
        let (name, became) = match statement.what {
            What::Ignored(what) => (what, "ignored: nothing is run, only literals are read".to_owned()),
            What::Other(what) => (what, "not imported: it is no assignment of a literal".to_owned()),
            What::Unclear(name, reason) => (name, format!("not imported: {reason}")),
            What::Assign(name, literal) => {
                let literal = resolve(literal, &seen);
                let became = match &literal {
                    Ok(literal) => apply(&name, literal, &mut values),
                    Err(reason) => format!("not imported: {reason}"),
                };
                seen.extend(literal.map(|literal| (name.clone(), literal)));
                (name, became)
            }
        };
        report.push((statement.line, name, became));
    }
    let toml = render(&values, profile);
    Imported { toml, report }
}

/// Replaces `sorted(NAME.keys())[0]` by its value. The dict must come earlier in the file.
fn resolve(literal: Literal, seen: &BTreeMap<String, Literal>) -> Result<Literal, String> {
    let Literal::FirstKey(name) = literal else {
        return Ok(literal);
    };
    let Some(Literal::Dict(pairs)) = seen.get(&name) else {
        return Err(format!("{name} is not a dict defined above it"));
    };
    let keys = pairs.iter().filter_map(|(key, _)| match key {
        Literal::Text(text) => Some(text),
        _ => None,
    });
    keys.min()
        .map(|key| Literal::Text(key.clone()))
        .ok_or_else(|| format!("{name} is empty"))
}

fn apply(name: &str, literal: &Literal, values: &mut BTreeMap<&'static str, Value>) -> String {
    match names::translate(name, literal) {
        Outcome::Said(what) => what,
        Outcome::Set(key, value, remark) => {
            // `spamtrap` and `ignore_carrier_mail` both set the mode. Carrier wins, since its mails are samples anyway.
            let keeps_carrier = key == "mail.mode" && values.get(key) == Some(&Value::from(Mode::Carrier.name()));
            if !keeps_carrier {
                values.insert(key, value);
            }
            if remark.is_empty() {
                format!("→ {key}")
            } else {
                format!("→ {key}; {remark}")
            }
        }
    }
}

fn render(values: &BTreeMap<&'static str, Value>, profile: Option<&str>) -> String {
    let mut text = String::from("# Made by `mispigeon config import`.\n");
    let mut section = "";
    let prefix = profile.map_or_else(String::new, |name| format!("profile.{}.", toml_edit::Key::new(name)));
    if let Some(table) = prefix.strip_suffix('.') {
        // Write the table even of an empty profile, so that `--profile` can name it.
        let _ = writeln!(text, "\n[{table}]");
    }
    for setting in schema::settings() {
        let Some(value) = values.get(setting.key) else { continue };
        let (of, name) = setting.split();
        if of != section {
            section = of;
            let _ = writeln!(text, "\n[{prefix}{section}]");
        }
        // Secrets are written too: the old file had them as well.
        let _ = writeln!(text, "{name} = {}", value.to_toml());
    }
    text
}
