//! Header lines of a quoted mail that stand on one line, as Yahoo and some ticket systems write them: a label may follow the value
//! before it without a blank, and some lack their colon.

use crate::domain::ForwardWords;

/// A line longer than this is no header.
const LONGEST: usize = 4000;
/// A label and its colon lie within so many bytes.
const LABEL: usize = 64;

/// The fields of such a line, `None` unless sender, date and subject are among them.
pub(super) fn read<'l>(line: &'l str, words: &ForwardWords) -> Option<Vec<(&'static str, &'l str)>> {
    if line.len() > LONGEST {
        return None;
    }
    // Name of the field, where its label begins, where its value begins.
    let mut labels: Vec<(&'static str, usize, usize)> = Vec::new();
    let has = |labels: &[(&str, usize, usize)], name: &str| labels.iter().any(|(known, _, _)| *known == name);
    let mut before = ' ';
    let mut next = 0;
    for (at, c) in line.char_indices() {
        let glued = !before.is_whitespace() && at > 0;
        let can_begin = c.is_alphabetic() && (!before.is_alphanumeric() || !c.is_lowercase());
        before = c;
        if at < next || !can_begin {
            continue;
        }
        let Some((name, value)) = label_at(line, at, glued, words).filter(|(name, _)| !has(&labels, name)) else {
            continue;
        };
        if labels.is_empty() && name != "From" {
            return None;
        }
        labels.push((name, at, value));
        next = value;
        // The subject is the last one where nothing is missing before it; it may hold whatever looks like a label.
        if name == "Subject" && has(&labels, "Date") {
            break;
        }
    }
    let complete = ["From", "Date", "Subject"].iter().all(|name| has(&labels, name));
    complete.then(|| {
        let ends = labels.iter().skip(1).map(|(_, start, _)| *start).chain([line.len()]);
        let values = labels.iter().zip(ends);
        values
            .map(|((name, _, value), end)| (*name, line.get(*value..end).unwrap_or_default().trim()))
            .collect()
    })
}

/// The field whose label begins here, and where its value begins.
fn label_at(line: &str, at: usize, glued: bool, words: &ForwardWords) -> Option<(&'static str, usize)> {
    let rest = line.get(at..)?;
    let near = rest.get(..rest.floor_char_boundary(LABEL))?;
    if let Some((colon, mark)) = near.char_indices().find(|(_, c)| matches!(c, ':' | '：'))
        && let Some(name) = near.get(..colon).and_then(|label| words.label(label.trim()))
    {
        return Some((name, at + colon + mark.len_utf8()));
    }
    // «CETAssunto Fatura», «<me@corp.example>Dw you@corp.example»
    let blank = near.find(' ').filter(|_| glued)?;
    let name = words.label(near.get(..blank)?)?;
    matches!(name, "Cc" | "Subject").then_some((name, at + blank))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_without_blank_or_colon_part_the_line() {
        let words = ForwardWords::default();
        let facts = [
            "From: Evil <evil@bad.example>To: \"me\" <me@corp.example>Sent: Tuesday, November 2, 2021, 09:26:50 AM GMT+1Subject: To: all",
            "Od: Evil <evil@bad.example>Do: \"me\" <me@corp.example>Dw you <you@corp.example>Wysłano: wtorek, 2 listopada 2021, 09:26:50 CETTemat: To: all",
            "De: Evil <evil@bad.example>Para: me@corp.example Enviado: terça-feira, 2 de novembro de 2021, 09:26:50 CETAssunto To: all",
            "От: Evil <evil@bad.example>Кому: me@corp.exampleОтправлено: вторник, 2 ноября 2021 г., 09:26:50 GMT+1Тема: To: all",
            "From: Evil <evil@bad.example> Sent: 2 November 2021 09:26 To: me@corp.example Subject: To: all",
        ];
        for line in facts {
            let fields = read(line, &words).unwrap_or_else(|| panic!("{line}"));
            let value = |name| fields.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            assert_eq!(value("From"), Some("Evil <evil@bad.example>"), "{line}");
            assert_eq!(value("Subject"), Some("To: all"), "{line}");
            assert!(
                value("Date").is_some_and(|date| date.contains("2021") && !date.contains('@')),
                "{line}"
            );
            assert!(
                value("To").is_some_and(|to| to.contains("me@corp.example") && !to.contains("you@")),
                "{line}"
            );
        }
    }

    #[test]
    fn a_line_that_lacks_one_of_three_is_none() {
        let words = ForwardWords::default();
        for line in [
            "From: Joe To: Ann Subject: x",
            "Subject: x From: a@b.example Date: 1 May 2018",
            "From here on: nothing",
            "",
        ] {
            assert!(read(line, &words).is_none(), "{line}");
        }
    }
}
