//! Asks for the texts of names: all at the same time, with one deadline.

use std::collections::{BTreeMap, BTreeSet};

use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::lookup::{self, LONGEST};
use super::{Notes, answer, servers};
use crate::config::Dns;
use crate::domain::Note;

/// Most records of one name that are looked at.
const RECORDS: usize = 8;

/// The texts of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Each record as one text. None if the name has none.
    Of(Vec<String>),
    /// Nobody answered, or not to the question.
    Unknown,
}

/// The texts of `names`, of which there should be few, and notes on what failed.
pub fn texts(names: BTreeSet<String>, settings: &Dns) -> (BTreeMap<String, Texts>, Vec<Note>) {
    let mut notes = Notes::default();
    let found = lookup::with_runtime(&mut notes, async |notes| ask(names, settings, notes).await);
    (found.unwrap_or_default(), notes.finish())
}

async fn ask(names: BTreeSet<String>, settings: &Dns, notes: &mut Notes) -> BTreeMap<String, Texts> {
    let deadline = Instant::now() + settings.timeout.min(LONGEST);
    let mut found: BTreeMap<String, Texts> = names.iter().map(|name| (name.clone(), Texts::Unknown)).collect();
    let Some(resolver) = servers::resolver(&settings.name_servers, settings.timeout / 3, notes) else {
        return found;
    };
    let mut unanswered = names.clone();
    let mut running = JoinSet::new();
    for name in names {
        running.spawn(of(resolver.clone(), name));
    }
    while let Ok(Some(ended)) = timeout_at(deadline, running.join_next()).await {
        // A task that panicked leaves its name unanswered.
        let Ok((name, answer)) = ended else { continue };
        unanswered.remove(&name);
        match answer {
            Ok(texts) => _ = found.insert(name, Texts::Of(texts)),
            // It has none.
            Err(None) => _ = found.insert(name, Texts::Of(Vec::new())),
            Err(Some(failure)) => notes.failed(&name, failure),
        }
    }
    for name in unanswered {
        notes.failed(&name, Note::DnsNoAnswer);
    }
    found
}

async fn of(resolver: TokioResolver, name: String) -> (String, Result<Vec<String>, Option<Note>>) {
    let Ok(mut asked) = Name::from_ascii(&name) else {
        return (name, Err(Some(Note::DnsNoName)));
    };
    asked.set_fqdn(true);
    let answered = resolver.lookup(asked, RecordType::TXT).await;
    let texts = answered
        .map_err(|error: NetError| answer::reason(&error))
        .map(|answer| {
            let records = answer.answers().iter().filter_map(|record| match &record.data {
                RData::TXT(text) => Some(text.txt_data.concat()),
                _ => None,
            });
            let texts = records.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            texts.take(RECORDS).collect()
        });
    (name, texts)
}
