//! Facts about lists and tables of hosts, what passes through a host or is shown over one, and people's addresses.

use super::*;

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
        let pair = |redirect: crate::policy::Redirect| (redirect.url.to_string(), redirect.target.1.to_string());
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
fn a_page_that_a_sample_wants_opened_gets_a_phishing_object_where_that_is_asked_for() {
    let pages = |settings: &str, role: Role| -> Vec<Vec<(&'static str, String)>> {
        let mut given = given(Mail::default(), settings);
        given.role = role;
        let found = vec![
            clicked("https://evil.com/login"),
            clicked("https://185.1.2.3/a"),
            clicked("https://www.paypal.com/help"),
            url("https://other.com/only-written"),
        ];
        let pair = |entry: super::super::Entry| (entry.relation, entry.value);
        let objects = given.plan(found).phishing.into_iter();
        objects
            .map(|object| object.entries.into_iter().map(pair).collect())
            .collect()
    };
    let page = |url: &str, relation, host: &str| vec![("url", url.to_owned()), (relation, host.to_owned())];
    assert_eq!(
        pages("[event]\nphishing = true", Role::Sample),
        [
            page("https://evil.com/login", "hostname", "evil.com"),
            page("https://185.1.2.3/a", "ip", "185.1.2.3"),
        ]
    );
    assert!(pages("[event]\nphishing = true", Role::Report).is_empty());
    assert!(pages("", Role::Sample).is_empty());
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
