//! The line that some programs put over a mail which they forward, instead of its header: who wrote it, and when. All programs put
//! it over what they answer, so it only counts where something else says that the mail is a forward.

use crate::domain::ForwardWords;
use crate::domain::forward_words::folded;
use crate::mail::{address, date};

/// What such a line says.
#[derive(Debug)]
pub(super) struct Wrote {
    /// Name and address as a header has them.
    pub from: String,
    /// The words that hold the date.
    pub date: String,
}

/// Reads `On 14 May 2018 at 16:09, Evil <evil@bad.example> wrote:` in any language of the table.
pub(super) fn read(line: &str, words: &ForwardWords) -> Option<Wrote> {
    let line = line.trim();
    if line.len() > 400 || !line.contains('@') {
        return None;
    }
    let text = address::without_mailto(line.strip_suffix([':', '：'])?);
    let at = text.find('@')?;
    let (head, tail) = text.split_at_checked(at)?;
    let encloses = |c: char| c.is_whitespace() || "<>()[]\"',;".contains(c);
    let open = head
        .char_indices()
        .rev()
        .find(|(_, c)| encloses(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let close = at + tail.find(encloses).unwrap_or(tail.len());
    let (before, mailbox, after) = (text.get(..open)?, text.get(open..close)?, text.get(close..)?);
    if after.contains('@') || !mailbox.contains('.') {
        return None;
    }
    let before = before.trim_end_matches(['<', '(', '[', ' ']);
    let after = after.trim_start_matches(['>', ')', ']', '"', ',', ' ']);
    let is_said = words.says_wrote(&folded(before)) || words.says_wrote(&folded(after));
    // Yandex says nothing but date, name and address, Danes put the verb before the name.
    if !is_said && !after.is_empty() {
        return None;
    }
    let (when, name) = cut_name(before, words);
    let behind = after.bytes().filter(u8::is_ascii_digit).count() >= 4;
    let when = if behind { after } else { when };
    date::parse(when)?;
    let from = if name.is_empty() {
        mailbox.to_owned()
    } else {
        format!("{name} <{mailbox}>")
    };
    Some(Wrote {
        from,
        date: when.trim_matches(|c: char| c.is_whitespace() || c == ',').to_owned(),
    })
}

/// What stands before an address, parted into the words of the date and the name.
fn cut_name<'l>(text: &'l str, words: &ForwardWords) -> (&'l str, &'l str) {
    const QUOTES: [(char, char); 5] = [('"', '"'), ('„', '”'), ('«', '»'), ('“', '”'), ('„', '“')];
    for (open, close) in QUOTES {
        let quoted = text
            .strip_suffix(close)
            .and_then(|text| Some((text, text.rfind(open)?)));
        if let Some((inner, at)) = quoted {
            let name = inner.get(at + open.len_utf8()..).unwrap_or_default();
            return (text.get(..at).unwrap_or_default(), name);
        }
    }
    let mut start = text.len();
    for word in text.split_inclusive(char::is_whitespace).rev() {
        let bare = word.trim_end();
        let ends = bare.ends_with(',')
            || bare.bytes().any(|byte| byte.is_ascii_digit())
            || words.is_beside_name(&folded(bare));
        if ends {
            break;
        }
        start -= word.len();
    }
    text.split_at_checked(start).unwrap_or((text, ""))
}

impl ForwardWords {
    /// Whether one of the words that say «wrote» is in a text.
    fn says_wrote(&self, text: &str) -> bool {
        let all = self.wrote.iter().chain(&Self::known().wrote);
        let mut verbs = all.filter(|(_, kind)| **kind == "wrote");
        verbs.any(|(verb, _)| text.contains(&**verb))
    }

    /// A word that stands before the writer's name and is no part of it.
    fn is_beside_name(&self, word: &str) -> bool {
        let known = self.meaning(word, |all| &all.wrote).is_some();
        let all = self.wrote.keys().chain(Self::known().wrote.keys());
        let mut last_words = all.filter_map(|words| words.rsplit(' ').next());
        known || date::is_half_of_day(word) || last_words.any(|last| last == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_seventeen_languages_are_read() {
        let lines = [
            "Dne 28/10/2021 12:46, Evil Joe <evil@bad.example> napsal(a):",
            "D. 28/10/2021 12.46 skrev \"Evil Joe\" <evil@bad.example>:",
            "Am 28/10/2021 12:46 schrieb \"Evil Joe\" <evil@bad.example>:",
            "On 28/10/2021, 12:46, \"Evil Joe\" <evil@bad.example> wrote:",
            "El 28/10/2021 12:46, \"Evil Joe\" <evil@bad.example> escribió:",
            "Le 28/10/2021 12:46, « Evil Joe » <evil@bad.example> a écrit :",
            "Evil Joe <evil@bad.example> kirjoitti 28/10/2021 12.46:",
            "28/10/2021 12:46 időpontban Evil Joe (evil@bad.example) ezt írta:",
            "Il giorno 28/10/2021 12:46 \"Evil Joe\" <evil@bad.example> ha scritto:",
            "Op 28/10/2021 12:46 heeft Evil Joe <evil@bad.example> geschreven:",
            "Evil Joe <evil@bad.example> skrev følgende den 28/10/2021, 12:46:",
            "Dnia 28/10/2021, 12:46 użytkownik „Evil Joe” <evil@bad.example> napisał:",
            "Em 28/10/2021, 12:46, \"Evil Joe\" <evil@bad.example> escreveu:",
            "28/10/2021, 12:46 пользователь \"Evil Joe\" <evil@bad.example> написал:",
            "28/10/2021 12:46 používateľ Evil Joe (<evil@bad.example>) napísal:",
            "Den 28/10/2021 12:46 skrev \"Evil Joe\" <evil@bad.example> följande:",
            "\"Evil Joe\" <evil@bad.example>, 28/10/2021 12:46 tarihinde şunu yazdı:",
            "On Thu, Oct 28, 2021 at 12:46 PM Evil Joe <evil@bad.example> wrote:",
            "Le jeu. 28 oct. 2021 à 12:46, Evil Joe <evil@bad.example<mailto:evil@bad.example>> a écrit :",
            "28.10.2021, 12:46, \"Evil Joe\" <evil@bad.example>:",
        ];
        let words = ForwardWords::default();
        for line in lines {
            let wrote = read(line, &words).unwrap_or_else(|| panic!("{line}"));
            let day = date::parse(&wrote.date).map(|date| date.iso);
            assert_eq!(day.as_deref(), Some("2021-10-28T12:46:00"), "{line}");
            let from = wrote.from.replace(['«', '»'], "");
            assert_eq!(
                from.split_whitespace().collect::<Vec<_>>().join(" "),
                "Evil Joe <evil@bad.example>",
                "{line}"
            );
        }
    }

    #[test]
    fn other_lines_that_end_with_a_colon_are_none() {
        let words = ForwardWords::default();
        for line in [
            "On Monday, Joe <joe@x.example> wrote:",
            "Joe wrote on 28/10/2021:",
            "Seen on 28/10/2021 from evil@bad.example and others:",
            "Write to <a@x.example> or <b@x.example> before 28/10/2021:",
        ] {
            assert!(read(line, &words).is_none(), "{line}");
        }
    }
}
