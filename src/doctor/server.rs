//! A MISP server: can it be reached, whom does the key belong to, and may they do what the settings ask for?

use std::time::{SystemTime, UNIX_EPOCH};

use super::Check;
use crate::config::Settings;
use crate::misp::client::{Connection, MispClient, MispError, MispSettings, Role};

/// Clocks that differ by more make times in events wrong, and certificates look invalid.
const CLOCK_SECONDS: u64 = 60;

/// Asks the server.
pub fn examine(misp: MispSettings, settings: &Settings, each: &mut dyn FnMut(Check)) {
    let (key, url) = (misp.key.clone(), misp.url.clone());
    // Whatever a server says, the key is not repeated.
    let mut each = |mut check: Check| {
        check.found = key.hide_in(&check.found);
        each(check);
    };
    let client = match MispClient::new(misp) {
        Ok(client) => client,
        Err(error) => return each(Check::problem("server", error, "correct misp.url")),
    };
    let connection = match client.test_connection() {
        Ok(connection) => connection,
        Err(error) => return each(failure(&error)),
    };
    let Connection { version, me, .. } = &connection;
    each(Check::ok("server", format!("{url}, MISP {version}")));
    each(encryption(&url, settings));
    each(Check::ok(
        "key",
        format!("it is that of {} of {}", me.email, me.organisation),
    ));
    each(role(&me.role, settings));
    each(clock(connection.time));
    each(tags(&client, &me.role, settings));
    each(warninglists(&client));
}

fn failure(error: &MispError) -> Check {
    let (id, next) = match error {
        MispError::Settings { .. } => ("server", "correct the settings in [misp]"),
        MispError::Unreachable { .. } => (
            "server",
            "check address and port, and whether a VPN or a proxy (HTTPS_PROXY) is needed",
        ),
        MispError::Untrusted { .. } => (
            "tls",
            "name the certificates of your own authority in misp.ca_file; if the certificate has expired or is for another name, the server has to get a new one",
        ),
        MispError::TimedOut { .. } => ("server", "try again later; if the server is slow, raise misp.timeout"),
        MispError::Busy { .. } => ("server", "try again later; mails wait in the outbox meanwhile"),
        MispError::Login { .. } => (
            "key",
            "create a new key on MISP's page Administration, Auth keys; it may be mistyped, expired, or restricted to other addresses",
        ),
        MispError::Permission { .. } => (
            "role",
            "ask MISP's administrator whether the user is active and its role may use the API",
        ),
        MispError::NotMisp { .. } => (
            "server",
            "something else answers there: a log-in page, a proxy, or another folder of the server; check misp.url",
        ),
        MispError::Interrupted { .. }
        | MispError::Exists { .. }
        | MispError::NotFound { .. }
        | MispError::Refused { .. } => ("server", "look into the server's log"),
    };
    Check::problem(id, error, next)
}

fn encryption(url: &str, settings: &Settings) -> Check {
    if url.starts_with("http:") {
        let next = "use https: everybody on the way can read the API key";
        Check::warning("tls", "the connection is not encrypted", next)
    } else if settings.misp.verify {
        Check::ok("tls", "the certificate is valid")
    } else {
        let next = "name the certificates of your own authority in misp.ca_file instead of misp.verify = false: everybody on the way can read the API key";
        Check::warning("tls", "the certificate is not checked", next)
    }
}

fn role(role: &Role, settings: &Settings) -> Check {
    let needed = [
        (role.perm_add, true, "make events: nothing can be sent"),
        (
            role.perm_publish,
            settings.event.publish,
            "publish, as event.publish asks for: events stay unpublished",
        ),
        (role.perm_tagger, true, "tag: events get no TLP"),
        (
            role.perm_sighting,
            settings.sightings.enabled,
            "add sightings, as sightings.enabled asks for",
        ),
    ];
    let lacks: Vec<&str> = needed
        .iter()
        .filter(|(may, asked, _)| *asked && !may)
        .map(|(_, _, what)| *what)
        .collect();
    if lacks.is_empty() {
        return Check::ok("role", format!("{} may do what the settings ask for", role.name));
    }
    let found = format!("{} may not {}", role.name, lacks.join("; may not "));
    let next = "ask MISP's administrator for a role that may";
    if role.perm_add {
        Check::warning("role", found, next)
    } else {
        Check::problem("role", found, next)
    }
}

fn clock(server: Option<i64>) -> Check {
    let here = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok());
    let (Some(here), Some(server)) = (here, server) else {
        return Check::skipped("clock", "the server does not tell its time", None);
    };
    let apart = here.abs_diff(server);
    if apart <= CLOCK_SECONDS {
        Check::ok("clock", "it agrees with the server's")
    } else {
        let which = if here > server { "ahead of" } else { "behind" };
        let found = format!("this machine's clock is {apart} seconds {which} the server's");
        Check::warning(
            "clock",
            found,
            "set the clocks by NTP: times in events are wrong until then",
        )
    }
}

/// Tags that every event of this profile may get.
fn tags(client: &MispClient, role: &Role, settings: &Settings) -> Check {
    let mut wanted: Vec<&str> = settings.event.tags.iter().map(String::as_str).collect();
    let tlp = settings.tlp.default.tag();
    wanted.push(tlp);
    wanted.extend(settings.tags.with_hashes.iter().map(String::as_str));
    wanted.extend(
        settings
            .tags
            .by_subject
            .iter()
            .flat_map(|(_, tags)| tags)
            .map(String::as_str),
    );
    wanted.sort_unstable();
    wanted.dedup();
    match client.missing_tags(&wanted) {
        Ok(missing) if missing.is_empty() => Check::ok("tags", format!("the server knows {}", wanted.join(", "))),
        Ok(missing) if role.perm_tag_editor => Check::ok(
            "tags",
            format!("{} will be made with the first event", missing.join(", ")),
        ),
        Ok(missing) => Check::warning(
            "tags",
            format!(
                "the server does not know {}, and this user may not make tags: events come without",
                missing.join(", ")
            ),
            "let MISP's administrator make them, or enable their taxonomy",
        ),
        Err(error) => Check::warning("tags", error, "nothing has to be done if events get their tags"),
    }
}

fn warninglists(client: &MispClient) -> Check {
    match client.enabled_warninglists() {
        Ok(0) => Check::warning(
            "warninglists",
            "none is enabled on the server: addresses of public services are taken for indicators",
            "let MISP's administrator update and enable them (Input Filters, Warninglists)",
        ),
        Ok(count) => Check::ok("warninglists", format!("{count} are enabled on the server")),
        Err(error) => Check::warning("warninglists", error, "the role may lack the right to see them"),
    }
}
