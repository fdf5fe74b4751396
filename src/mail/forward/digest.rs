//! Digests of mailing lists in plain text (RFC 1153): a preamble, a line of 70 dashes, and the mails, each with the header lines that a
//! reader wants to see, parted by lines of 30 dashes.

use super::source::Source;
use super::{Quoted, Split, fields};
use crate::domain::ForwardWords;

/// Mails of one digest at most; the rest stays text.
const MAILS: usize = 500;

/// Parts a digest into its mails, at most so many; `None` when the text is none.
pub(super) fn split(text: &str, most: usize) -> Option<Split> {
    let (preamble, rest) = at_line(text, 70)?;
    let mut split = Split {
        comment: preamble.to_owned(),
        quoted: Vec::new(),
        beyond: 0,
    };
    let mut rest = rest;
    while split.quoted.len() < MAILS.min(most) {
        let (mail, behind) = at_line(rest, 30).unwrap_or((rest, ""));
        match quoted(mail) {
            Some(quoted) => split.quoted.push(quoted),
            // «End of … Digest», and what the list says below its mails.
            None => split.comment.push_str(mail),
        }
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    split.comment.push_str(rest);
    split.beyond = mails_in(rest);
    (!split.quoted.is_empty()).then_some(split)
}

/// How many mails are parted in the rest of a digest.
fn mails_in(mut rest: &str) -> usize {
    let mut count = 0;
    while let Some((_, behind)) = at_line(rest, 30) {
        count += 1;
        rest = behind;
    }
    count
}

/// What stands before and behind the first line of so many dashes.
fn at_line(text: &str, dashes: usize) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare.len() == dashes && bare.bytes().all(|byte| byte == b'-') {
            return Some((text.get(..at)?, text.get(at + line.len()..)?));
        }
        at += line.len();
    }
    None
}

/// One mail: header lines, a blank line, its text. Mailman numbers them in a line of their own.
fn quoted(mail: &str) -> Option<Quoted> {
    let lines: Vec<&str> = mail.trim_start_matches('\n').split('\n').collect();
    let numbered = lines.first().is_some_and(|line| line.starts_with("Message: "));
    let first = usize::from(numbered);
    let (headers, body) = fields::read(&lines, first, 0, Source::Plain, &ForwardWords::default())?;
    let complete = ["From", "Date", "Subject"]
        .iter()
        .all(|name| headers.first(name).is_some());
    complete.then(|| Quoted {
        headers,
        text: lines.get(body..).unwrap_or_default().join("\n"),
    })
}

#[cfg(test)]
mod tests {
    use crate::mail::tests::{plain_mail, texts};

    #[test]
    fn each_mail_of_a_digest_is_a_mail() {
        let (seventy, thirty) = ("-".repeat(70), "-".repeat(30));
        let one = |number: u8| {
            format!(
                "Message: {number}\nDate: Mon, 14 May 2018 16:09:05 +0000\nFrom: a{number}@x.example\nSubject: [l] topic {number}\nTo: l@x.example\nMessage-ID: <{number}@x.example>\nContent-Type: text/plain; charset=utf-8\n\ntext {number}\n\n"
            )
        };
        let digest = format!(
            "Send l mailing list submissions to\n\tl@x.example\n\nToday's Topics:\n\n   1. topic 1\n\n\n{seventy}\n\n{}{thirty}\n\n{}{thirty}\n\nSubject: Digest Footer\n\n_____\nl mailing list\n\n{thirty}\n\nEnd of l Digest, Vol 1, Issue 2\n****\n",
            one(1),
            one(2)
        );
        let mail = plain_mail("l Digest, Vol 1, Issue 2", &digest);
        let read: Vec<_> = mail
            .embedded
            .iter()
            .map(|inner| {
                (
                    inner.mail.headers.subject().unwrap_or_default(),
                    texts(&inner.mail).join("|"),
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                ("[l] topic 1", "text 1".to_owned()),
                ("[l] topic 2", "text 2".to_owned())
            ]
        );
        assert!(mail.bodies[0].text.contains("Today's Topics") && mail.bodies[0].text.contains("End of l Digest"));
    }

    #[test]
    fn rules_of_other_texts_part_no_mails() {
        for text in [
            format!("a\n{}\nb\n{}\nc\n", "-".repeat(70), "-".repeat(30)),
            format!("{}\nFrom: me\n\ntext\n", "-".repeat(70)),
        ] {
            assert!(plain_mail("notes", &text).embedded.is_empty(), "{text}");
        }
    }
}
