//! Which of the statements about a mail's sender are believed.

use crate::domain::{Authentication, HostList};
use crate::mail::Mail;
use crate::mail::authentication::{Method, Source, Statement};

/// What is known of the sender: what the servers in `own` wrote; without such a statement what the topmost server did, which then is
/// not trusted. `None` if no field says anything.
pub fn authentication(mail: &Mail, own: &HostList) -> Option<Authentication> {
    let statements = mail.headers.authentication();
    let is_own = |statement: &&Statement| !statement.server.is_empty() && own.covers(&statement.server);
    let mut chosen: Vec<&Statement> = statements.iter().filter(is_own).collect();
    let trusted = !chosen.is_empty();
    if !trusted {
        chosen = topmost(&statements);
    }
    // The last server of a way through several stages knows least of what the first one saw.
    chosen.sort_by_key(|statement| rank(statement.source));
    let mut found = Authentication {
        // That it is one's own says all; its name is nobody else's business.
        server: if trusted {
            String::new()
        } else {
            chosen.first()?.server.clone()
        },
        trusted,
        ..Authentication::default()
    };
    for statement in chosen {
        add(&mut found, statement);
    }
    let checks = found.spf.iter_mut().chain(&mut found.dkim).chain(&mut found.dmarc);
    for checked in checks {
        checked.domain = checked.domain.take().filter(|domain| !own.covers(domain));
    }
    Some(found)
}

/// Of each kind the statement that was written last.
fn topmost(statements: &[Statement]) -> Vec<&Statement> {
    let first = |wanted: Source| statements.iter().find(|statement| statement.source == wanted);
    let in_arc = statements
        .iter()
        .filter(|statement| matches!(statement.source, Source::Arc(_)));
    let results =
        first(Source::AuthenticationResults).or_else(|| in_arc.max_by_key(|statement| rank(statement.source)));
    results.into_iter().chain(first(Source::ReceivedSpf)).collect()
}

/// Statements of the last server count before copies of earlier ones, and full ones before SPF alone.
fn rank(source: Source) -> u32 {
    match source {
        Source::AuthenticationResults => 0,
        Source::Arc(number) => number.saturating_add(1),
        Source::ReceivedSpf => u32::MAX,
    }
}

/// Adds what is not said yet. A mail may have several signatures: one statement names them all.
fn add(found: &mut Authentication, statement: &Statement) {
    let knows_signatures = !found.dkim.is_empty();
    for (method, checked) in &statement.results {
        let checked = checked.clone();
        match method {
            Method::Spf => _ = found.spf.get_or_insert(checked),
            Method::Dmarc => _ = found.dmarc.get_or_insert(checked),
            Method::Dkim if !knows_signatures => found.dkim.push(checked),
            Method::Dkim => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MailSettings;
    use crate::mail;

    fn of(header: &str, own: &[&str]) -> Option<String> {
        let raw = format!("{header}Subject: s\n\nt\n");
        let mail = mail::parse(raw.as_bytes(), &MailSettings::default()).unwrap();
        let found = authentication(&mail, &HostList::new(own))?;
        let trust = if found.trusted { "trusted" } else { "unproven" };
        let who = format!("{trust} {}", found.server);
        Some(format!("{}: {}", who.trim_end(), found.results().join(", ")))
    }

    const OWN: &str = "Authentication-Results: mx.corp.example; spf=fail smtp.mailfrom=evil.example\n";
    const FORGED: &str = "Authentication-Results: mx.evil.example; dmarc=pass header.from=bank.example\n";
    const SPF: &str = "Received-SPF: pass (x) receiver=gate.corp.example; envelope-from=a@evil.example\n";

    #[test]
    fn servers_of_our_own_are_believed_wherever_they_stand() {
        let own = &["corp.example"];
        for header in [format!("{OWN}{FORGED}"), format!("{FORGED}{OWN}")] {
            assert_eq!(of(&header, own).unwrap(), "trusted: SPF fail (evil.example)");
        }
        assert_eq!(of(SPF, own).unwrap(), "trusted: SPF pass (evil.example)");
    }

    #[test]
    fn without_one_the_topmost_statement_is_told_and_not_trusted() {
        let header = format!("{OWN}{FORGED}{SPF}");
        assert_eq!(
            of(&header, &[]).unwrap(),
            "unproven mx.corp.example: SPF fail (evil.example)"
        );
        let arc = "ARC-Authentication-Results: i=1; a.example; dkim=pass header.d=one.example\n\
                   ARC-Authentication-Results: i=2; b.example; dkim=fail header.d=two.example\n";
        assert_eq!(of(arc, &[]).unwrap(), "unproven b.example: DKIM fail (two.example)");
        assert_eq!(of("", &["corp.example"]), None);
    }

    #[test]
    fn our_own_copies_in_arc_complete_what_the_last_server_says() {
        let header = "Authentication-Results: store.corp.example; dkim=fail header.d=list.example\n\
                      ARC-Authentication-Results: i=1; mx.corp.example; dkim=pass header.d=list.example; dmarc=pass header.from=list.example\n";
        assert_eq!(
            of(header, &["corp.example"]).unwrap(),
            "trusted: DKIM fail (list.example), DMARC pass (list.example)"
        );
    }
}
