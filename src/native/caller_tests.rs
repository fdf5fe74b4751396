use super::*;

fn caller(arguments: &[&str]) -> Option<Caller> {
    let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
    Caller::of_arguments(&arguments)
}

#[test]
fn thunderbird_is_told_from_a_person_by_its_arguments() {
    let expected = Caller {
        manifest: "/m/mispigeon.json".into(),
        extension: EXTENSION_ID.to_owned(),
    };
    assert_eq!(
        caller(&["mispigeon", "/m/mispigeon.json", EXTENSION_ID]),
        Some(expected)
    );
    assert!(
        caller(&[
            "mispigeon",
            "/m/x.json",
            "{3550f703-e582-4d05-9a08-453d09bdfdc6}",
            "--parent-window=1"
        ])
        .is_some()
    );
    for person in [
        &["mispigeon"][..],
        &["mispigeon", "send", "a@b"],
        &["mispigeon", "m.json", "a@b"],
        &["mispigeon", "/m.json", "-"],
        &["mispigeon", "/m.eml", "a@b"],
    ] {
        assert_eq!(caller(person), None, "{person:?}");
    }
}

#[test]
fn only_the_extension_of_the_manifest_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str, extension: &str| {
        let manifest = folder.path().join("m.json");
        std::fs::write(&manifest, text).unwrap();
        let caller = Caller {
            manifest,
            extension: extension.to_owned(),
        };
        caller.check().map_err(|error| error.to_string())
    };
    let ours = r#"{"name": "mispigeon", "allowed_extensions": ["mispigeon@mispigeon.org"]}"#;
    assert!(check(ours, EXTENSION_ID).is_ok());
    assert!(check(ours, "other@example.org").unwrap_err().contains("not served"));
    assert!(check("{}", EXTENSION_ID).is_err());
    assert!(check(&ours.replace("\"mispigeon\"", "\"other\""), EXTENSION_ID).is_err());
}
