//! The `email` object of a sample: its header fields, bodies and names of attachments.
//!
//! Recipients, and the servers that accepted the mail for them, are victims: recorded, never flagged for detection.

use super::flag::{self, Proof, Side};
use super::object::{Content, Extra, ObjectPlan};
use super::own::Own;
use super::{Case, FileAction, FilePlan, Sections};
use crate::domain::{Authentication, Remark, Sealed};
use crate::indicator::received::{self, Hop};
use crate::mail::{Body, BodyKind, Mail};
use crate::misp::attribute_type::MAX_VALUE;
use crate::misp::template::Template;

/// A field with addresses: header, relation of the address, relation of the display name.
type AddressField = (&'static str, &'static str, &'static str);

/// Fields with addresses of senders.
const SENDER_FIELDS: &[AddressField] = &[
    ("From", "from", "from-display-name"),
    ("Reply-To", "reply-to", "reply-to-display-name"),
];

/// Fields with addresses of recipients.
const RECIPIENT_FIELDS: &[AddressField] = &[
    ("To", "to", "to-display-name"),
    ("Delivered-To", "to", "to-display-name"),
    ("Cc", "cc", "cc-display-name"),
    ("Bcc", "bcc", "bcc-display-name"),
];

/// Fields whose value is taken unchanged: header, relation.
const TEXT_FIELDS: &[(&str, &str)] = &[
    ("User-Agent", "user-agent"),
    ("X-Mailer", "x-mailer"),
    ("Thread-Index", "thread-index"),
];

/// Fields in which webmail or a gateway names the client's IP address, see `data/client_address_fields.tsv`.
const CLIENT_ADDRESS_FIELDS: &[&str] = include!(concat!(env!("OUT_DIR"), "/client_address_fields.rs"));

/// Longest comment of an object, in bytes.
const MAX_SUMMARY: usize = 500;

/// Fields in which a server keeps the sender of the envelope. The first one that the mail has counts.
const ENVELOPE_FIELDS: [&str; 3] = ["Return-Path", "X-Envelope-From", "X-Return-Path"];

/// Decides about the `email` object of the sample at `index`. `files` says what becomes of each of its attachments.
pub(super) fn decide(
    case: &Case,
    index: usize,
    files: &[FilePlan],
    own: &Own<'_>,
    settings: Sections<'_>,
) -> ObjectPlan {
    let Some(node) = case.nodes.get(index) else {
        return ObjectPlan::new(Template::get("email"), String::new());
    };
    let mail = node.mail;
    let key = format!("{index}\0{}", mail.headers.message_id().unwrap_or_default());
    let mut object = ObjectPlan::new(Template::get("email"), key);
    let side = Side {
        hosts: settings.hosts,
        own,
        proof: &Proof::of(&mail.headers, node.authentication, case.sealed(index)),
    };
    object.comment = summary(mail);
    // In the order in which a person reads: MISP shows the attributes as they come.
    object.add("subject", mail.headers.subject().unwrap_or_default());
    add_addresses(&mut object, mail, SENDER_FIELDS, &side);
    add_date(&mut object, mail, zone_around(case, index).as_deref());
    add_addresses(&mut object, mail, RECIPIENT_FIELDS, &side);
    object.add("message-id", &mail.headers.message_id().unwrap_or_default());
    for (field, relation) in TEXT_FIELDS {
        object.add(relation, mail.headers.first(field).unwrap_or_default());
    }
    object.add("mime-boundary", &mail.headers.boundary().unwrap_or_default());
    add_received(&mut object, mail, &side);
    for field in CLIENT_ADDRESS_FIELDS {
        let addresses = mail.headers.all(field).flat_map(received::addresses_in);
        for address in addresses.map(|address| address.to_string()) {
            let verdict = side.client(&address);
            object.add_with("ip-src", &address, Extra::quoting(field).judged(verdict));
        }
    }
    // Files inside the attached ones come after these.
    for (attachment, file) in mail.attachments.iter().zip(files) {
        // Only the name of a sample is worth detecting, not that of a signature, an empty file or a harmless one.
        let verdict = flag::of_file(file.action == FileAction::Sample);
        let name = attachment.name.as_deref().unwrap_or_default();
        object.add_with("attachment", name, Extra::default().judged(verdict));
    }
    let known = node.authentication.map(Authentication::remark);
    let decrypted = case.overrides.decrypted.then_some(Remark::DecryptedByReader);
    let known = known.into_iter().chain(Sealed::remark(case.sealed(index)));
    add_header_block(&mut object, mail, decrypted.into_iter().chain(known).collect());
    for (index, body) in mail.bodies.iter().enumerate() {
        add_body(&mut object, body, index);
    }
    if settings.event.attaches(case.overrides) {
        add_original(&mut object, mail);
    }
    object
}

/// Subject and sender, for a list of objects.
fn summary(mail: &Mail) -> String {
    let subject = mail.headers.subject().unwrap_or_default();
    let from = mail.headers.addresses("From").into_iter().next();
    let from = from.map(|from| from.address).unwrap_or_default();
    let words = [subject, from.as_str()].map(|text| text.replace(char::is_control, " "));
    let texts = words.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut summary = texts.collect::<Vec<_>>().join(", from ");
    summary.truncate(summary.floor_char_boundary(MAX_SUMMARY));
    summary
}

/// Adds a copy of the mail. With attachments it is zipped with the password of samples, so that malware is neither
/// stored nor sent in the clear.
fn add_original(object: &mut ObjectPlan, mail: &Mail) {
    let is_plain = mail.attachments.is_empty() && mail.embedded.is_empty();
    let (name, remark, content) = if is_plain {
        ("mail.eml", None, Content::Original)
    } else {
        ("mail.eml.zip", Some(Remark::Zipped), Content::ZippedOriginal)
    };
    let extra = Extra::saying(remark).with(content);
    object.add_with("eml", name, extra);
}

fn add_body(object: &mut ObjectPlan, body: &Body, index: usize) {
    let (remark, extension) = match body.kind {
        BodyKind::Plain => (Remark::PlainBody, "txt"),
        BodyKind::Html => (Remark::HtmlBody, "html"),
    };
    let source = body.source.as_deref().unwrap_or(&body.text);
    if source.trim().is_empty() {
        return;
    }
    if source.len() <= MAX_VALUE {
        object.add_with("email-body", source, Extra::saying(remark));
    } else {
        let name = format!("body-{}.{extension}", index + 1);
        object.add_with(
            "email-body-attachment",
            &name,
            Extra::saying(remark).with(Content::Body(index)),
        );
    }
}

/// Adds all header fields, decoded, one a line. Stops before the field that does not fit into a MISP value any more.
fn add_header_block(object: &mut ObjectPlan, mail: &Mail, mut remarks: Vec<Remark>) {
    let mut block = String::new();
    for field in &mail.headers.fields {
        if block.len() + field.name.len() + field.value.len() + 3 > MAX_VALUE {
            remarks = vec![Remark::Cut];
            break;
        }
        if !block.is_empty() {
            block.push('\n');
        }
        block.push_str(&field.name);
        block.push_str(": ");
        block.push_str(&field.value);
    }
    let extra = Extra {
        remarks,
        ..Extra::default()
    };
    object.add_with("header", &block, extra);
}

fn add_addresses(object: &mut ObjectPlan, mail: &Mail, fields: &[AddressField], side: &Side<'_>) {
    for (field, relation, name_relation) in fields {
        let recipient = matches!(*relation, "to" | "cc" | "bcc");
        for address in mail.headers.addresses(field) {
            let comment = match &address.name {
                Some(name) if !name.is_empty() => format!("{name} <{}>", address.address),
                _ => String::new(),
            };
            let verdict = if recipient {
                flag::recipient()
            } else {
                side.address(&address.address)
            };
            let extra = || Extra::quoting(&comment).judged(verdict);
            object.add_with(relation, &address.address, extra());
            object.add_with(name_relation, address.name.as_deref().unwrap_or_default(), extra());
            if *relation == "from"
                && let Some((_, domain)) = address.address.rsplit_once('@')
            {
                let verdict = side.domain(domain);
                object.add_with("from-domain", domain, Extra::default().judged(verdict));
            }
        }
        if *field == "From" {
            let envelope = ENVELOPE_FIELDS.iter().map(|field| mail.headers.addresses(field));
            for address in envelope.into_iter().find(|found| !found.is_empty()).unwrap_or_default() {
                let verdict = side.address(&address.address);
                object.add_with("return-path", &address.address, Extra::default().judged(verdict));
            }
        }
    }
}

/// Mail clients print a forwarded mail's date in the forwarder's time zone without naming it. MISP reads a time without
/// offset as UTC.
fn add_date(object: &mut ObjectPlan, mail: &Mail, zone: Option<&str>) {
    let Some(date) = mail.headers.date() else {
        return;
    };
    let (value, remark) = match (date.offset(), zone) {
        (None, Some(zone)) if date.iso.contains('T') => {
            (format!("{}{zone}", date.iso), Some(Remark::DateInForwardersZone))
        }
        (None, None) if date.iso.contains('T') => (date.iso, Some(Remark::DateInUtc)),
        _ => (date.iso, None),
    };
    let extra = Extra::saying(remark);
    object.add_with("send-date", &value, extra);
}

fn add_received(object: &mut ObjectPlan, mail: &Mail, side: &Side<'_>) {
    let lines = mail.headers.received();
    let hops: Vec<Hop> = lines.iter().map(|line| received::parse(line)).collect();
    for (index, (line, hop)) in lines.iter().zip(&hops).enumerate() {
        // A server with private addresses only is in the network of the server that wrote the line.
        let is_inside = hop.peers().next().is_some() && !hop.peers().any(|address| received::is_public(*address));
        let is_ours = is_inside || is_own(hop, hops.get(index + 1), side.own);
        let mut add = |relation, value: &str| {
            let verdict = side.server(value, hop, is_ours);
            object.add_with(relation, value, Extra::quoting(line).judged(verdict));
        };
        for name in &hop.names {
            add("received-header-hostname", name);
        }
        for address in hop.addresses.iter().filter(|address| received::is_public(**address)) {
            add("received-header-ip", &address.to_string());
        }
    }
}

/// Whether a server of the recipients' side handed the mail over. The name in its greeting proves that only if the receiving
/// server has not looked up its address, and our side took the hop before: attackers greet with the name of their victim.
fn is_own(hop: &Hop, before: Option<&Hop>, own: &Own<'_>) -> bool {
    let proven =
        hop.proven().any(|name| own.has_host(name)) || hop.peers().any(|address| own.has_host(&address.to_string()));
    let taken = before
        .and_then(|hop| hop.by.as_deref())
        .is_some_and(|by| own.has_host(by));
    proven || (!hop.looked_up && taken && hop.claimed.iter().any(|name| own.has_host(name)))
}

/// The UTC offset of the nearest mail around the node at `index` whose date has one.
fn zone_around(case: &Case<'_>, index: usize) -> Option<String> {
    let parent = |index: usize| case.nodes.get(index)?.parent.filter(|parent| *parent < index);
    std::iter::successors(parent(index), |index| parent(*index))
        .filter_map(|index| case.nodes.get(index)?.mail.headers.date())
        .find_map(|date| date.offset().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table;

    #[test]
    fn every_field_of_the_table_tells_the_address_of_its_example() {
        for row in table::rows("client_address_fields") {
            let (field, value) = row["example"].split_once(": ").unwrap();
            assert_eq!(field, row["field"], "{row:?}");
            assert!(CLIENT_ADDRESS_FIELDS.contains(&field), "{row:?}");
            let found: Vec<_> = received::addresses_in(value).iter().map(ToString::to_string).collect();
            assert!(
                found
                    .iter()
                    .all(|address| address == "198.51.100.7" || address == "2001:db8::7"),
                "{row:?}"
            );
            assert!(!found.is_empty(), "{row:?}");
        }
    }
}
