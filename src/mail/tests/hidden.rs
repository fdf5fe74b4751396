//! What of HTML is seen, and what is not.

use super::*;

/// The text and the hidden texts.
fn seen(html: &str) -> (String, Vec<String>) {
    let page = render(html);
    let asides = page.asides.into_iter().map(|aside| aside.text.trim().to_owned());
    (page.text.trim().to_owned(), asides.collect())
}

#[test]
fn hidden_text_is_apart_and_never_joined() {
    for hidden in [
        "<span style='display:none'>X</span>",
        "<span style='DISPLAY: NONE !important'>X</span>",
        "<span hidden>X</span>",
        "<span hidden=until-found>X</span>",
        "<span style='font-size:0'>X</span>",
        "<span style='font-size:0px;line-height:0'>X</span>",
        "<span style='font:0/0 a'>X</span>",
        "<span style='font-size:1px'>X</span>",
        "<span style='mso-hide:all'>X</span>",
        "<span style='max-height:0;overflow:hidden'>X</span>",
        "<div style='display:none'><p>X</p></div>",
        "<div style='display:none'>X<br></div>",
        "<b style='font-size:0'><i style='font-size:2em'>X</i></b>",
        "<style>.h{display:none}</style><span class='a h'>X</span>",
        "<style>span.h{display:none}</style><span class=H>X</span>",
        "<style>#h{font-size:0}</style><span id=h>X</span>",
    ] {
        let (text, asides) = seen(&format!("ev{hidden}il.com"));
        assert_eq!((text.as_str(), asides), ("evil.com", vec!["X".to_owned()]), "{hidden}");
    }
}

#[test]
fn what_takes_room_leaves_a_gap() {
    for hidden in [
        "<span style='visibility:hidden'>X</span>",
        "<span style='visibility:collapse'>X</span>",
        "<span style='opacity:0'>X</span>",
        "<span style='opacity:0.01'>X</span>",
        "<span style='filter:alpha(opacity=0)'>X</span>",
        "<span style='position:absolute;left:-9999px'>X</span>",
        "<span style='text-indent:-999em'>X</span>",
        "<span style='color:#fff'>X</span>",
        "<span style='color:transparent'>X</span>",
        "<span style='color:rgba(0,0,0,0)'>X</span>",
        "<font color=white>X</font>",
        "<font color='#FEFEFE'>X</font>",
        "<span style='background:#123456;color:#133456'>X</span>",
        "<span style='background:black'>X</span>",
    ] {
        let (text, asides) = seen(&format!("one{hidden}two"));
        assert_eq!((text.as_str(), asides), ("one two", vec!["X".to_owned()]), "{hidden}");
    }
}

#[test]
fn what_only_looks_hidden_is_read() {
    for shown in [
        "<span style='display:block'>X</span>",
        "<span style='display:inline' hidden>X</span>",
        "<span style='visibility:hidden'><b style='visibility:visible'>X</b></span>",
        "<span style='font-size:0'><b style='font-size:12px'>X</b></span>",
        "<span style='opacity:.6'>X</span>",
        "<span style='font-size:9px'>X</span>",
        "<span style='max-height:0'>X</span>",
        "<span style='height:20px;overflow:hidden'>X</span>",
        "<span style='position:absolute;left:-5px'>X</span>",
        "<span style='background:#000;color:#fff'>X</span>",
        "<table bgcolor=navy><td><font color=white>X</font></table>",
        "<div style='background:url(a.png)'><b style='color:#fff'>X</b></div>",
        "<div background=a.png><b style='color:#fff'>X</b></div>",
        "<div style='background-image:linear-gradient(red,blue)'><b style='color:white'>X</b></div>",
        "<div style='color:#fff'><a href=x>X</a></div>",
        "<a href=x style='mso-hide:all'>X</a>",
        "<style>.b{background:#00f}</style><b class=b style='color:#fff'>X</b>",
        "<style>td .b{background:#00f}</style><b class=b style='color:#fff'>X</b>",
        "<style>@media print{.h{display:none}}</style><b class=h>X</b>",
        "<style>.o .h{display:none}</style><b class=h>X</b>",
        "<style>body{visibility:hidden}</style><body>X",
        "<span style='color:#767676'>X</span>",
        "<b style='font-family:\"a;display:none\"'>X</b>",
        "<p style='display:none'></p>X",
        "<p style='display:none'><p>X</p>",
        "<li hidden><li>X",
        "<img style='display:none'>X",
        "<span style='display:none'></b></span>X",
        "<input style='display:none'><br style='display:none'>X",
    ] {
        assert_eq!(seen(shown), ("X".to_owned(), Vec::new()), "{shown}");
    }
}

#[test]
fn hidden_links_are_links_without_a_text() {
    let page = render("<div style='display:none'><a href='http://evil.com/'>www.bank.com</a></div>");
    assert_eq!(
        (page.links[0].target.as_str(), page.links[0].shown.as_str()),
        ("http://evil.com/", "")
    );
    let page = render("<a href='http://evil.com/'>www.<i hidden>x</i>bank.com</a>");
    assert_eq!(page.links[0].shown, "www.bank.com");
}

#[test]
fn hidden_blocks_stand_apart_from_one_another() {
    let (_, asides) = seen("<div hidden><p>http://a.com/</p><p>http://b.com/</p></div>");
    assert_eq!(asides, ["http://a.com/", "http://b.com/"]);
}

#[test]
fn what_outlook_alone_shows_is_told_apart() {
    let page = render("a<!--[if mso]>b<p hidden>c</p><![endif]-->d<!--[if !mso]>e<![endif]--><!-- f -->");
    let asides: Vec<_> = page
        .asides
        .iter()
        .map(|aside| (aside.text.trim(), aside.kind))
        .collect();
    assert_eq!(page.text, "ad");
    assert_eq!(
        asides,
        [
            ("b", AsideKind::Outlook),
            ("c", AsideKind::Hidden),
            ("e", AsideKind::Hidden)
        ]
    );
}

#[test]
fn letters_of_no_size_leave_the_lines_as_they_are() {
    let layout = "<td style='font-size:0'><div style='font-size:14px'>one</div>x</td><td>two</td><div style='font-size:0'><b style='font:12px a'>three</b></div>four";
    assert_eq!(render(layout).text.trim(), "one\n\ttwo\t\nthree\nfour");
}

#[test]
fn lines_of_hidden_text_do_not_move_those_that_are_seen() {
    let html = "<p>one</p><div style='display:none'><p>x</p><p>y</p></div><p>two</p>";
    let page = run(html, Trace::Pieces);
    assert_eq!(page.text.trim_end(), "one\ntwo");
    assert_eq!(page.line_starts.len(), page.text.split('\n').count());
    assert_eq!(page.pieces.len(), page.line_starts.len());
    assert_eq!(page.asides[0].line, 2);
}

#[test]
fn hostile_styles_come_to_an_end() {
    let units = [
        "<b style='display:none'>x",
        "<p hidden></b>",
        "<x1></x2>",
        "<b class='a b c d'>x",
        "</div>",
        "<style>.a{",
        "<style>a{}</style>",
        "<i style='color:red;'>",
        "<b hidden>x</b>y",
        "<li><p>",
    ];
    for unit in units {
        let page = render(&unit.repeat((1 << 18) / unit.len()));
        let hidden: usize = page.asides.iter().map(|aside| aside.text.len()).sum();
        assert!(page.text.len() + hidden <= 1 << 20, "{unit}");
    }
    for css in [".a{", "@media{", "/*", "a,", "}", ";", "{}", ".a.b .c{color:red}"] {
        render(&format!(
            "<style>{}</style><b class=a>x",
            css.repeat((1 << 18) / css.len())
        ));
    }
}
