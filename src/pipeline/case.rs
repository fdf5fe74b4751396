//! Turns a mail into the nodes of a case: the mail itself and every mail inside it, each with what was found in it.

use std::collections::HashSet;

use crate::config::{Settings, TextSettings};
use crate::domain::{Mode, Overrides};
use crate::indicator::{self, Indicator};
use crate::mail::{AttachmentRole, Mail};
use crate::policy::{Node, Role};

/// The mail and all mails inside it. Outermost first, then depth first. `found` are the indicators of the outermost one, if they are
/// known already.
pub fn nodes<'a>(
    mail: &'a Mail,
    mode: Mode,
    overrides: &Overrides,
    settings: &Settings,
    found: Option<Vec<Indicator>>,
) -> Vec<Node<'a>> {
    if overrides.files_only {
        return vec![Node {
            mail,
            parent: None,
            role: Role::Report,
            indicators: Vec::new(),
        }];
    }
    let role = if mode == Mode::Sample {
        Role::Sample
    } else {
        Role::Report
    };
    let mut nodes = Vec::new();
    let indicators = found.unwrap_or_else(|| found_in(mail, role, &settings.text));
    add(&mut nodes, mail, None, role, indicators, &settings.text);
    nodes
}

/// Recursion is as deep as the mail stage opened mails, which is bounded.
fn add<'a>(
    nodes: &mut Vec<Node<'a>>,
    mail: &'a Mail,
    parent: Option<usize>,
    role: Role,
    indicators: Vec<Indicator>,
    options: &TextSettings,
) {
    let index = nodes.len();
    nodes.push(Node {
        mail,
        parent,
        role,
        indicators,
    });
    for embedded in &mail.embedded {
        let indicators = found_in(&embedded.mail, Role::Sample, options);
        add(nodes, &embedded.mail, Some(index), Role::Sample, indicators, options);
    }
}

/// A report's subject and attached lists are part of its text; a sample's subject is bait.
pub fn found_in(mail: &Mail, role: Role, options: &TextSettings) -> Vec<Indicator> {
    let mut indicators = stated(mail, role, options);
    indicators.extend(indicator::in_mail(mail, role == Role::Report, options));
    let files = mail
        .attachments
        .iter()
        .filter(|file| role == Role::Report && file.role == AttachmentRole::File);
    for file in files {
        indicators.extend(indicator::in_attachment(file, options));
    }
    let mut known = HashSet::new();
    indicators.retain(|indicator| known.insert((indicator.kind, indicator.value.clone())));
    indicators
}

/// The indicators that a report of abuse states in its fields.
fn stated(mail: &Mail, role: Role, options: &TextSettings) -> Vec<Indicator> {
    let notice = mail.notice.iter().filter(|_| role == Role::Report);
    let fields = notice.flat_map(|notice| &notice.fields);
    fields
        .flat_map(|(name, value)| indicator::in_text(value, name, options))
        .collect()
}
