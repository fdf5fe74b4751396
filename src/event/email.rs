//! The `email` object of a sample: its header fields, bodies and names of attachments.
//!
//! Recipients, and servers that took the mail for them, are victims: they are recorded but never flagged for detection.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::BuildSettings;
use super::object::{Extra, ObjectBuilder};
use super::received::{self, Hop};
use crate::domain::HostList;
use crate::indicator::host;
use crate::mail::{Body, BodyKind, Mail};
use crate::misp::attribute_type::MAX_VALUE;
use crate::misp::template::Template;
use crate::policy::FileAction;

/// Fields with addresses: header, relation of the address, relation of the display name.
const ADDRESS_FIELDS: &[(&str, &str, &str)] = &[
    ("To", "to", "to-display-name"),
    ("Delivered-To", "to", "to-display-name"),
    ("From", "from", "from-display-name"),
    ("Reply-To", "reply-to", "reply-to-display-name"),
    ("Bcc", "bcc", "bcc-display-name"),
    ("Cc", "cc", "cc-display-name"),
];

/// Fields that are taken as they stand.
const TEXT_FIELDS: &[(&str, &str)] = &[
    ("User-Agent", "user-agent"),
    ("X-Mailer", "x-mailer"),
    ("Thread-Index", "thread-index"),
];

/// Fields in which a webmailer or gateway tells the client's address.
const CLIENT_ADDRESS_FIELDS: &[&str] = &["X-Originating-IP", "X-Sender-IP", "X-Client-IP", "X-Source-IP"];

/// Fills an `email` object from a mail. `files` says what becomes of each of its attachments; `zone` is the offset from UTC
/// of whoever sent the mail on.
pub fn build(
    mail: &Mail,
    files: &[FileAction],
    zone: Option<&str>,
    event: Uuid,
    key: &str,
    settings: &BuildSettings,
) -> ObjectBuilder {
    let mut object = ObjectBuilder::new(Template::get("email"), event, key);
    for (index, body) in mail.bodies.iter().enumerate() {
        add_body(&mut object, body, index);
    }
    add_header_block(&mut object, mail);
    add_date(&mut object, mail, zone);
    let own = own_names(mail, settings);
    add_addresses(&mut object, mail, &own);
    object.add("subject", mail.headers.subject().unwrap_or_default());
    object.add("message-id", &mail.headers.message_id().unwrap_or_default());
    for (field, relation) in TEXT_FIELDS {
        object.add(relation, mail.headers.first(field).unwrap_or_default());
    }
    object.add("mime-boundary", &mail.headers.boundary().unwrap_or_default());
    add_received(&mut object, mail, &own);
    for field in CLIENT_ADDRESS_FIELDS {
        for value in mail.headers.all(field) {
            for address in received::addresses_in(value) {
                object.add_with(
                    "ip-src",
                    &address.to_string(),
                    Extra {
                        comment: field,
                        ..Extra::default()
                    },
                );
            }
        }
    }
    for (attachment, action) in mail.attachments.iter().zip(files) {
        // The name of a signature, of an empty file or of a harmless one is nothing to look for.
        let to_ids = (*action != FileAction::Sample).then_some(false);
        object.add_with(
            "attachment",
            attachment.name.as_deref().unwrap_or_default(),
            Extra {
                to_ids,
                ..Extra::default()
            },
        );
    }
    object
}

fn add_body(object: &mut ObjectBuilder, body: &Body, index: usize) {
    let (comment, extension) = match body.kind {
        BodyKind::Plain => ("text/plain body", "txt"),
        BodyKind::Html => ("text/html body", "html"),
    };
    let source = body.source.as_deref().unwrap_or(&body.text);
    if source.trim().is_empty() {
        return;
    }
    if source.len() <= MAX_VALUE {
        object.add_with(
            "email-body",
            source,
            Extra {
                comment,
                ..Extra::default()
            },
        );
    } else {
        let name = format!("body-{}.{extension}", index + 1);
        let data = Some(source.as_bytes().to_vec());
        object.add_with(
            "email-body-attachment",
            &name,
            Extra {
                comment,
                data,
                ..Extra::default()
            },
        );
    }
}

/// All fields, decoded, one a line; what does not fit into a value is cut at a line's end.
fn add_header_block(object: &mut ObjectBuilder, mail: &Mail) {
    let mut block = String::new();
    let mut comment = "";
    for field in &mail.headers.fields {
        if block.len() + field.name.len() + field.value.len() + 3 > MAX_VALUE {
            comment = "cut: longer than MISP takes";
            break;
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(&field.name);
        block.push_str(": ");
        block.push_str(&field.value);
    }
    object.add_with(
        "header",
        &block,
        Extra {
            comment,
            ..Extra::default()
        },
    );
}

fn add_addresses(object: &mut ObjectBuilder, mail: &Mail, own: &OwnNames<'_>) {
    for (field, relation, name_relation) in ADDRESS_FIELDS {
        let recipient = matches!(*relation, "to" | "cc" | "bcc");
        for address in mail.headers.addresses(field) {
            let comment = match &address.name {
                Some(name) if !name.is_empty() => format!("{name} <{}>", address.address),
                _ => String::new(),
            };
            let to_ids = (recipient || own.has_address(&address.address)).then_some(false);
            let extra = || Extra {
                comment: &comment,
                to_ids,
                ..Extra::default()
            };
            object.add_with(relation, &address.address, extra());
            object.add_with(name_relation, address.name.as_deref().unwrap_or_default(), extra());
            if *relation == "from"
                && let Some((_, domain)) = address.address.rsplit_once('@')
            {
                object.add_with(
                    "from-domain",
                    domain,
                    Extra {
                        to_ids: to_ids.or((!is_public_name(domain) || is_shared(domain)).then_some(false)),
                        ..Extra::default()
                    },
                );
            }
        }
        if *field == "From" {
            for address in mail.headers.addresses("Return-Path") {
                let to_ids = own.has_address(&address.address).then_some(false);
                object.add_with(
                    "return-path",
                    &address.address,
                    Extra {
                        to_ids,
                        ..Extra::default()
                    },
                );
            }
        }
    }
}

/// Mail clients print a forwarded mail's date in the time of who forwards it, without saying which. MISP takes a time
/// without offset for UTC.
fn add_date(object: &mut ObjectBuilder, mail: &Mail, zone: Option<&str>) {
    let Some(date) = mail.headers.date() else {
        return;
    };
    let (value, comment) = match (date.offset(), zone) {
        (None, Some(zone)) if date.iso.contains('T') => (
            format!("{}{zone}", date.iso),
            "no time zone is given, taken as that of who forwarded the mail",
        ),
        (None, None) if date.iso.contains('T') => (date.iso, "no time zone is given, taken as UTC"),
        _ => (date.iso, ""),
    };
    let extra = Extra {
        comment,
        ..Extra::default()
    };
    object.add_with("send-date", &value, extra);
}

fn add_received(object: &mut ObjectBuilder, mail: &Mail, own: &OwnNames<'_>) {
    for line in mail.headers.received() {
        let Hop { names, addresses, .. } = received::parse(line);
        let is_own = names.iter().any(|name| own.has_host(name))
            || addresses.iter().any(|address| own.has_host(&address.to_string()));
        // A server with none but private addresses stands inside the network of the one that writes the line.
        let is_inside = !addresses.is_empty() && !addresses.iter().any(|address| received::is_public(*address));
        let to_ids = (is_own || is_inside).then_some(false);
        for name in &names {
            object.add_with(
                "received-header-hostname",
                name,
                Extra {
                    comment: line,
                    to_ids: to_ids.or((!is_public_name(name)).then_some(false)),
                    ..Extra::default()
                },
            );
        }
        for address in addresses.iter().filter(|address| received::is_public(**address)) {
            let extra = Extra {
                comment: line,
                to_ids,
                ..Extra::default()
            };
            object.add_with("received-header-ip", &address.to_string(), extra);
        }
    }
}

/// Names of the side that received the mail: configured ones, the recipients' domains, and the server that wrote the
/// topmost Received field, which no sender can forge.
struct OwnNames<'a> {
    configured: &'a HostList,
    domains: BTreeSet<String>,
    mailboxes: BTreeSet<String>,
}

/// Providers whose domain says nothing about whose side a mailbox is on.
const SHARED_PROVIDERS: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "aol.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "icloud.com",
    "me.com",
    "proton.me",
    "protonmail.com",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "free.fr",
    "orange.fr",
    "libero.it",
    "t-online.de",
];

/// Whether anybody can have a mailbox in that domain.
fn is_shared(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let by_country = ["yahoo.", "hotmail.", "outlook.", "live."];
    SHARED_PROVIDERS.contains(&domain.as_str()) || by_country.iter().any(|provider| domain.starts_with(provider))
}

/// No name that DNS can hold has more.
const MAX_LABELS: usize = 127;

fn own_names<'a>(mail: &Mail, settings: &'a BuildSettings) -> OwnNames<'a> {
    let mut own = OwnNames {
        configured: &settings.own_hosts,
        domains: BTreeSet::new(),
        mailboxes: BTreeSet::new(),
    };
    for field in ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"] {
        for address in mail.headers.addresses(field) {
            let mailbox = address.address.to_ascii_lowercase();
            if let Some((_, domain)) = mailbox.rsplit_once('@')
                && !is_shared(domain)
            {
                own.domains.insert(domain.to_owned());
            }
            own.mailboxes.insert(mailbox);
        }
    }
    // Above that qmail writes lines that name nobody at all.
    let hops = mail.headers.received().into_iter().map(received::parse);
    let first_hop = hops.into_iter().find(|hop| *hop != Hop::default());
    if let Some(by) = first_hop.and_then(|hop| hop.by) {
        let registrable = host::in_same_hands(&by).unwrap_or(&by).to_owned();
        own.domains.insert(registrable);
    }
    own
}

impl OwnNames<'_> {
    fn has_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        // One look for each label: a mail may name thousands of senders and thousands of recipients.
        let above = host.rmatch_indices('.').take(MAX_LABELS).map(|(dot, _)| dot + 1);
        let mut names = std::iter::once(0).chain(above).filter_map(|start| host.get(start..));
        self.configured.covers(&host) || names.any(|name| self.domains.contains(name))
    }

    fn has_address(&self, mailbox: &str) -> bool {
        let mailbox = mailbox.to_ascii_lowercase();
        self.mailboxes.contains(&mailbox)
            || mailbox
                .rsplit_once('@')
                .is_some_and(|(_, domain)| self.has_host(domain))
    }
}

/// Whether a name ends as names on the internet do; `mail.local` can be met nowhere else.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    !name.is_ascii() || host::is_public(&name)
}
