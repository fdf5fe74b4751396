//! The rules that the settings of `[tags]` are, which came before there were rules.

use super::rule::{Names, Rule};
use super::schema::Tags;
use crate::domain::Kind;

/// All rules in the order in which they apply: words in the subject, the rules of the file, hashes, tags that bring others.
pub(super) fn all(tags: &Tags, of_file: &[Rule]) -> Vec<Rule> {
    let by_subject = tags.by_subject.iter().filter(|(word, _)| !word.is_empty());
    let by_subject = by_subject.map(|(word, tags)| Rule {
        subject: Some(vec![word.to_lowercase()]),
        ..of("by_subject", word, tags)
    });
    let hashes = Names::whole(Kind::HASHES.map(Kind::misp_type));
    let with_hashes = (!tags.with_hashes.is_empty()).then(|| Rule {
        name: "tags.with_hashes".into(),
        found: Some(hashes),
        tags: tags.with_hashes.clone(),
        ..Rule::default()
    });
    let implied = tags.implied.iter().map(|(tag, tags)| Rule {
        tagged: Some(vec![tag.clone()]),
        ..of("implied", tag, tags)
    });
    by_subject
        .chain(of_file.iter().cloned())
        .chain(with_hashes)
        .chain(implied)
        .collect()
}

fn of(setting: &str, key: &str, tags: &[String]) -> Rule {
    Rule {
        name: format!("tags.{setting}.{key}"),
        tags: tags.to_vec(),
        ..Rule::default()
    }
}
