//! Facts about rules, and about the settings of `[tags]`, which are rules too.

use super::*;

#[test]
fn tags_come_from_tlp_subject_hashes_and_each_other() {
    let source = "[event]\ntags = ['sensor']\n[tags]\nwith_hashes = ['look-up']\n[tags.by_subject]\nLocky = ['ransom']\n\
                  [tags.implied]\n'tlp:green' = ['community']\ncommunity = ['more']\nmore = ['community', 'tlp:clear']\n";
    let given = given(mail(&[("Subject", "LOCKY again")], "TLP:GREEN\nTLP:CLEAR"), source);
    let tags = given.plan(vec![found(Kind::Md5, &"a1".repeat(16), None)]).tags;
    assert_eq!(tags, ["tlp:green", "sensor", "ransom", "look-up", "community", "more"]);
}

#[test]
fn a_rule_applies_when_all_its_conditions_hold() {
    let headers = [
        ("From", "A <a@mail.evil.example>"),
        ("To", "soc@corp.example"),
        ("Subject", "Your INVOICE"),
    ];
    for (conditions, applies) in [
        ("", true),
        ("sender = ['evil.example']", true),
        ("sender = ['@mail.evil.example']", true),
        ("sender = ['A@Mail.evil.example']", true),
        ("sender = ['b@mail.evil.example', 'vil.example']", false),
        ("subject = ['nothing', 'invoice']", true),
        ("subject = ['bill']", false),
        ("recipient = ['soc@corp.example']", true),
        ("recipient = ['evil.example']", false),
        ("mode = 'report'", true),
        ("mode = 'sample'", false),
        ("found = ['url']", true),
        ("found = ['host.test']", true),
        ("found = ['md5', 'other.test']", false),
        ("sender = ['evil.example']\nsubject = ['bill']", false),
    ] {
        let source = format!("[[rules]]\n{conditions}\nthreat_level = 1");
        let plan = given(mail(&headers, ""), &source).plan(vec![url("http://a.host.test/x")]);
        assert_eq!(plan.threat_level == 1, applies, "{conditions}");
    }
    let unsent = given(
        mail(&headers, ""),
        "hosts.exclude = ['host.test']\n[[rules]]\nfound = ['url']\nthreat_level = 1",
    );
    assert_eq!(
        unsent.plan(vec![url("http://a.host.test/x")]).threat_level,
        4,
        "what is left out is not found"
    );
}

#[test]
fn later_rules_win_and_markings_only_rise() {
    let source = "[event]\npublish = true\n[tlp.distribution]\n'tlp:green' = 1\n\
                  [[rules]]\ntitle = 'First'\nthreat_level = 1\ntags = ['a', 'tlp:clear']\npublish = false\n\
                  [[rules]]\ntitle = 'Second -'\ndistribution = 3\ntags = ['misp-galaxy:x=\"Y\"']";
    let of = |text: &str| given(mail(&[("Subject", "s")], text), source).plan(Vec::new());
    let plan = of("");
    assert_eq!(
        (plan.info.as_str(), plan.threat_level, plan.distribution, plan.publish),
        ("Second - s", 1, 3, false)
    );
    assert_eq!(plan.tags, ["tlp:amber", "a", "misp-galaxy:x=\"Y\""]);
    assert_eq!(of("TLP:GREEN").distribution, 1, "the marking goes before a rule");
    assert_eq!(of("TLP:RED").distribution, 0);
}

#[test]
fn each_rule_that_applies_says_what_the_event_has_from_it() {
    let source = "[event]\npublish = true\n[tags.by_subject]\nbill = ['fraud']\n[tags.implied]\nfraud = ['crime']\n\
                  [tags]\nwith_hashes = ['look-up']\n\
                  [[rules]]\ntitle = 'First'\nthreat_level = 1\ntags = ['tlp:clear']\n\
                  [[rules]]\nname = 'Bills'\nsubject = ['bill']\ntitle = 'Second'\nthreat_level = 2\ntags = ['a', 'b']\npublish = false\n\
                  [[rules]]\nsubject = ['other']\ntags = ['c']\n";
    let plan = given(mail(&[("Subject", "a bill")], ""), source).plan(Vec::new());
    let applied = |rule: &str, effects: &[&str]| Note::RuleApplied {
        rule: rule.to_owned(),
        effects: effects.iter().map(|effect| (*effect).to_owned()).collect(),
    };
    assert_eq!(
        plan.notes,
        [
            applied("tags.by_subject.bill", &["tags = fraud"]),
            Note::RuleWithoutEffect { rule: "1".into() },
            applied(
                "Bills",
                &["title = Second", "threat_level = 2", "publish = false", "tags = a, b"]
            ),
            applied("tags.implied.fraud", &["tags = crime"]),
        ]
    );
    assert_eq!(plan.tags, ["tlp:amber", "fraud", "a", "b", "crime"]);
}

#[test]
fn a_rule_may_ask_for_a_tag_that_another_gives() {
    let source = "[[rules]]\ntagged = ['Ransom', 'x']\nthreat_level = 1\ntags = ['y']\n\
                  [[rules]]\nsubject = ['locky']\ntags = ['ransom']\n\
                  [[rules]]\ntagged = ['tlp:amber']\nsubject = ['nothing']\ntags = ['z']\n";
    let of = |subject: &str| {
        let plan = given(mail(&[("Subject", subject)], ""), source).plan(Vec::new());
        (plan.threat_level, plan.tags)
    };
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    assert_eq!(of("Locky"), (1, tags(&["tlp:amber", "ransom", "y"])));
    assert_eq!(of("invoice"), (4, tags(&["tlp:amber"])));
}
