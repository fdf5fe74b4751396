//! Facts about chains of links.

use super::*;
use crate::domain::coding::hex;

fn chain(link: &str, own: &[Rewriter]) -> Chain {
    follow(browser::exact(link).unwrap(), own)
}

/// The values of all its links, outermost first.
fn links(link: &str) -> Vec<String> {
    let Chain { hops, last, .. } = chain(link, &[]);
    let hops = hops.into_iter().map(|hop| hop.url);
    hops.chain([last]).map(|url| url.value).collect()
}

#[test]
fn a_user_adds_rewriters() {
    let own = [
        Rewriter::of_line("links.corp.example /go query:to hex Our own filter").unwrap(),
        Rewriter::of_line("r.corp.example /t/ path base64").unwrap(),
        Rewriter::of_line("* /urlcheck/ query:to percent").unwrap(),
    ];
    let base64 = "https://r.corp.example/t/aHR0cHM6Ly9ldmlsLmNvbS94";
    for wrapped in [
        "https://links.corp.example/GO?to=68747470733a2f2f6576696c2e636f6d2f78",
        base64,
        &format!("https://links.corp.example/go?to={}", hex(base64.as_bytes())),
        "https://mx7.corp.example/urlcheck/?to=https%3A%2F%2Fevil.com%2Fx",
    ] {
        let found = chain(wrapped, &own);
        assert_eq!(
            (found.last.value.as_str(), found.hops.len(), found.end),
            ("https://evil.com/x", 0, End::Page),
            "{wrapped}"
        );
    }
    assert_eq!(chain("https://links.corp.example/go", &own).end, End::Blank);
}

#[test]
fn of_a_gateway_only_the_target_is_left_and_of_a_redirector_both() {
    let google = "https://www.google.com/url?q=https%3A%2F%2Fevil.com%2Fx";
    let wrapped = "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fevil.com%252Fx&data=1";
    assert_eq!(links(wrapped), [google, "https://evil.com/x"]);
    let inside = "https://www.google.com/url?q=https://eur01.safelinks.protection.outlook.com/?url%3Dhttps%253A%252F%252Fevil.com%252Fx";
    assert_eq!(links(inside), [inside, "https://evil.com/x"]);
}

#[test]
fn a_link_that_a_parameter_names_may_be_where_it_leads() {
    let link =
        "https://shop.example/out?url=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fevil.com%252Fx";
    let found = chain(link, &[]);
    assert_eq!(found.opened().value, link);
    let leads: Vec<&Leads> = found.hops.iter().map(|hop| &hop.leads).collect();
    assert_eq!(leads, [&Leads::Perhaps("url"), &Leads::There("Google".to_owned())]);
    assert_eq!(found.last.value, "https://evil.com/x");
}

#[test]
fn pages_of_the_same_site_and_unreachable_ones_are_no_targets() {
    for link in [
        "https://www.shop.com/login?next=https://shop.com/cart",
        "https://shop.com/login?return=https%3A%2F%2Faccounts.shop.com%2Fcart",
        "https://1.2.3.4/login?url=http://1.2.3.4/cart",
        "https://shop.com/login?url=http://localhost/cart",
        "https://shop.com/login?url=http://10.0.0.7/cart",
        "https://shop.com/login?next=/cart",
    ] {
        assert_eq!(links(link), [link]);
    }
    let others = "https://one.github.io/login?next=https://two.github.io/cart";
    assert_eq!(links(others).len(), 2);
}

#[test]
fn many_wrappers_around_one_another_are_opened_and_few_of_them_kept() {
    let mut link = "https://evil.com/x".to_owned();
    for _ in 0..12 {
        link = format!("https://href.li/?{link}");
    }
    let found = chain(&link, &[]);
    assert_eq!(
        (found.hops.len(), found.last.value.as_str()),
        (KEPT, "https://evil.com/x")
    );
    let endless = format!("{}https://evil.com/x", "https://href.li/?".repeat(1000));
    assert_eq!(chain(&endless, &[]).hops.len(), KEPT);
}

#[test]
fn the_path_of_a_url_is_found_with_a_scheme_and_without() {
    for (url, path) in [
        ("https://a.com/x?u=http://b.com", Some("/x?u=http://b.com")),
        ("a.com/x?u=http://b.com", Some("/x?u=http://b.com")),
        ("https://a.com?u=http://b.com", Some("?u=http://b.com")),
        ("a.com#x", Some("#x")),
        ("https://a.com", None),
        ("a.com", None),
    ] {
        assert_eq!(path_of(url), path, "{url}");
    }
}
