//! A mail on its way: read, looked into, and then without one's own people.

use std::rc::Rc;

use super::sender::Sender;
use crate::config::Settings;
use crate::contents::{self, Contents, Named, Passwords, Watch, What};
use crate::domain::Overrides;
use crate::mail::Mail;
use crate::policy;
use crate::privacy::{self, TakenOut};

/// A mail, after one's own people were taken out of it.
pub struct Private {
    pub mail: Mail,
    /// What is known of who sent it and each mail inside, in the order of the nodes. Read before they are taken out.
    pub senders: Vec<Sender>,
    /// Those whom rules ask about. Read before they are taken out.
    pub recipients: Vec<String>,
    /// `None` when nobody is to be taken out.
    pub taken_out: Option<TakenOut>,
    /// What is inside the attachments of it and of each mail inside, in the order of the nodes.
    pub contents: Vec<Contents>,
}

impl Private {
    /// `contents` are those of the mails that were looked into already.
    pub fn of(
        mut mail: Mail,
        raw: &[u8],
        overrides: &Overrides,
        mut contents: Vec<Contents>,
        watch: &dyn Watch,
        settings: &Settings,
    ) -> Self {
        look_into(&mail, &mut Vec::new(), &mut contents, &mut 0, watch, settings);
        let senders = Sender::all(&mail, Some(raw), settings);
        let recipients = if settings.rules.iter().all(|rule| rule.recipient.is_none()) {
            Vec::new()
        } else {
            policy::recipients(&mail)
        };
        let taken_out = (!overrides.keep_people)
            .then(|| privacy::take_out(&mut mail, &settings.hosts, &settings.privacy))
            .flatten();
        if let Some(taken_out) = &taken_out {
            for one in &mut contents {
                clean_names(one, taken_out);
            }
        }
        Self {
            mail,
            senders,
            recipients,
            taken_out,
            contents,
        }
    }
}

/// Takes people out of the names of files, of what opened them, and of comments on values. What stands in the files is looked at when it is found.
fn clean_names(contents: &mut Contents, taken_out: &TakenOut) {
    for note in &mut contents.notes {
        *note = note.with_texts(&|text| taken_out.without(text));
    }
    for file in &mut contents.files {
        file.path = taken_out.without(&file.path).into();
        let names = file.inner.iter_mut().filter_map(|inner| inner.name.as_mut());
        let facts = file.facts.iter_mut().map(|(_, value)| value);
        for text in names.chain(facts).chain(file.password.as_mut()) {
            *text = taken_out.without(text);
        }
        for piece in &mut file.pieces {
            piece.place = taken_out.without(&piece.place);
            if let What::Stated(values) = &mut piece.what {
                for stated in values {
                    stated.comment = taken_out.without(&stated.comment);
                }
            }
        }
    }
}

/// Adds the contents of a mail and of those inside it, those left out that are there already. `around` is what the mails name that it
/// lies in: its passwords may be among that. Recursion is as deep as the mail stage opened mails, which is bounded.
fn look_into<'m>(
    mail: &'m Mail,
    around: &mut Vec<Rc<Named<'m>>>,
    contents: &mut Vec<Contents>,
    count: &mut usize,
    watch: &dyn Watch,
    settings: &'m Settings,
) {
    around.push(Named::of(mail));
    if *count >= contents.len() {
        let passwords = Passwords::of(around.iter().rev().cloned(), &settings.contents.passwords);
        contents.push(contents::read(mail, &passwords, &settings.contents, watch));
    }
    *count += 1;
    for embedded in &mail.embedded {
        look_into(&embedded.mail, around, contents, count, watch, settings);
    }
    around.pop();
}

/// Looks into the attachments of a mail alone.
pub fn outermost(mail: &Mail, watch: &dyn Watch, settings: &Settings) -> Contents {
    let passwords = Passwords::of([Named::of(mail)], &settings.contents.passwords);
    contents::read(mail, &passwords, &settings.contents, watch)
}
