//! Facts about decisions.

mod authenticated;
mod edits;
mod flags;

use super::{Action, Case, Detail, FileAction, Node, Plan, Role, decide};
use crate::config::{Config, Settings, TextSettings};
use crate::domain::{Authentication, Directive, FoundAs, Note, Overrides, Reason, Remark, table};
use crate::enrich::Knowledge;
use crate::indicator::{Doubt, Indicator, Kind, Place, Position, in_text};
use crate::mail::{Attachment, AttachmentRole, Body, BodyKind, HeaderField, Headers, Mail};

fn settings(source: &str) -> Settings {
    let source = format!("data_dir = '/d'\n{source}");
    Config::parse(std::path::Path::new("c"), &source)
        .unwrap()
        .profile(None)
        .unwrap()
}

fn mail(headers: &[(&str, &str)], text: &str) -> Mail {
    let field = |(name, value): &(&str, &str)| HeaderField {
        name: (*name).into(),
        value: (*value).into(),
        raw: (*value).into(),
    };
    Mail {
        headers: Headers {
            fields: headers.iter().map(field).collect(),
        },
        bodies: vec![Body {
            kind: BodyKind::Plain,
            text: text.into(),
            source: None,
            asides: Vec::new(),
            links: Vec::new(),
        }],
        ..Mail::default()
    }
}

fn found(kind: Kind, value: &str, host: Option<&str>) -> Indicator {
    Indicator {
        kind,
        value: value.into(),
        place: Place {
            part: "text/plain".into(),
            line: 1,
            at: Position::default(),
            written: None,
        },
        remarks: Vec::new(),
        doubt: None,
        found_as: FoundAs::Prose,
        defanged: false,
        passing: false,
        redirects_to: None,
        url_host: host.map(Into::into),
    }
}

fn url(value: &str) -> Indicator {
    let host = value.split('/').nth(2).unwrap_or_default().split(':').next();
    found(Kind::Url, value, host)
}

fn clicked(value: &str) -> Indicator {
    Indicator {
        found_as: FoundAs::Link,
        ..url(value)
    }
}

struct Given {
    mail: Mail,
    role: Role,
    authentication: Option<Authentication>,
    directives: Vec<Directive>,
    overrides: Overrides,
    knowledge: Knowledge,
    settings: Settings,
}

fn given(mail: Mail, source: &str) -> Given {
    Given {
        mail,
        role: Role::Report,
        authentication: None,
        directives: Vec::new(),
        overrides: Overrides::default(),
        knowledge: Knowledge::default(),
        settings: settings(source),
    }
}

impl Given {
    fn plan(&self, indicators: Vec<Indicator>) -> Plan {
        let node = Node {
            mail: &self.mail,
            parent: None,
            role: self.role,
            authentication: self.authentication.as_ref(),
            signatures: &[],
            indicators,
        };
        let recipients = super::recipients(&self.mail);
        let case = Case {
            recipients: &recipients,
            nodes: vec![node],
            directives: &self.directives,
            overrides: &self.overrides,
            knowledge: self.knowledge.clone(),
        };
        decide(&case, self.settings.policy(), "2026-03-10", Detail::Full)
    }

    /// The action in short: type, category, `ids` or `-`, comment.
    fn short(&self, indicator: Indicator) -> String {
        self.shorts(vec![indicator]).remove(0)
    }

    fn shorts(&self, indicators: Vec<Indicator>) -> Vec<String> {
        let plan = self.plan(indicators);
        let short = |action: &Action| match action {
            Action::Skip(reason) => format!("skip: {reason}"),
            Action::Add(spec) | Action::Link(spec) => {
                let ids = if spec.to_ids { "ids" } else { "-" };
                format!("{} {} {ids} {}", spec.r#type, spec.category, spec.comment())
                    .trim_end()
                    .to_owned()
            }
        };
        plan.nodes[0].actions.iter().map(short).collect()
    }
}

const LISTS: &str = "[hosts]\nexclude = ['www.google.com']\nexternal = ['sandbox.test']\ninternal = ['wiki.local']\n\
                     no_ids = ['ip.test', '9.9.9.9']\nown = ['mine.test', '10.0.0.0/8']\nshared = ['=docs.google.com']\n";

#[test]
fn a_redirector_that_is_sent_with_its_target_gets_a_url_object() {
    let links =
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fevil.com%252Fx";
    let (google, evil) = (
        "https://www.google.com/url?q=https%3A%2F%2Fevil.com%2Fx",
        "https://evil.com/x",
    );
    let objects = |given: &Given| -> Vec<(String, String)> {
        let plan = given.plan(in_text(links, "text/plain", &TextSettings::default()));
        let pair = |redirect: super::Redirect| (redirect.object.key, redirect.target.1);
        plan.redirects.into_iter().map(pair).collect()
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let mut given = given(Mail::default(), "");
    assert_eq!(objects(&given), [pair(links, google), pair(google, evil)]);
    given.overrides.deselected = vec![("url".into(), evil.into())];
    assert_eq!(objects(&given), [pair(links, google)]);
    given.overrides.deselected = vec![("url".into(), google.into())];
    assert_eq!(objects(&given), []);
}

#[test]
fn what_many_links_pass_through_has_no_ids_flag() {
    let flags = |text: &str| {
        let given = given(Mail::default(), "");
        given.shorts(in_text(text, "text/plain", &TextSettings::default()))
    };
    assert_eq!(
        flags("https://protect-eu.mimecast.com/s/aBcD?domain=evil.com"),
        [
            "url Network activity - link rewritten by Mimecast, leads to evil.com",
            "domain Network activity ids"
        ]
    );
    assert_eq!(
        flags("https://news.shop-one.com/ls/click?upn=u001.AbC"),
        [
            "url Network activity ids link rewritten by SendGrid, its target is known to SendGrid only",
            "hostname Network activity - links of many others pass through it"
        ]
    );
    assert_eq!(
        flags("https://news.shop-one.com/ls/click?upn=u001.AbC and news.shop-one.com")[1],
        "hostname Network activity ids"
    );
    assert_eq!(
        flags("https://eur01.safelinks.protection.outlook.com/?data=1"),
        ["skip: address of a mail filter, without a link in it"]
    );
}

#[test]
fn the_name_that_a_phish_shows_over_its_link_has_no_ids_flag() {
    let mut given = given(Mail::default(), "");
    let shown = Indicator {
        found_as: FoundAs::ShownOverLink,
        ..url("https://bank.test/login")
    };
    for role in [Role::Report, Role::Sample] {
        given.role = role;
        assert_eq!(
            given.short(shown.clone()),
            "skip: only shown as the text of a link to elsewhere"
        );
        assert_eq!(given.short(url("http://evil.test/a")), "url Network activity ids");
    }
    // A report may name an indicator over a link to what analysts know of it, or defang it.
    given.role = Role::Report;
    let mut told = shown.clone();
    told.remarks = vec![Remark::ShownAsLinkText {
        target: "www.virustotal.com".into(),
    }];
    assert!(given.short(told).starts_with("url Network activity ids"));
    let mut defanged = shown.clone();
    defanged.defanged = true;
    assert_eq!(given.short(defanged), "url Network activity ids");
    given.overrides.selected = vec![("url".into(), "https://bank.test/login".into())];
    assert_eq!(given.short(shown), "url Network activity -");
}

#[test]
fn lists_of_hosts_decide_about_themselves_and_what_is_below() {
    let given = given(Mail::default(), LISTS);
    for (indicator, expected) in [
        (url("http://evil.test/a"), "url Network activity ids"),
        (
            url("http://www.google.com/x"),
            "skip: host is on the list hosts.exclude",
        ),
        (url("https://docs.google.com/forms/x"), "url Network activity ids"),
        (
            found(Kind::Hostname, "docs.google.com", None),
            "hostname Network activity - anybody can publish on this host",
        ),
        (url("https://www.sandbox.test/r/1"), "link External analysis -"),
        (
            found(Kind::Domain, "sandbox.test", None),
            "skip: host is on the list hosts.external",
        ),
        (url("https://wiki.local/p"), "link Internal reference -"),
        (
            url("https://api.ip.test/"),
            "url Network activity - known host that many others contact too",
        ),
        (
            found(Kind::IpPort, "9.9.9.9|53", None),
            "ip-dst|port Network activity - known host that many others contact too",
        ),
        (
            found(Kind::Domain, "mine.test", None),
            "domain Network activity - own host",
        ),
        (
            found(Kind::Cidr, "10.1.0.0/16", None),
            "ip-dst Network activity - own host",
        ),
        (
            found(Kind::Email, "a@b.mine.test", Some("b.mine.test")),
            "email Payload delivery - own host",
        ),
    ] {
        let shown = format!("{indicator:?}");
        assert_eq!(given.short(indicator), expected, "{shown}");
    }
}

#[test]
fn every_kind_has_its_category_and_flag() {
    let given = given(Mail::default(), "");
    let (md5, sha256) = ("a1".repeat(16), format!("x.exe|{}", "a1".repeat(32)));
    for (kind, value, expected) in [
        (Kind::Md5, md5.as_str(), "md5 Payload delivery ids"),
        (Kind::FilenameSha256, &sha256, "filename|sha256 Payload delivery ids"),
        (
            Kind::Vulnerability,
            "CVE-2024-3400",
            "vulnerability External analysis -",
        ),
        (Kind::As, "64500", "AS Network activity -"),
        (
            Kind::Btc,
            "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
            "btc Financial fraud ids",
        ),
        (Kind::Coin, "x", "text Financial fraud -"),
        (Kind::Mac, "00:00:5e:00:53:01", "mac-address Network activity -"),
        (Kind::Regkey, "HKLM\\x", "regkey Persistence mechanism ids"),
    ] {
        assert_eq!(given.short(found(kind, value, None)), expected);
    }
}

#[test]
fn what_misp_would_not_take_is_left_out_with_its_reason() {
    let given = given(Mail::default(), LISTS);
    for (kind, value, reason) in [
        (Kind::Md5, "a1", "skip: MISP refuses this value for the type md5"),
        (
            Kind::Domain,
            "no domain",
            "skip: MISP refuses this value for the type domain",
        ),
    ] {
        let short = given.short(found(kind, value, None));
        assert!(short.starts_with(reason), "{short}");
    }
    // A link needs a scheme, an URL does not.
    let bare = found(Kind::Url, "sandbox.test/x", Some("sandbox.test"));
    assert!(given.short(bare).starts_with("skip: the URL lacks its scheme"));
}

#[test]
fn doubts_are_skipped_until_the_analyst_selects_them() {
    let mut given = given(Mail::default(), LISTS);
    let private = Indicator {
        doubt: Some(Doubt::UnroutableAddress),
        ..found(Kind::Ip, "192.168.1.1", None)
    };
    assert_eq!(
        given.short(private.clone()),
        "skip: address is not reachable from the internet"
    );
    given.overrides.selected = vec![
        ("ip-dst".into(), "192.168.1.1".into()),
        ("url".into(), "http://www.google.com/x".into()),
    ];
    assert_eq!(
        given.short(private.clone()),
        "ip-dst Network activity - added although it is in doubt"
    );
    assert_eq!(
        given.short(url("http://www.google.com/x")),
        "url Network activity - well-known host of a brand"
    );
    given.overrides.deselected = vec![("ip-dst".into(), "192.168.1.1".into())];
    assert_eq!(given.short(private), "skip: deselected by the analyst");
}

#[test]
fn only_urls_means_only_urls() {
    let mut given = given(Mail::default(), "");
    given.overrides.urls_only = true;
    let shown = given.shorts(vec![url("http://evil.test/a"), found(Kind::Domain, "evil.test", None)]);
    assert_eq!(shown, ["url Network activity ids", "skip: only URLs were asked for"]);
}

#[test]
fn warninglists_take_the_flag_or_the_attribute() {
    let with = |source: &str| {
        let mut given = given(Mail::default(), source);
        for value in ["evil.test", "http://evil.test/page"] {
            given
                .knowledge
                .warninglists
                .insert(value.into(), vec!["Top 1000".into()]);
        }
        given.shorts(vec![
            found(Kind::Domain, "evil.test", None),
            url("http://evil.test/page"),
        ])
    };
    assert_eq!(
        with(""),
        [
            "domain Network activity - on warninglist Top 1000",
            "url Network activity ids on warninglist Top 1000"
        ]
    );
    assert_eq!(
        with("[warninglists]\nskip = true"),
        [
            "skip: on warninglist Top 1000",
            "url Network activity ids on warninglist Top 1000"
        ]
    );
    let plan = given(Mail::default(), "").plan(vec![found(Kind::Domain, "a.test", None), url("http://a.test/x")]);
    let flags = plan.nodes[0].actions.iter().map(|action| match action {
        Action::Add(spec) => spec.enforce_warninglist,
        _ => false,
    });
    assert_eq!(flags.collect::<Vec<_>>(), [true, false]);
}

#[test]
fn people_of_the_mail_are_no_indicators_and_the_sender_of_a_phish_is() {
    let people = [
        ("From", "Eve <eve@evil.com>"),
        ("To", "bob@company.org"),
        ("Cc", "it@company.org"),
    ];
    let mail = mail(&people, "text");
    let hash = found(Kind::Md5, "d", None);
    let at = |address: &str| found(Kind::Email, address, address.split('@').nth(1));
    // A phish that is taken for a report: its sender's host is sent.
    let plain = given(mail.clone(), "");
    assert_eq!(plain.short(url("https://evil.com/pay")), "url Network activity ids");
    assert_eq!(
        plain.short(url("https://company.org/")),
        "url Network activity - host of a sender or recipient"
    );
    assert_eq!(
        plain.short(at("BOB@company.org")),
        "skip: belongs to a sender or recipient of this mail"
    );
    assert_eq!(plain.short(at("other@evil.com")), "email Payload delivery ids");
    // With a hash it plainly is a report: the sender's plain host is from the signature, a defanged one is meant.
    let mut meant = found(Kind::Domain, "evil.com", None);
    meant.defanged = true;
    let shown = plain.shorts(vec![hash, url("https://www.evil.com/"), meant]);
    assert_eq!(shown[1], "skip: belongs to a sender or recipient of this mail");
    assert_eq!(shown[2], "domain Network activity ids");
    // A sample: only its recipients.
    let mut sample = given(mail, "");
    sample.role = Role::Sample;
    assert_eq!(sample.short(at("eve@evil.com")), "email Payload delivery ids");
    assert_eq!(
        sample.short(at("bob@company.org")),
        "skip: belongs to a sender or recipient of this mail"
    );
    assert_eq!(sample.short(clicked("https://evil.com/")), "url Network activity ids");
    // The sender writes what he likes into To; where the mail was delivered to, he does not.
    let logo = "https://company.org/logo.png";
    assert_eq!(sample.short(clicked(logo)), "url Network activity ids");
    let delivered = [&people[..], &[("Delivered-To", "bob@company.org")]].concat();
    sample.mail = self::mail(&delivered, "text");
    assert_eq!(
        sample.short(clicked(logo)),
        "url Network activity - host of a sender or recipient"
    );
}

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
fn tags_come_from_tlp_subject_hashes_and_each_other() {
    let source = "[event]\ntags = ['sensor']\n[tags]\nwith_hashes = ['look-up']\n[tags.by_subject]\nLocky = ['ransom']\n\
                  [tags.implied]\n'tlp:green' = ['community']\ncommunity = ['more']\nmore = ['community', 'tlp:clear']\n";
    let given = given(mail(&[("Subject", "LOCKY again")], "TLP:GREEN\nTLP:CLEAR"), source);
    let tags = given.plan(vec![found(Kind::Md5, &"a1".repeat(16), None)]).tags;
    assert_eq!(tags, ["tlp:green", "sensor", "ransom", "look-up", "community", "more"]);
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
fn files_are_samples_unless_something_says_otherwise() {
    let file = |name: &str, bytes: &[u8], role: AttachmentRole| Attachment {
        name: Some(name.into()),
        content_type: "application/octet-stream".into(),
        bytes: bytes.to_vec(),
        role,
    };
    let mut with_files = mail(&[], "");
    with_files.attachments = vec![
        file("80.exe", b"MZ", AttachmentRole::File),
        file("iocs.csv", b"foo,bar", AttachmentRole::File),
        file("calls.csv", b"a;=cmd|' /C calc'!A0;-3", AttachmentRole::File),
        file("iocs.txt", b"MZ\x90\0", AttachmentRole::File),
        file("page.txt", b"<script>", AttachmentRole::File),
        file("empty.bin", b"", AttachmentRole::File),
        file("signature.asc", b"x", AttachmentRole::Signature),
        file("logo.png", b"x", AttachmentRole::InlineImage),
    ];
    let skip = FileAction::Skip;
    let mut given = given(with_files, "");
    let of = |given: &Given| -> Vec<FileAction> {
        let files = given.plan(Vec::new()).nodes.remove(0).files;
        files.into_iter().map(|file| file.action).collect()
    };
    let tail = [
        skip(Reason::EmptyFile),
        skip(Reason::SignaturePart),
        skip(Reason::InlineImage),
    ];
    let expected = [
        FileAction::Sample,
        FileAction::Benign,
        FileAction::Sample,
        FileAction::Sample,
        FileAction::Sample,
    ];
    assert_eq!(of(&given), [&expected[..], &tail].concat());
    given.role = Role::Sample;
    assert_eq!(of(&given)[1], FileAction::Benign);
    given.directives = vec![Directive::BenignAttachments];
    assert_eq!(of(&given)[0], FileAction::Benign);
    given.overrides.files_only = true;
    given.overrides.deselected = vec![("filename".into(), "80.exe".into())];
    assert_eq!(of(&given)[0], skip(Reason::Deselected));
    assert_eq!(
        given.short(url("http://evil.test/")),
        "skip: only the attached files were asked for"
    );
}

#[test]
fn every_row_of_the_tables_of_hosts_does_what_its_list_says() {
    let given = given(mail(&[], ""), "");
    let mut rows = 0;
    for list in ["exclude", "external", "no_ids", "shared"] {
        for row in table::rows(&format!("hosts.{list}")) {
            let found = in_text(&row["example"], "text/plain", &TextSettings::default());
            let name = row["host"].trim_start_matches('=');
            assert_eq!(
                found.iter().filter_map(Indicator::host).next_back(),
                Some(name),
                "{row:?}"
            );
            let plan = given.plan(found);
            let actions = &plan.nodes[0].actions;
            let fits = match (list, actions.as_slice()) {
                ("exclude", [Action::Skip(_), Action::Skip(_)]) => true,
                ("external", [Action::Link(link), Action::Skip(_)]) => link.category == "External analysis",
                ("no_ids", [Action::Add(url), Action::Add(host)]) => !url.to_ids && !host.to_ids,
                ("shared", [Action::Add(url), Action::Add(host)]) => url.to_ids && !host.to_ids,
                _ => false,
            };
            assert!(fits, "{list}: {row:?} {actions:?}");
            rows += 1;
        }
    }
    assert!(rows > 90, "{rows}");
}
