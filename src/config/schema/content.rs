//! The settings of how a mail is read and what becomes of what was found in it.

use super::Preset::{EmptyMap, Flag, Number, Text, Unset, Words};
use super::presets::{ANALYSIS, KNOWN, SHARED};
use super::{Setting, Shape, set};

pub(super) const SETTINGS: &[Setting] = &[
    set(
        "mail.mode",
        Shape::Choice(&["report", "sample", "carrier", "auto"]),
        Text("report"),
        "What a mail is: report (people write about threats), sample (the mail is the threat), carrier (only its attached\n\
         mails count). Auto is report, or carrier when mails are attached and the text says nothing of its own. Set it to\n\
         sample for a spamtrap, or use a profile.",
    ),
    set(
        "mail.max_size",
        Shape::Number(1024, 4 << 30),
        Number(256 << 20),
        "Bytes that a mail may have. A larger one is refused, not cut.",
    ),
    set(
        "mail.depth",
        Shape::Number(0, 50),
        Number(10),
        "How many mails inside mails are opened. What lies deeper is an attachment.",
    ),
    set(
        "mail.forward_markers",
        Shape::Words,
        Words(&[]),
        "Lines after which a forwarded mail begins, besides those of the usual mail programs and languages.",
    ),
    set(
        "event.prefix",
        Shape::Text,
        Text("M2M"),
        "Events are called PREFIX - SUBJECT. Empty: the subject alone.",
    ),
    set(
        "event.distribution",
        Shape::Number(0, 4),
        Number(0),
        "Who gets the event: 0 your organisation, 1 this community, 2 connected communities, 3 all, 4 a sharing group.",
    ),
    set(
        "event.sharing_group",
        Shape::Number(1, 4_294_967_295),
        Unset("1"),
        "Number of the sharing group; needed with distribution 4, and used with it only.",
    ),
    set(
        "event.threat_level",
        Shape::Number(1, 4),
        Number(4),
        "1 high, 2 medium, 3 low, 4 undefined.",
    ),
    set(
        "event.analysis",
        Shape::Number(0, 2),
        Number(0),
        "0 initial, 1 ongoing, 2 completed.",
    ),
    set(
        "event.date",
        Shape::Choice(&["mail", "today"]),
        Text("mail"),
        "The event's date: that of the mail's Date header when it is plausible, or always the day of sending.",
    ),
    set(
        "event.publish",
        Shape::Flag,
        Flag(false),
        "Publish events at once. Leave it off where people look at an event first.",
    ),
    set(
        "event.report",
        Shape::Flag,
        Flag(true),
        "Add the mail's text, defanged, as an event report.",
    ),
    set(
        "event.attach_original",
        Shape::Flag,
        Flag(false),
        "Attach the whole mail. It holds the recipients, and whatever is attached to it.",
    ),
    set(
        "event.tags",
        Shape::Words,
        Words(&[]),
        "Tags of every event, for example the name of the sensor.",
    ),
    set(
        "tlp.default",
        Shape::Tlp,
        Text("tlp:amber"),
        "The tag when the mail carries no marking. A text that only explains the protocol is no marking.",
    ),
    set(
        "tlp.spellings",
        Shape::TlpMap,
        EmptyMap("\"tlp:red\" = [\"strictly confidential\"]"),
        "Words that mark a mail, besides the usual spellings of TLP.",
    ),
    set(
        "tags.with_hashes",
        Shape::Words,
        Words(&[]),
        "Tags when a hash was found, for example to start a look-up.",
    ),
    set(
        "tags.by_subject",
        Shape::Map,
        EmptyMap("\"locky\" = ['misp-galaxy:ransomware=\"Locky\"']"),
        "Word in the subject (any case) to tags.",
    ),
    set(
        "tags.implied",
        Shape::Map,
        EmptyMap("\"tlp:clear\" = [\"circl:osint-feed\"]"),
        "Tag to further tags that come with it.",
    ),
    set(
        "hosts.exclude",
        Shape::Hosts,
        Words(&[
            "w3.org",
            "schemas.microsoft.com",
            "schemas.openxmlformats.org",
            "purl.org",
            "first.org",
            "www.avast.com",
            "ipmcdn.avast.com",
            "www.avg.com",
            "s-install.avcdn.net",
        ]),
        "Never sent. The receipt says so. The last four stand in what virus scanners write under outgoing mail.\n\
         Keep it short: an entry such as google.com also hides phishing on docs.google.com.",
    ),
    set(
        "hosts.external",
        Shape::Hosts,
        Words(ANALYSIS),
        "URLs there become links, category External analysis; the hosts themselves are left out.",
    ),
    set(
        "hosts.internal",
        Shape::Hosts,
        Words(&[]),
        "URLs there become links, category Internal reference; the hosts themselves are left out. Your wiki and tickets.",
    ),
    set(
        "hosts.no_ids",
        Shape::Hosts,
        Words(KNOWN),
        "Sent without the IDS flag: hosts that malware contacts and everybody else too.",
    ),
    set(
        "hosts.shared",
        Shape::Hosts,
        Words(SHARED),
        "Hosts on which anybody can publish: their URLs keep the IDS flag, the host alone does not get it.",
    ),
    set(
        "hosts.own",
        Shape::Hosts,
        Words(&[]),
        "Your own mail servers, domains and networks. Their names and addresses never get the IDS flag.",
    ),
    set(
        "hosts.participants",
        Shape::Choice(&["skip", "no_ids", "add"]),
        Text("skip"),
        "Hosts of the mail domains of a report's sender and recipients, not defanged: skip leaves them out (and the addresses\n\
         themselves), as they come from signatures; no_ids sends them without the IDS flag; add treats them as any other.\n\
         Skip holds only where the mail plainly is a report; where it may be a phish, the sender's host is sent.",
    ),
    set(
        "text.ignore_lines",
        Shape::Words,
        Words(&[]),
        "Lines that begin with one of these are not searched, for example \"Registrar:\" of a whois answer.",
    ),
    set(
        "text.stop_word",
        Shape::Text,
        Unset("\"Whois & IP Information\""),
        "The text ends at the first line that contains this.",
    ),
    set(
        "text.subject_remove",
        Shape::Patterns,
        Words(&[
            r"(?i)^\s*(?:(?:re|fwd?|aw|wg|tr|rv|i|doorst|antw)\s*:\s*)+",
            r"(?i)\[(?:external|extern|ext|spam|suspected spam)\]",
        ]),
        "Regular expressions; what they match is cut from the subject.",
    ),
    set(
        "attachments.skip_empty",
        Shape::Flag,
        Flag(true),
        "Leave out attachments without content.",
    ),
    set(
        "attachments.inline_images",
        Shape::Flag,
        Flag(false),
        "Send images that the text shows as well. They are mostly logos; lures with QR codes are among them.",
    ),
    set(
        "attachments.benign_text",
        Shape::Flag,
        Flag(true),
        "Text files (txt, csv, ics, json, …) are plain attachments, not malware samples, unless a cell of a table calls a\n\
         program.",
    ),
    set(
        "directives.prefix",
        Shape::Text,
        Text("m2m"),
        "The word before the first colon. Empty: no such lines.",
    ),
    set(
        "directives.key",
        Shape::Secret,
        Unset("\"a long secret of your own\""),
        "What `m2m:m2mkey:…` must say before publish, distribution, threat_level and analysis are obeyed. Not set: never.",
    ),
    set(
        "directives.benign_keyword",
        Shape::Text,
        Text("benign"),
        "`m2m:attachment:benign`: attachments are no samples. Needs no key.",
    ),
];
