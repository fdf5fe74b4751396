//! Names of the old configuration and what they become. A name with the same meaning here is in its setting's row
//! (`import` in `schema.rs`). The others are here, and so is what happens to a value that does not fit.

use super::super::schema;
use super::super::setting::Setting;
use super::super::value::Value;
use super::literal::Literal;
use crate::domain::Mode;

#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// Sets this key. The remark may be empty.
    Set(&'static str, Value, String),
    /// Sets nothing; says why.
    Said(String),
}

pub(super) fn translate(name: &str, literal: &Literal) -> Outcome {
    if let Some(setting) = schema::settings().find(|setting| setting.import == Some(name)) {
        return taken(setting, literal);
    }
    match name {
        "misp_verifycert" => verify(literal),
        "spamtrap" => mode(literal, Mode::Sample),
        "ignore_carrier_mail" => mode(literal, Mode::Carrier),
        "o365_client_id" | "o365_client_secret" | "o365_tenant_id" | "o365_resource" | "o365_scopes" => {
            said("not imported: reading a mailbox over Microsoft Graph has no setting here")
        }
        "smtp_addr" | "smtp_port" | "ssl" | "ident" => {
            said("not imported: a setting of the listener, see `mispigeon listen --help`")
        }
        "binpath" | "binpath_forward" | "bindir" | "cfgdir" | "scriptname" => said("not needed: there is one program"),
        "email_forward" => said("not imported: give the listener a profile for that address"),
        "debug" => said("not needed: how much is logged is chosen on the command line"),
        "vt_key" => said("not imported: this program does not ask VirusTotal"),
        "allow_forward" | "o365_freetext" => said("not imported: it has no meaning here"),
        _ => said("not imported: unknown name"),
    }
}

fn said(what: &str) -> Outcome {
    Outcome::Said(what.to_owned())
}

fn wrong(allowed: &str) -> Outcome {
    Outcome::Said(format!("not imported: allowed here: {allowed}"))
}

fn set(key: &'static str, value: Value, remark: &str) -> Outcome {
    Outcome::Set(key, value, remark.to_owned())
}

/// Imports a name with the same meaning here.
fn taken(setting: &'static Setting, literal: &Literal) -> Outcome {
    match (setting.shape, literal) {
        (_, Literal::None) => said("not set"),
        ("words", _) => match words(literal) {
            Some(words) => list(setting, words, matches!(literal, Literal::Text(_))),
            None => wrong(&setting.allowed()),
        },
        ("map", _) => match map(literal) {
            Some(map) => table(setting, map),
            None => wrong(&setting.allowed()),
        },
        _ => single(setting, literal),
    }
}

/// Imports a flag, a number or a text.
fn single(setting: &'static Setting, literal: &Literal) -> Outcome {
    let value = match (setting.shape, literal) {
        ("flag", Literal::Flag(flag)) => Some(Value::Flag(*flag)),
        ("flag", Literal::Number(number @ (0 | 1))) => Some(Value::Flag(*number == 1)),
        ("number", Literal::Number(number)) => Some(Value::Number(*number)),
        ("number", Literal::Text(text)) => text.trim().parse().ok().map(Value::Number),
        ("flag" | "number", _) => None,
        (_, Literal::Text(text)) if text.starts_with("YOUR_") => {
            return said("not set: it is the example's placeholder");
        }
        (_, Literal::Text(text)) => Some(Value::from(text.as_str())),
        _ => None,
    };
    let is_blank = matches!(literal, Literal::Text(text) if text.trim().is_empty());
    match (setting.key, setting.checked(value)) {
        ("event.distribution", Ok(Value::Number(4))) => {
            said("not imported: distribution 4 needs event.sharing_group too")
        }
        ("directives.key", Ok(Value::Secret(key))) if key.expose() == "YOUSETYOURKEYHERE" => set(
            setting.key,
            Value::Secret(key),
            "warning: this is the published default key, with which anybody can publish events by mail; change it",
        ),
        (key, Ok(value)) => set(key, value, ""),
        (_, Err(_)) if is_blank => said("not set: it is empty"),
        (_, Err(allowed)) => wrong(&allowed),
    }
}

/// A list of texts. A single text is a list of one, because tuples often lack their comma.
fn words(literal: &Literal) -> Option<Vec<String>> {
    match literal {
        Literal::Text(text) if text.is_empty() => Some(Vec::new()),
        Literal::Text(text) => Some(vec![text.clone()]),
        Literal::Dict(pairs) if pairs.is_empty() => Some(Vec::new()),
        Literal::List(items) => items
            .iter()
            .map(|item| match item {
                Literal::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn map(literal: &Literal) -> Option<Vec<(String, Vec<String>)>> {
    let Literal::Dict(pairs) = literal else { return None };
    let mut map: Vec<(String, Vec<String>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (key, value) in pairs {
        let Literal::Text(key) = key else { return None };
        let list = words(value)?;
        // As in Python, the last of equal keys counts.
        if let Some(earlier) = places.get(key).and_then(|at: &usize| map.get_mut(*at)) {
            earlier.1 = list;
        } else {
            places.insert(key.clone(), map.len());
            map.push((key.clone(), list));
        }
    }
    Some(map)
}

/// Imports the entries that fit here; the remark names the others.
fn list(setting: &'static Setting, words: Vec<String>, was_text: bool) -> Outcome {
    let mut remarks = Vec::new();
    let words = match setting.key {
        "text.ignore_lines" => beginnings(words, &mut remarks),
        "hosts.exclude" => {
            remarks.push("an entry covers all names below it: google.com hides phishing on docs.google.com too; =google.com covers it alone".to_owned());
            words
        }
        _ => words,
    };
    if was_text {
        remarks.push("it was a plain text, taken as a list of one".to_owned());
    }
    let fits = |word: &String| setting.checked(Some(Value::Words(vec![word.clone()]))).is_ok();
    let (good, bad): (Vec<_>, Vec<_>) = words.into_iter().partition(fits);
    remarks.extend(left_out(&bad));
    set(setting.key, Value::Words(good), &remarks.join("; "))
}

/// Imports the entries whose names fit here; the remark names the others.
fn table(setting: &'static Setting, map: Vec<(String, Vec<String>)>) -> Outcome {
    let fits = |pair: &(String, Vec<String>)| setting.checked(Some(Value::Map(vec![pair.clone()]))).is_ok();
    let (good, bad): (Vec<_>, Vec<_>) = map.into_iter().partition(fits);
    let bad: Vec<String> = bad.into_iter().map(|(name, _)| name).collect();
    set(setting.key, Value::Map(good), &left_out(&bad).unwrap_or_default())
}

fn left_out(entries: &[String]) -> Option<String> {
    (!entries.is_empty()).then(|| format!("left out, as they cannot be used here: {}", entries.join(", ")))
}

fn verify(literal: &Literal) -> Outcome {
    match literal {
        Literal::Flag(true) => set("misp.verify", Value::Flag(true), ""),
        Literal::Flag(false) => set(
            "misp.verify",
            Value::Flag(false),
            "warning: anybody between you and the server can read the API key; better set misp.ca_file",
        ),
        Literal::Text(path) if !path.trim().is_empty() => set("misp.ca_file", Value::from(path.as_str()), ""),
        _ => wrong("True, False or a path"),
    }
}

fn mode(literal: &Literal, mode: Mode) -> Outcome {
    match literal {
        Literal::Flag(true) => set("mail.mode", Value::from(mode.name()), ""),
        Literal::Flag(false) => said("as the default: report"),
        _ => wrong("True or False"),
    }
}

/// Turns the patterns `.*BEGINNING.*\n?` of old configurations into beginnings of lines.
fn beginnings(words: Vec<String>, remarks: &mut Vec<String>) -> Vec<String> {
    let mut changed = false;
    let mut left_out = Vec::new();
    let mut lines = Vec::new();
    for word in words {
        let core = word.strip_prefix(".*").unwrap_or(&word);
        let core = core
            .strip_suffix("\\n?")
            .or_else(|| core.strip_suffix("\n?"))
            .unwrap_or(core);
        let core = core.strip_suffix(".*").unwrap_or(core);
        let is_pattern = core != word;
        changed |= is_pattern;
        // A pattern with special characters has no equivalent beginning of a line.
        if is_pattern && core.contains(['*', '+', '?', '(', '[', '|', '\\', '^', '$']) || core.trim().is_empty() {
            left_out.push(word.clone());
        } else {
            lines.push(core.trim_end().to_owned());
        }
    }
    if changed {
        remarks.push("patterns became beginnings of lines".to_owned());
    }
    if !left_out.is_empty() {
        remarks.push(format!("left out, as they are no beginnings: {}", left_out.join(" ")));
    }
    lines
}
