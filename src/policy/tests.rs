//! Facts about decisions.

mod authenticated;
mod edits;
mod files;
mod flags;
mod heading;
mod hosts;
mod rules;

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
        stated: None,
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
            contents: &crate::contents::NOTHING,
            indicators,
            left_out: 0,
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
