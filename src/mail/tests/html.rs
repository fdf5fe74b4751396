use super::*;

fn text(html: &str) -> String {
    render(html).text.trim_end().to_owned()
}

#[test]
fn one_tag_may_have_many_attributes() {
    let many = " a=\"1\"".repeat(20_000);
    let rendered = render(&format!("<a{many} href=\"https://evil.com/?a&amp;b\">here</a>"));
    assert_eq!(rendered.links[0].target, "https://evil.com/?a&b");
    assert_eq!(rendered.text.trim(), "here");
}

#[test]
fn text_is_what_the_reader_sees() {
    let facts = [
        ("http://ev<b>il</b>.com", "http://evil.com"),
        ("one<br>two", "one\ntwo"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<div><div>a</div></div>b", "a\nb"),
        ("a   b\n c", "a b c"),
        ("a<wbr>b", "ab"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "a\tb\t\nc",
        ),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        (
            "<script>var a = '<p>';</script>x<style>p{}</style>y<title>t</title>z",
            "xyz",
        ),
        ("a<!-- comment -->b", "ab"),
        (
            "<!DOCTYPE html PUBLIC \"-//W3C//DTD\" \"http://www.w3.org/x.dtd\">a",
            "a",
        ),
        ("<span style=\"display:none\">hidden</span>", ""),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>unclosed <a href=x>link", "unclosed link"),
        ("&nbsp;a&nbsp;b", "a b"),
        ("a < b", "a < b"),
        ("<a href='x'>one</a><a href='y'>two</a>", "onetwo"),
        ("a\u{200b}b", "a\u{200b}b"),
    ];
    for (html, expected) in facts {
        assert_eq!(text(html).trim_start(), expected, "{html}");
    }
}

#[test]
fn every_link_is_found_with_its_kind() {
    use LinkKind::{Anchor, Form, Image, Refresh, Resource};
    let facts: &[(&str, &[(&str, LinkKind)])] = &[
        (
            "<a href='http://a/?x=1&amp;y=2'>t</a>",
            &[("http://a/?x=1&y=2", Anchor)],
        ),
        (
            "<a href='http://a/?a=1&copy=2&para=3&reg=4'>t</a>",
            &[("http://a/?a=1&copy=2&para=3&reg=4", Anchor)],
        ),
        ("<a href=' http://a/\n  b c '>t</a>", &[("http://a/b%20c", Anchor)]),
        ("<area href=http://a/>", &[("http://a/", Anchor)]),
        (
            "<form action=http://a/><button formaction=http://b/>",
            &[("http://a/", Form), ("http://b/", Form)],
        ),
        (
            "<meta http-equiv=Refresh content=\"0; URL='http://a/'\">",
            &[("http://a/", Refresh)],
        ),
        ("<meta name=x content='0; url=http://a/'>", &[]),
        ("<img src=\"https://x/p.png\"/>", &[("https://x/p.png", Image)]),
        (
            "<img srcset='http://a/1.png 1x, http://a/2,3.png 2x'>",
            &[("http://a/1.png", Image), ("http://a/2,3.png", Image)],
        ),
        ("<td background=http://a/>", &[("http://a/", Image)]),
        (
            "<p style=\"background:url('http://a/x.png')\">",
            &[("http://a/x.png", Image)],
        ),
        ("<p style=\"background:URL( http\\3a //a/ )\">", &[("http://a/", Image)]),
        (
            "<style>@import 'http://a/'; @import url(http://b/); p{background:url(http://c/)}</style>",
            &[("http://a/", Resource), ("http://b/", Resource), ("http://c/", Image)],
        ),
        ("<style>@namespace url(http://www.w3.org/1999/xhtml);</style>", &[]),
        ("<html xmlns='http://www.w3.org/1999/xhtml' xmlns:o=urn:x>", &[]),
        (
            "<iframe src=http://a/></iframe><script src=http://b/></script><link href=http://c/><embed src=http://d/><object data=http://e/>",
            &[
                ("http://a/", Resource),
                ("http://b/", Resource),
                ("http://c/", Resource),
                ("http://d/", Resource),
                ("http://e/", Resource),
            ],
        ),
        (
            "<base href=http://a/b/><a href=c>t</a><a href=http://x/>t</a><img src=//y/z>",
            &[("http://a/b/c", Anchor), ("http://x/", Anchor), ("http://y/z", Image)],
        ),
        (
            "<a href=mailto:a@b>t</a><a href=tel:1>t</a>",
            &[("mailto:a@b", Anchor), ("tel:1", Anchor)],
        ),
        ("<img src='data:image/png;base64,AAAA'>", &[]),
        ("<base href='//a/b/'><a href=c>t</a>", &[("https://a/b/c", Anchor)]),
        (
            "<base href=https://a/b/><a href=https:c>t</a>",
            &[("https://a/b/c", Anchor)],
        ),
        (
            "<a href=c>t</a><base target=_top><base href=https://a/>",
            &[("https://a/c", Anchor)],
        ),
        (
            "<svg><a xlink:href=http://a/><script href=http://b/></script>",
            &[("http://a/", Anchor), ("http://b/", Resource)],
        ),
        (
            "<svg><a><set attributeName=href to=http://a/><animate attributeName=xlink:href values='http://b/;http://c/'>",
            &[("http://a/", Anchor), ("http://b/", Anchor), ("http://c/", Anchor)],
        ),
        ("<set attributeName=fill to=red>", &[]),
        ("<form method=post action-xhr=https://a/>", &[("https://a/", Form)]),
        (
            "<amp-img src=https://a/></amp-img><amp-list src=https://b/>",
            &[("https://a/", Image), ("https://b/", Resource)],
        ),
        (
            "<img src='data:image/svg+xml,<svg>'>",
            &[("data:image/svg+xml,<svg>", Image)],
        ),
        (
            "<div style='display:none'><a href=http://a/>t</a></div>",
            &[("http://a/", Anchor)],
        ),
        (
            "<!--[if mso]><v:roundrect href=\"http://a/\"></v:roundrect><![endif]-->",
            &[("http://a/", Anchor)],
        ),
    ];
    for (html, expected) in facts {
        let links = render(html).links;
        let links: Vec<_> = links.iter().map(|link| (link.target.as_str(), link.kind)).collect();
        assert_eq!(links, *expected, "{html}");
    }
}

#[test]
fn a_link_knows_its_text_and_line() {
    let Rendered { text, links, .. } =
        render("<p>one</p><p>see <a href='http://evil/'>www.<b>good</b>.com\n now</a> and</p>");
    assert_eq!(text.trim_end(), "one\nsee www.good.com now and");
    assert_eq!((links[0].shown.as_str(), links[0].line), ("www.good.com now", 2));
}

#[test]
fn lines_know_where_they_begin() {
    let html = "<p>one</p><div>two</div>thr&eacute;e<br>four";
    let rendered = run(html, Trace::Lines);
    let lines: Vec<_> = rendered.text.split('\n').zip(&rendered.line_starts).collect();
    assert_eq!(lines.len(), 4);
    for (line, at) in lines {
        assert_eq!(render(&html[*at..]).text.split('\n').next(), Some(line));
    }
}

#[test]
fn hostile_html_gives_no_more_text_than_it_has() {
    let units = [
        "<",
        "&",
        "<a href=x>",
        "<p>",
        "</",
        "<!--",
        "a=1 ",
        "&#",
        "<b",
        "\"",
        "<td></td>",
        "url(",
        "<![",
        "<style>",
        "</p>",
    ];
    for unit in units {
        let many = unit.repeat((1 << 18) / unit.len());
        for html in [
            many.clone(),
            format!("<p {many}>"),
            format!("<p style=\"{many}\">"),
            format!("<style>{many}"),
        ] {
            let text = render(&html).text;
            assert!(text.len() <= 4 * html.len() + 10);
        }
    }
}

#[test]
fn a_link_keeps_what_a_filter_says_it_was() {
    let links =
        render("<a href='https://w/' originalsrc=' https://a/b '>t</a><img originalsrc=https://c/ src=https://d/>")
            .links;
    assert_eq!(links[0].original.as_deref(), Some("https://a/b"));
    assert_eq!(links[1].original, None);
}
