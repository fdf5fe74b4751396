//! Asks for many hosts at once, within one time limit.

use super::answer::Answer;
use super::{Notes, servers};
use crate::config::Dns;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, Record, RecordType};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::domain::Note;

/// Nobody waits longer, and adding it to the clock cannot overflow.
pub(super) const LONGEST: Duration = Duration::from_mins(10);
/// Hosts that are asked for at the same time. Each question needs a socket.
const AT_ONCE: usize = 16;

/// Returns the answers that came in time and adds notes on the others.
pub(super) fn all(hosts: BTreeSet<String>, settings: &Dns, notes: &mut Notes) -> Vec<(String, Answer)> {
    with_runtime(notes, async |notes| ask(hosts, settings, notes).await).unwrap_or_default()
}

/// Runs questions; `None` with a note if that cannot be.
pub(super) fn with_runtime<T>(notes: &mut Notes, questions: impl AsyncFnOnce(&mut Notes) -> T) -> Option<T> {
    // Created only here, because most runs need no runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => Some(runtime.block_on(questions(notes))),
        Err(error) => {
            notes.plain.push(Note::DnsCannotBegin {
                error: error.to_string(),
            });
            None
        }
    }
}

async fn ask(hosts: BTreeSet<String>, settings: &Dns, notes: &mut Notes) -> Vec<(String, Answer)> {
    let deadline = Instant::now() + settings.timeout.min(LONGEST);
    let Some(resolver) = servers::resolver(&settings.name_servers, settings.timeout / 3, notes) else {
        return Vec::new();
    };
    let mut waiting = hosts.iter();
    let mut running = JoinSet::new();
    let mut answers = Vec::new();
    let mut unanswered = hosts.clone();
    loop {
        while running.len() < AT_ONCE
            && let Some(host) = waiting.next()
        {
            running.spawn(host_by(resolver.clone(), host.clone()));
        }
        match timeout_at(deadline, running.join_next()).await {
            Ok(Some(Ok((host, answer)))) => {
                unanswered.remove(&host);
                for failure in &answer.failures {
                    notes.failed(&host, failure.clone());
                }
                answers.push((host, answer));
            }
            Ok(Some(Err(_))) => {} // the task panicked; the host stays among the unanswered
            Ok(None) | Err(_) => break,
        }
    }
    for host in unanswered {
        notes.failed(&host, Note::DnsNoAnswer);
    }
    answers
}

async fn host_by(resolver: TokioResolver, host: String) -> (String, Answer) {
    // A fully qualified name keeps the resolver from trying search domains of the own network.
    let name = Name::from_ascii(&host).map(|mut name| {
        name.set_fqdn(true);
        name
    });
    let answer = match name {
        Ok(name) => {
            let v4 = records(&resolver, &name, RecordType::A);
            let v6 = records(&resolver, &name, RecordType::AAAA);
            let (v4, v6) = tokio::join!(v4, v6);
            Answer::of(&name, [v4, v6])
        }
        Err(_) => Answer {
            failures: [Note::DnsNoName].into(),
            ..Answer::default()
        },
    };
    (host, answer)
}

async fn records(resolver: &TokioResolver, name: &Name, kind: RecordType) -> Result<Vec<Record>, NetError> {
    Ok(resolver.lookup(name.clone(), kind).await?.answers().to_vec())
}
