//! Facts about the event as a whole: title, date, levels and markings.

use super::*;

#[test]
fn the_title_is_prefix_and_cleaned_subject() {
    for (source, subject, info) in [
        ("", "Re: AW: Fwd: [EXTERNAL] Locky   is\tback", "M2M - Locky is back"),
        ("[event]\nprefix = ''", "Locky", "Locky"),
        ("[event]\nprefix = 'LAB - '", "Locky", "LAB - Locky"),
        ("", "", "M2M - (no subject)"),
        ("", "Re: ", "M2M - (no subject)"),
        ("[text]\nsubject_remove = ['\\[.*?\\]']", "[a] b [c]", "M2M - b"),
    ] {
        assert_eq!(
            given(mail(&[("Subject", subject)], ""), source).plan(Vec::new()).info,
            info
        );
    }
}

#[test]
fn the_date_is_that_of_the_mail_when_plausible() {
    for (date, expected) in [
        ("Mon, 14 May 2018 16:05:09 -0400 (EDT)", "2018-05-14"),
        ("14 May 18 16:05:09 GMT", "2018-05-14"),
        ("Thu, 12 Mar 2026 23:59:59 +0000", "2026-03-12"),
        ("Fri, 13 Mar 2026 00:00:01 +0000", "2026-03-10"),
        ("1 Jan 1980 00:00:00 +0000", "2026-03-10"),
        ("31 Feb 2020 00:00:00", "2026-03-10"),
        ("nonsense", "2026-03-10"),
        ("", "2026-03-10"),
    ] {
        assert_eq!(
            given(mail(&[("Date", date)], ""), "").plan(Vec::new()).date,
            expected,
            "{date}"
        );
    }
    let today = given(mail(&[("Date", "14 May 2018 00:00:00")], ""), "[event]\ndate = 'today'");
    assert_eq!(today.plan(Vec::new()).date, "2026-03-10");
}

#[test]
fn the_most_restrictive_marking_of_subject_text_header_and_choice_wins() {
    for (headers, text, choice, expected) in [
        (&[("Subject", "[TLP:RED] secret")][..], "TLP:WHITE", None, "tlp:red"),
        (&[], "TLP:AMBER+STRICT", None, "tlp:amber+strict"),
        (&[("X-TLP", "GREEN")], "", None, "tlp:green"),
        (&[], "nothing", None, "tlp:amber"),
        (&[], "TLP:WHITE information may be distributed", None, "tlp:amber"),
        (&[], "TLP:CLEAR", Some("tlp:red"), "tlp:red"),
        (&[], "TLP:RED", Some("tlp:clear"), "tlp:red"),
        (&[], "TLP:WHITE", None, "tlp:white"),
    ] {
        let mut given = given(mail(headers, text), "");
        given.overrides.tlp = choice.map(str::to_owned);
        assert_eq!(given.plan(Vec::new()).tags, [expected], "{text}");
    }
    let raised = given(
        mail(&[("Subject", "secret")], "TLP:GREEN"),
        "[tags.by_subject]\nsecret = ['tlp:red']",
    );
    assert_eq!(raised.plan(Vec::new()).tags, ["tlp:red"]);
}

#[test]
fn of_the_paps_of_mail_carrier_and_settings_the_most_restrictive_is_a_tag() {
    for (headers, text, source, carrier, expected) in [
        (
            &[("Subject", "[PAP:RED] x")][..],
            "PAP:GREEN",
            "",
            None,
            Some("PAP:RED"),
        ),
        (&[("X-PAP", "amber")], "", "", None, Some("PAP:AMBER")),
        (&[], "PAP: clear", "", None, Some("PAP:CLEAR")),
        (&[], "PAP:WHITE", "", Some("PAP:AMBER"), Some("PAP:AMBER")),
        (&[], "PAP:GREEN", "[event]\ntags = ['pap:red']", None, Some("PAP:RED")),
        (
            &[],
            "PAP:RED",
            "[event]\ntags = ['PAP:GREEN', 'PAP:RED']",
            None,
            Some("PAP:RED"),
        ),
        (&[], "", "[event]\ntags = ['PAP:AMBER']", None, Some("PAP:AMBER")),
        (
            &[],
            "PAP:RED",
            "[tags.implied]\n'PAP:RED' = ['PAP:GREEN']",
            None,
            Some("PAP:RED"),
        ),
        (&[], "the PAP is a protocol", "", None, None),
    ] {
        let mut given = given(mail(headers, text), source);
        given.overrides.pap = carrier.map(str::to_owned);
        let tags = given.plan(Vec::new()).tags;
        let wanted: Vec<&str> = ["tlp:amber"].into_iter().chain(expected).collect();
        assert_eq!(tags, wanted, "{headers:?} {text} {source}");
    }
    let titled = given(mail(&[("Subject", "[TLP:RED] [PAP:AMBER] Bank: PAP:RED")], ""), "");
    assert_eq!(titled.plan(Vec::new()).info, "M2M - Bank");
}

#[test]
fn directives_and_choices_set_the_levels_within_their_bounds() {
    let mut given = given(Mail::default(), "[event]\nthreat_level = 3");
    given.directives = vec![
        Directive::Publish(true),
        Directive::ThreatLevel(9),
        Directive::Analysis(2),
        Directive::Distribution(3),
    ];
    let plan = given.plan(Vec::new());
    assert_eq!(
        (plan.publish, plan.threat_level, plan.analysis, plan.distribution),
        (true, 3, 2, 3)
    );
    given.overrides.distribution = Some(4);
    let plan = given.plan(Vec::new());
    assert_eq!(
        (plan.distribution, plan.sharing_group),
        (0, None),
        "without a sharing group the narrowest"
    );
    let group = Given {
        settings: settings("[event]\ndistribution = 4\nsharing_group = 7"),
        ..given
    };
    let plan = group.plan(Vec::new());
    assert_eq!((plan.distribution, plan.sharing_group), (4, Some(7)));
}

#[test]
fn what_is_red_is_not_published_and_stays_inside() {
    let asked = "[event]\npublish = true\ndistribution = 2\n[tlp.distribution]\n'tlp:red' = 1\n'tlp:green' = 1";
    let plan_of = |text: &str, source: &str, directives: &[Directive], chosen: Option<u8>| {
        let mut given = given(mail(&[], text), source);
        given.directives = directives.to_vec();
        given.overrides.distribution = chosen;
        let plan = given.plan(Vec::new());
        (plan.publish, plan.distribution, plan.notes)
    };
    let unpublished = Note::RedNotPublished;
    let kept = |distribution| Note::RedKeptInside { distribution };
    let by_mail = [Directive::Publish(true), Directive::Distribution(3)];
    assert_eq!(
        plan_of("TLP:RED", asked, &[], None),
        (false, 0, vec![unpublished.clone(), kept(1)])
    );
    assert_eq!(
        plan_of("TLP:RED", "", &by_mail, None),
        (false, 0, vec![unpublished.clone(), kept(3)])
    );
    let fields = vec!["distribution".to_owned()];
    let by_hand = Note::ChangedByHand { fields };
    assert_eq!(
        plan_of("TLP:RED", asked, &[], Some(3)),
        (false, 3, vec![unpublished, by_hand])
    );
    assert_eq!(plan_of("TLP:RED", "", &[], None), (false, 0, vec![]));
    assert_eq!(plan_of("TLP:AMBER+STRICT", asked, &by_mail, None), (true, 3, vec![]));
    assert_eq!(plan_of("TLP:GREEN", asked, &[], None), (true, 1, vec![]));
}
