use super::super::tests::macos;
use super::*;

fn path(profile: Option<&str>) -> String {
    Plan::apple_mail(&macos(), profile).unwrap().steps[0].place()
}

#[test]
fn mail_finds_a_script_for_each_profile() {
    let folder = "/Users/ana/Library/Application Scripts/com.apple.mail";
    assert_eq!(path(None), format!("{folder}/MISPigeon.applescript"));
    assert_eq!(
        path(Some("-rf é \"")),
        format!("{folder}/MISPigeon -rf é \".applescript")
    );
    for profile in ["", "a/b", "a:b", "a\nb", "a\0"] {
        let error = Plan::apple_mail(&macos(), Some(profile)).unwrap_err().to_string();
        assert!(error.contains("rename it"), "{error}");
    }
}

#[test]
fn texts_stay_within_their_quotes() {
    assert_eq!(literal(r#"a "b" \ c"#), r#""a \"b\" \\ c""#);
    assert_eq!(literal("one\ntwo\r"), r#""one\ntwo\r""#);
}

#[test]
fn a_name_that_looks_like_a_placeholder_stays_a_name() {
    let script = script("/opt/{profile}/mispigeon", "{command}");
    assert!(
        script.contains("property theProgram : \"/opt/{profile}/mispigeon\"\nproperty theProfile : \"{command}\"\n")
    );
}

#[test]
fn the_words_that_remain_name_the_script() {
    let plan = Plan::apple_mail(&macos(), Some("trap")).unwrap();
    assert!(
        plan.after_install.contains("\"MISPigeon trap\""),
        "{}",
        plan.after_install
    );
    assert!(
        plan.after_uninstall.contains("\"MISPigeon trap\""),
        "{}",
        plan.after_uninstall
    );
    assert_eq!(plan.warnings, Vec::<String>::new());
}
