use super::*;

#[test]
fn a_code_leaves_with_its_arguments_and_its_wording_and_comes_back() {
    let inner = Said::from(Defect::Encrypted);
    let said = Said::from(Note::InInnerMail {
        noticed: Box::new(inner),
    });
    let json = serde_json::to_value(&said).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "code": "in_inner_mail",
            "arguments": {"noticed": {
                "code": "encrypted",
                "arguments": {},
                "text": "the mail is encrypted; its content cannot be read",
            }},
            "text": "in a mail inside this one: the mail is encrypted; its content cannot be read",
        })
    );
    assert_eq!(serde_json::from_value::<Said>(json).unwrap(), said);
}

#[test]
fn lists_and_numbers_are_worded() {
    let lists = vec!["one".to_owned(), "two".to_owned()];
    assert_eq!(Reason::OnWarninglists { lists }.to_string(), "on warninglist one, two");
    assert_eq!(
        Note::FreeTextAdded { count: 3 }.to_string(),
        "MISP's free-text import added 3 attributes"
    );
}

#[test]
fn a_sentence_of_an_older_version_is_kept_as_it_stands() {
    let said: Said = serde_json::from_str("\"deselected by the analyst\"").unwrap();
    assert_eq!((&*said.code, &*said.text), ("verbatim", "deselected by the analyst"));
}

#[test]
fn every_code_has_its_wordings_and_each_names_every_argument() {
    let codes = include_str!("../../protocol/codes.json");
    let groups: serde_json::Map<String, serde_json::Value> = serde_json::from_str(codes).unwrap();
    let mut known = std::collections::HashSet::new();
    for (code, row) in groups.values().flat_map(|group| group.as_object().unwrap()) {
        assert!(known.insert(code), "{code} stands there twice");
        for language in ["en", "de", "fr"] {
            let wording = row[language].as_str().unwrap_or_default();
            assert!(!wording.is_empty(), "{code} has no wording in {language}");
            let mut rest = wording.to_owned();
            for (argument, _) in row["arguments"].as_object().into_iter().flatten() {
                let place = format!("{{{argument}}}");
                assert!(rest.contains(&place), "{code} in {language} does not name {argument}");
                rest = rest.replace(&place, "");
            }
            assert!(!rest.contains(['{', '}']), "{code} in {language}: {wording}");
        }
    }
    assert!(known.len() > 90);
}
