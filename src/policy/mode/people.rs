//! What shows that a person wrote a mail to people who know each other, or a program to many.

use crate::domain::{Fact, ForwardWords, forward_words};
use crate::mail::{AttachmentRole, Headers, Mail};

/// How the programs call themselves in which people write. Those that spammers like to name are not among them.
const PROGRAMS: [&str; 13] = [
    "thunderbird",
    "mozilla",
    "ximian",
    "apple mail",
    "iphone mail",
    "evolution",
    "mutt",
    "kmail",
    "gnus",
    "claws",
    "roundcube",
    "emacs",
    "k-9",
];

/// Fields in which a filter or a mail server says that a mail is spam, and how their value begins.
const VERDICTS: [(&str, &str); 5] = [
    ("X-Spam-Flag", "yes"),
    ("X-Spam-Status", "yes"),
    ("X-Spam", "yes"),
    ("X-Bogosity", "spam"),
    ("X-Spamd-Result", "default: true"),
];

/// How mailboxes are called that only spam comes to.
const TRAPS: [&str; 4] = ["spamtrap", "spam-trap", "honeypot", "spamfalle"];

/// Words in the names of mailboxes to which people report, and where those read who answer for security.
const DEFENDERS: [&str; 26] = [
    "soc",
    "csirt",
    "cert",
    "cirt",
    "sirt",
    "abuse",
    "phishing",
    "phish",
    "spam",
    "security",
    "infosec",
    "itsecurity",
    "cyber",
    "cybersecurity",
    "ciso",
    "incident",
    "incidents",
    "incidente",
    "incidentes",
    "sicherheit",
    "seguranca",
    "seguridad",
    "sicurezza",
    "securite",
    "threatintel",
    "misp",
];

pub(super) fn facts(mail: &Mail, facts: &mut Vec<Fact>) {
    let headers = &mail.headers;
    let has = |name: &str| headers.first(name).is_some_and(|value| !value.trim().is_empty());
    if has("In-Reply-To") || has("References") || is_answer(headers.subject().unwrap_or_default()) {
        facts.push(Fact::Answer);
    }
    if has("List-Post") || has("List-Id") || has("Mailing-List") {
        facts.push(Fact::MailingList);
    }
    if has("List-Unsubscribe") {
        facts.push(Fact::UnsubscribeField);
    }
    let programs = ["User-Agent", "X-Mailer"].iter().flat_map(|name| headers.all(name));
    if programs
        .map(str::to_ascii_lowercase)
        .any(|name| PROGRAMS.iter().any(|known| name.contains(known)))
    {
        facts.push(Fact::ByAPerson);
    }
    if mail
        .attachments
        .iter()
        .any(|file| file.role == AttachmentRole::Signature)
    {
        facts.push(Fact::Signed);
    }
    let begins = |(name, verdict): &(&str, &str)| {
        let mut values = headers.all(name).map(str::trim);
        values.any(|value| {
            value
                .get(..verdict.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(verdict))
        })
    };
    if VERDICTS.iter().any(begins) {
        facts.push(Fact::MarkedAsSpam);
    }
    recipients(headers, facts);
}

fn recipients(headers: &Headers, facts: &mut Vec<Fact>) {
    let named = headers.addresses("To").into_iter().chain(headers.addresses("Cc"));
    let named: Vec<String> = named
        .map(|one| one.address.to_ascii_lowercase())
        .filter(|one| one.contains('@'))
        .collect();
    match named.len() {
        0 => facts.push(Fact::NoRecipient),
        count @ 6.. => facts.push(Fact::ManyRecipients { count }),
        _ => {}
    }
    let delivered = headers
        .addresses("Delivered-To")
        .into_iter()
        .map(|one| one.address.to_ascii_lowercase());
    let is_defender = |address: &String| {
        let local = address.split('@').next().unwrap_or_default();
        local.split(['-', '.', '_', '+']).any(|word| DEFENDERS.contains(&word))
    };
    facts.extend(named.iter().any(is_defender).then_some(Fact::ToDefenders));
    let local = |address: String| address.split('@').next().unwrap_or_default().to_owned();
    if delivered
        .chain(named)
        .map(local)
        .any(|local| TRAPS.iter().any(|trap| local.contains(trap)))
    {
        facts.push(Fact::ToATrap);
    }
}

/// `Re:`, `AW:`, `[list] Re[2]:`
fn is_answer(subject: &str) -> bool {
    let subject = subject.trim_start();
    let subject = match subject.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim_start(),
        None => subject,
    };
    let Some((prefix, _)) = subject.split_once(':') else {
        return false;
    };
    let prefix = prefix.split('[').next().unwrap_or_default().trim();
    ForwardWords::known().meaning(&forward_words::folded(prefix), |words| &words.prefixes) == Some("reply")
}
