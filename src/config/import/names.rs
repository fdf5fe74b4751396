//! The names of the old configuration, and what each of them is in ours.

use super::super::layer;
use super::super::layer::{Value, check_text, text_value};
use super::super::schema::{self, Shape};
use super::literal::Literal;
use crate::domain::HostList;

use crate::domain::TlpLevel;

/// What became of a name.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// These keys are set; the remark may be empty.
    Set(Vec<(&'static str, Value)>, String),
    /// Nothing is set, and why.
    Said(String),
}

/// How a value is taken over.
enum As {
    /// A flag, number or text as it is.
    Same,
    /// A path or a text that may be absent.
    Words,
    Hosts,
    Map,
}

/// Takes one name over.
pub(super) fn translate(name: &str, literal: &Literal) -> Outcome {
    if let Some((key, way)) = plain(name) {
        return taken(key, &way, literal);
    }
    match name {
        "misp_verifycert" => verify(literal),
        "spamtrap" => mode(literal, "sample"),
        "ignore_carrier_mail" => mode(literal, "carrier"),
        "ignorelist" => ignore_lines(literal),
        "removelist" => patterns(literal),
        "tlptags" => tlp_tags(literal),
        "default_threat_level" | "default_analysis" | "default_distribution" => level(name, literal),
        "m2m_key" => m2m_key(literal),
        "excludelist" => exclude(literal),
        "o365_client_id" | "o365_client_secret" | "o365_tenant_id" | "o365_resource" | "o365_scopes" => {
            said("not imported: reading a mailbox over Microsoft Graph has no setting here")
        }
        "smtp_addr" | "smtp_port" | "ssl" | "ident" => {
            said("not imported: a setting of the listener, see `mispigeon listen --help`")
        }
        "binpath" | "binpath_forward" | "bindir" | "cfgdir" | "scriptname" => said("not needed: there is one program"),
        "email_forward" => said("not imported: give the listener a profile for that address"),
        "debug" => said("not needed: how much is logged is chosen on the command line"),
        "allow_forward" | "o365_freetext" => said("not imported: it has no meaning here"),
        _ => said("not imported: unknown name"),
    }
}

/// Names whose value is taken over as it is.
fn plain(name: &str) -> Option<(&'static str, As)> {
    Some(match name {
        "misp_url" => ("misp.url", As::Same),
        "misp_key" => ("misp.key", As::Same),
        "freetext" => ("misp.freetext", As::Same),
        "body_config_prefix" => ("directives.prefix", As::Same),
        "m2m_benign_attachment_keyword" => ("directives.benign_keyword", As::Same),
        "enable_dns" => ("dns.enabled", As::Same),
        "nameservers" => ("dns.name_servers", As::Words),
        "email_subject_prefix" => ("event.prefix", As::Same),
        "attach_original_mail" => ("event.attach_original", As::Same),
        "id_tag" => ("event.tags", As::Words),
        "ignore_nullsize_attachments" => ("attachments.skip_empty", As::Same),
        "externallist" => ("hosts.external", As::Hosts),
        "internallist" => ("hosts.internal", As::Hosts),
        "noidsflaglist" => ("hosts.no_ids", As::Hosts),
        "stopword" => ("text.stop_word", As::Same),
        "enforcewarninglist" => ("warninglists.enforce", As::Same),
        "skip_item_on_warninglist" => ("warninglists.skip", As::Same),
        "sighting" => ("sightings.enabled", As::Same),
        "sighting_source" => ("sightings.source", As::Same),
        "tlptag_default" => ("tlp.default", As::Same),
        "malwaretags" => ("tags.by_subject", As::Map),
        "dependingtags" => ("tags.implied", As::Map),
        "forward_identifiers" => ("mail.forward_markers", As::Words),
        "hash_only_tags" => ("tags.with_hashes", As::Words),
        "vt_key" => ("virustotal.key", As::Same),
        _ => return None,
    })
}

fn said(what: &str) -> Outcome {
    Outcome::Said(what.to_owned())
}

fn wrong(allowed: &str) -> Outcome {
    Outcome::Said(format!("not imported: allowed here: {allowed}"))
}

fn set(key: &'static str, value: Value, remark: &str) -> Outcome {
    Outcome::Set(vec![(key, value)], remark.to_owned())
}

fn taken(key: &'static str, way: &As, literal: &Literal) -> Outcome {
    let Some(setting) = schema::find(key) else {
        return said("not imported");
    };
    if *literal == Literal::None {
        return said("not set");
    }
    match way {
        As::Same => same(key, setting.shape, literal),
        As::Words => match words(literal) {
            Some(words)
                if setting.shape == Shape::Servers && words.iter().any(|word| layer::name_server(word).is_none()) =>
            {
                wrong("addresses of name servers")
            }
            Some(words) => set(key, Value::Words(words), ""),
            None => wrong(&layer::describe(setting.shape)),
        },
        As::Hosts => hosts(key, literal, ""),
        As::Map => match map(literal) {
            Some(map) => set(key, Value::Map(map), ""),
            None => wrong(&layer::describe(setting.shape)),
        },
    }
}

fn same(key: &'static str, shape: Shape, literal: &Literal) -> Outcome {
    match (shape, literal) {
        (Shape::Flag, Literal::Flag(flag)) => set(key, Value::Flag(*flag), ""),
        (Shape::Flag, Literal::Number(number @ (0 | 1))) => set(key, Value::Flag(*number == 1), ""),
        (Shape::Flag, _) | (_, Literal::Flag(_) | Literal::Number(_) | Literal::List(_) | Literal::Dict(_)) => {
            wrong(&layer::describe(shape))
        }
        (_, Literal::Text(text)) if text.starts_with("YOUR_") => said("not set: it is the example's placeholder"),
        (_, Literal::Text(text)) => match check_text(shape, text) {
            Ok(()) => set(key, text_value(shape, text), ""),
            Err(_) if text.trim().is_empty() => said("not set: it is empty"),
            Err(allowed) => wrong(&allowed),
        },
        _ => wrong(&layer::describe(shape)),
    }
}

/// A list of texts; a single text is a list of one, as tuples often lack their comma.
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

fn hosts(key: &'static str, literal: &Literal, remark: &str) -> Outcome {
    let Some(words) = words(literal) else {
        return wrong("a list of host names");
    };
    let was_text = matches!(literal, Literal::Text(_)) && key == "hosts.internal";
    let (good, bad): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| HostList::check(word).is_ok());
    let mut remarks: Vec<String> = Vec::new();
    if !remark.is_empty() {
        remarks.push(remark.to_owned());
    }
    if was_text {
        remarks.push("it was a plain text, taken as a list of one".into());
    }
    if !bad.is_empty() {
        remarks.push(format!("left out, as they are no hosts: {}", bad.join(", ")));
    }
    set(key, Value::Words(good), &remarks.join("; "))
}

fn exclude(literal: &Literal) -> Outcome {
    hosts(
        "hosts.exclude",
        literal,
        "an entry covers all names below it: google.com hides phishing on docs.google.com too; =google.com covers it alone",
    )
}

fn verify(literal: &Literal) -> Outcome {
    match literal {
        Literal::Flag(true) => set("misp.verify", Value::Flag(true), ""),
        Literal::Flag(false) => set(
            "misp.verify",
            Value::Flag(false),
            "warning: whoever sits in between can read the API key; better set misp.ca_file",
        ),
        Literal::Text(path) if !path.trim().is_empty() => set("misp.ca_file", Value::Text(path.clone()), ""),
        _ => wrong("True, False or a path"),
    }
}

fn mode(literal: &Literal, mode: &str) -> Outcome {
    match literal {
        Literal::Flag(true) => set("mail.mode", Value::Text(mode.into()), ""),
        Literal::Flag(false) => said("as the default: report"),
        _ => wrong("True or False"),
    }
}

fn level(name: &str, literal: &Literal) -> Outcome {
    let key = match name {
        "default_threat_level" => "event.threat_level",
        "default_analysis" => "event.analysis",
        _ => "event.distribution",
    };
    let Some(Shape::Number(low, high)) = schema::find(key).map(|setting| setting.shape) else {
        return said("not imported");
    };
    let number = match literal {
        Literal::Number(number) => Some(*number),
        Literal::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(4) if key == "event.distribution" => said("not imported: distribution 4 needs event.sharing_group too"),
        Some(number) if (low..=high).contains(&number) => set(key, Value::Number(number), ""),
        _ => wrong(&format!("a whole number from {low} to {high}")),
    }
}

/// The key that the example publishes: whoever knows it can publish events.
fn m2m_key(literal: &Literal) -> Outcome {
    match literal {
        Literal::Text(key) if key == "YOUSETYOURKEYHERE" => set(
            "directives.key",
            text_value(Shape::Secret, key),
            "warning: this is the published default key, with which anybody can publish events by mail; change it",
        ),
        other => taken("directives.key", &As::Same, other),
    }
}

/// Beginnings of lines; old configurations have patterns `.*BEGINNING.*\n?` instead.
fn ignore_lines(literal: &Literal) -> Outcome {
    let Some(words) = words(literal) else {
        return wrong("a list of beginnings of lines");
    };
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
        changed |= core != word;
        // What a pattern means beyond plain text cannot be said by the beginning of a line.
        if core != word && core.contains(['*', '+', '?', '(', '[', '|', '\\', '^', '$']) || core.trim().is_empty() {
            left_out.push(word.clone());
        } else {
            lines.push(core.trim_end().to_owned());
        }
    }
    let mut remark = String::new();
    if changed {
        remark.push_str("patterns became beginnings of lines");
    }
    if !left_out.is_empty() {
        remark = format!(
            "{remark}{}left out, as they are no beginnings: {}",
            if changed { "; " } else { "" },
            left_out.join(" ")
        );
    }
    set("text.ignore_lines", Value::Words(lines), &remark)
}

fn patterns(literal: &Literal) -> Outcome {
    let Some(words) = words(literal) else {
        return wrong("a list of regular expressions");
    };
    let (good, bad): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| regex::Regex::new(word).is_ok());
    let remark = if bad.is_empty() {
        String::new()
    } else {
        format!("left out, as they cannot be used here: {}", bad.join("  "))
    };
    set("text.subject_remove", Value::Words(good), &remark)
}

/// Own spellings by level; tags of no level cannot be ranked.
fn tlp_tags(literal: &Literal) -> Outcome {
    let Some(map) = map(literal) else {
        return wrong("a dict from TLP tags to lists of spellings");
    };
    let (levels, others): (Vec<_>, Vec<_>) = map.into_iter().partition(|(tag, _)| TlpLevel::of_tag(tag).is_some());
    let others: Vec<String> = others.into_iter().map(|(tag, _)| tag).collect();
    let remark = if others.is_empty() {
        String::new()
    } else {
        format!("left out, as they are no levels of TLP: {}", others.join(", "))
    };
    set("tlp.spellings", Value::Map(levels), &remark)
}
