//! Checks a MISP server: whether it answers, whether it accepts the key, and what the user may do. Uses
//! [`MispClient::test_connection`], as the extension's options page does.

use std::time::Duration;

use super::check::Check;
use super::{Tell, configuration, offer, words};
use crate::config::{KeySource, Settings};
use crate::domain::Secret;
use crate::misp::client::{Connection, ErrorKind, MispClient, MispError, Role};

/// Longest wait for one request, even if the configuration allows more.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many seconds the clocks may differ.
const CLOCK_OFF: i64 = 60;

/// How many characters of an answer are shown.
const LONGEST: usize = 1000;

/// Checks as much as the server answers.
pub(super) fn examine(settings: &Settings, offline: bool, tell: Tell<'_>) -> Vec<Check> {
    let Some(source) = settings.misp.key_source() else {
        let what = "no API key is set, so the server accepts nothing";
        let next = "set misp.key_file, misp.key_command or misp.key_env, or misp.key in a file that only you can read; MISP \
                    gives keys under My Profile, Auth keys";
        return vec![Check::problem("key", what, next)];
    };
    if offline && matches!(source, KeySource::Command(_)) {
        return vec![
            Check::skipped("key", "misp.key_command is not run offline"),
            not_asked(),
        ];
    }
    tell("the API key");
    let mut misp = match settings.misp_settings() {
        Ok(misp) => misp,
        Err(error) => return vec![configuration::fault("key", &error)],
    };
    misp.options.timeout = misp.options.timeout.min(PATIENCE);
    let secret = misp.key.clone();
    let mut checks = vec![key(&secret, &source)];
    match MispClient::new(misp).and_then(|client| client.prepare().map(|()| client)) {
        Ok(_) if offline => checks.extend([address(settings), not_asked()]),
        Ok(client) => {
            checks.push(address(settings));
            tell(settings.misp.url.as_deref().unwrap_or_default());
            checks.extend(ask(&client, settings));
        }
        Err(error) => checks.push(unusable(&error)),
    }
    checks.into_iter().map(|check| tidy(check, &secret)).collect()
}

fn not_asked() -> Check {
    Check::skipped("connection", "no server is asked offline")
}

fn key(key: &Secret, source: &KeySource) -> Check {
    let place = match source {
        KeySource::Inline(_) => "the configuration".to_owned(),
        KeySource::File(path) => path.display().to_string(),
        KeySource::Command(words) => format!("the program {}", words.first().map_or("", String::as_str)),
        KeySource::Environment(name) => format!("the environment variable {name}"),
    };
    let key = key.expose();
    if key.len() == 40 && key.chars().all(|c| c.is_ascii_alphanumeric()) {
        Check::ok("key", format!("there is one, from {place}"))
    } else {
        let what = format!("what {place} holds is not a MISP key, which has 40 letters and digits");
        Check::warning(
            "key",
            what,
            "copy the key that MISP shows when it is made, and nothing else",
        )
    }
}

fn address(settings: &Settings) -> Check {
    let url = settings.misp.url.as_deref().unwrap_or_default();
    if url.starts_with("http:") {
        if is_this_machine(url) {
            return Check::ok("address", format!("{url}: not encrypted, and on this machine only"));
        }
        let what = format!("{url}: nothing is encrypted, and anybody on the way can read the API key");
        return Check::warning("address", what, "use https:// in `misp.url`");
    }
    if !settings.misp.verify {
        let what = format!("{url}: its certificate is not checked, and anybody on the way can read the API key");
        let next = "set `misp.verify = true`; `misp.ca_file` names an authority of your own, or a certificate that signs itself";
        return Check::warning("address", what, next);
    }
    Check::ok("address", format!("{url}: encrypted, and its certificate is checked"))
}

fn is_this_machine(url: &str) -> bool {
    let url = url::Url::parse(url).ok();
    match url.as_ref().and_then(url::Url::host) {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Settings that cannot work. This is known without a request.
fn unusable(error: &MispError) -> Check {
    Check::problem(
        "address",
        error.to_string(),
        "correct that setting in the section [misp]",
    )
}

fn ask(client: &MispClient, settings: &Settings) -> Vec<Check> {
    match client.test_connection() {
        Ok(connection) => {
            let mut checks = entrance(&connection);
            checks.extend(rights(client));
            checks.extend(role(&connection.me.role, settings));
            checks.extend(offer::examine(client, &connection.me, settings));
            checks
        }
        Err(error) => refusal(&error),
    }
}

fn entrance(connection: &Connection) -> Vec<Check> {
    let me = &connection.me;
    let version = format!("MISP {}", connection.version);
    vec![
        Check::ok("connection", "it answers"),
        if connection.is_old() {
            let what = format!("{version} is older than any that this program was tested with");
            Check::warning(
                "version",
                what,
                "have the server updated; until then check what arrives there",
            )
        } else {
            Check::ok("version", version)
        },
        Check::ok(
            "login",
            format!("the key is that of {}, of {}", me.email, me.organisation),
        ),
        clock(connection.ahead),
    ]
}

fn clock(ahead: Option<i64>) -> Check {
    match ahead {
        None => Check::skipped("clock", "the server does not send its time"),
        Some(ahead) if ahead.abs() <= CLOCK_OFF => Check::ok("clock", "the server's and ours agree"),
        Some(ahead) => {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            let what = format!("the server's is {} {side} ours", words::span(ahead.abs()));
            let next = "set both by a time server (NTP): MISP decides by timestamps which state of an event is newer";
            Check::warning("clock", what, next)
        }
    }
}

/// Checks for a server that cannot be reached or that refuses the key.
fn refusal(error: &MispError) -> Vec<Check> {
    let reached = || Check::ok("connection", "it answers");
    let not_asked = || Check::skipped("login", "cannot be asked without a connection");
    let next = match error.kind {
        ErrorKind::Unreachable | ErrorKind::Untrusted => {
            let next = error.advice.as_ref().map(ToString::to_string).unwrap_or_default();
            return vec![Check::problem("connection", &*error.problem.text, next), not_asked()];
        }
        ErrorKind::Login => {
            let next = "make a key in MISP (My Profile, Auth keys) and set it: misp.key, misp.key_file, misp.key_command or \
                        misp.key_env";
            return vec![reached(), Check::problem("login", error.to_string(), next)];
        }
        ErrorKind::Permission => {
            let next = "ask the server's administrator for a role that may use the API";
            return vec![reached(), Check::problem("login", error.to_string(), next)];
        }
        ErrorKind::Settings => return vec![unusable(error)],
        ErrorKind::TimedOut => "try again; if that does not help, the server is overloaded",
        ErrorKind::Busy => "try again later; mails wait in the outbox until then",
        ErrorKind::NotMisp | ErrorKind::NotFound => {
            "`misp.url` is MISP's address as in a browser, with the server's folder, if it has one, and without a page"
        }
        ErrorKind::Interrupted | ErrorKind::Exists | ErrorKind::Refused => {
            "look into the logs of the server, or of the proxy before it"
        }
    };
    vec![Check::problem("connection", error.to_string(), next), not_asked()]
}

/// Whether the key itself may do less than the role of its user. A server that does not say so is not asked further.
fn rights(client: &MispClient) -> Option<Check> {
    let read_only = client.key_is_read_only().ok().flatten()?;
    Some(if read_only {
        let what = "the key is read-only, whatever the role of its user: nothing can be delivered";
        let next = "make another key in MISP (My Profile, Auth keys) without \"read only\", and set that";
        Check::problem("key-rights", what, next)
    } else {
        Check::ok("key-rights", "the key may do what the role of its user may do")
    })
}

/// The permissions that this profile needs and the role does not have.
fn role(role: &Role, settings: &Settings) -> Vec<Check> {
    let name = &role.name;
    let mut lacks = Vec::new();
    if !role.perm_add {
        let what = format!("{name} may not make events (perm_add): nothing can be delivered");
        lacks.push(Check::problem("role-add", what, ask_for("may add events")));
    }
    if !role.perm_modify {
        let what = format!("{name} may not change events (perm_modify): a half-made event cannot be completed");
        lacks.push(Check::warning(
            "role-modify",
            what,
            ask_for("may modify its own events"),
        ));
    }
    if settings.event.publish && !role.perm_publish {
        let what = format!("{name} may not publish (perm_publish), but this profile publishes its events");
        let next = format!("{}, or set `event.publish = false`", ask_for("may publish"));
        lacks.push(Check::problem("role-publish", what, next));
    }
    if !role.perm_tagger {
        let what = format!("{name} may not tag (perm_tagger): events arrive without their TLP marking");
        lacks.push(Check::problem("role-tag", what, ask_for("may tag")));
    }
    if settings.sightings.enabled && !role.perm_sighting {
        let what = format!("{name} may not add sightings (perm_sighting), but this profile sends them");
        let next = format!("{}, or set `sightings.enabled = false`", ask_for("may add sightings"));
        lacks.push(Check::warning("role-sighting", what, next));
    }
    if lacks.is_empty() {
        lacks.push(Check::ok("role", format!("{name} may do all that this profile needs")));
    }
    lacks
}

fn ask_for(what: &str) -> String {
    format!("ask the server's administrator for a role that {what}")
}

/// Shortens text of the server, and hides the key, which a gateway may repeat.
fn tidy(check: Check, key: &Secret) -> Check {
    let tidied = |text: String| {
        let text = key.hide_in(&text);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    };
    Check {
        what: tidied(check.what),
        next: check.next.map(tidied),
        ..check
    }
}

#[cfg(test)]
mod tests {
    use super::super::CheckState;
    use super::*;

    #[test]
    fn a_clock_may_be_a_minute_off() {
        for (ahead, state, words) in [
            (None, CheckState::Skipped, ""),
            (Some(0), CheckState::Ok, ""),
            (Some(-60), CheckState::Ok, ""),
            (Some(61), CheckState::Warning, "1 minute ahead of ours"),
            (Some(-7_500), CheckState::Warning, "2 hours behind ours"),
        ] {
            let check = clock(ahead);
            assert!(check.state == state && check.what.contains(words), "{check:?}");
        }
    }

    #[test]
    fn a_key_that_a_server_repeats_is_cut_out() {
        let key = Secret::new("0123456789abcdefghijABCDEFGHIJ0123456789");
        let check = Check::problem("login", format!("said {}", key.expose()), "x".repeat(5_000));
        let check = tidy(check, &key);
        assert_eq!(check.what, "said ***");
        assert_eq!(check.next.map(|next| next.chars().count()), Some(LONGEST + 1));
    }

    #[test]
    fn an_unencrypted_way_is_harmless_within_a_machine() {
        for (url, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://[::1]", true),
            ("http://localhost/misp", true),
            ("http://misp.example.org", false),
            ("http://192.0.2.1", false),
        ] {
            assert_eq!(is_this_machine(url), expected, "{url}");
        }
    }
}
