//! Facts about texts that programs put together.

use std::fmt::Write;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::contents::tests::{read_file, said, says};

const URL: &str = "https://kite-one.net/x";

fn numbers(separator: &str, number: impl Fn(u32) -> String) -> String {
    let all: Vec<String> = URL.chars().map(|c| number(u32::from(c))).collect();
    all.join(separator)
}

#[test]
fn what_scripts_put_together_is_read() {
    let backwards: String = URL.chars().rev().collect();
    let coded = STANDARD.encode(URL);
    let twice = STANDARD.encode(&coded);
    let escapes = URL.chars().fold(String::new(), |mut all, c| {
        let _ = write!(all, "\\u{:04x}", u32::from(c));
        all
    });
    let facts = [
        ("a.js", "x='https://kite'+'-one.'+\"net/x\"".to_owned()),
        ("a.js", "var a='https://kite';var b='-one.net/x';go(a+b)".to_owned()),
        ("a.js", "var a='https://kite';a+='-one.net/x';go(a+'')".to_owned()),
        ("a.js", format!("location=atob('{coded}')")),
        ("a.js", format!("eval(atob(atob('{twice}')))")),
        ("a.js", format!("go('{escapes}')")),
        (
            "a.js",
            format!("go(String.fromCharCode({}))", numbers(",", |c| c.to_string())),
        ),
        (
            "a.js",
            format!("go(String['fromCharCode']({}))", numbers(",", |c| format!("{c:#x}"))),
        ),
        (
            "a.js",
            format!("go(String.fromCharCode({}))", numbers(",", |c| format!("{}-4", c + 4))),
        ),
        ("a.js", format!("n=[{}]", numbers(",", |c| (c + 9).to_string()))),
        ("a.js", format!("go('{backwards}'.split('').reverse().join(''))")),
        ("a.js", "go(['https:','','kite-one.net','x'].join('/'))".to_owned()),
        ("a.js", "go('https://k#te-one.net/x'.replace(/#/g,'i'))".to_owned()),
        ("a.js", "go(unescape('%68ttps://kite-one.net/%78'))".to_owned()),
        ("a.vbs", "u = \"https://kite\" & \"-one.net/x\"".to_owned()),
        ("a.vbs", format!("u = StrReverse(\"{backwards}\")")),
        ("a.vbs", format!("u = {}", numbers(" & ", |c| format!("Chr({c})")))),
        ("a.ps1", "$u = '{1}{0}' -f '-one.net/x','https://kite'".to_owned()),
        ("a.ps1", "$u = ('https://kite','-one.net/x') -join ''".to_owned()),
        ("a.ps1", format!("$u = {}", numbers("+", |c| format!("[char]{c}")))),
        (
            "a.ps1",
            format!("[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{coded}'))"),
        ),
        (
            "a.bat",
            "set a=https://kite\r\nset b=-one.net/x\r\ncurl %a%%b%\r\n".to_owned(),
        ),
        ("a.cmd", "curl ht^tps://ki^te-one.net/x".to_owned()),
        ("a.py", format!("u = '{backwards}'[::-1]")),
        ("a.php", "<?php $u = 'https://kite' . '-one.net/x';".to_owned()),
    ];
    for (name, source) in facts {
        assert!(
            says(name, &source, URL),
            "{source}: {:?}",
            said(name, source.as_bytes())
        );
    }
}

#[test]
fn a_gap_in_a_text_is_not_closed() {
    for source in [
        "go('kite'+x+'one.net')",
        "go(f(1)+'.kite-one.net')",
        "go(['a',b,'c'].join(''))",
    ] {
        let all = said("a.js", source.as_bytes());
        assert!(
            !all.iter().any(|text| text.contains("kiteone") || text == "ac"),
            "{source}: {all:?}"
        );
    }
}

#[test]
fn a_file_that_a_page_saves_has_the_name_that_the_page_gives_it() {
    let coded = STANDARD.encode(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let page = format!("<script>var d='{coded}';a.download='Bill.zip';</script>");
    let contents = read_file("a.html", page.as_bytes());
    assert_eq!(&*contents.files[1].path, "a.html > Bill.zip");
}

#[test]
fn programs_without_an_end_end() {
    let hostile = [
        "[".repeat(1 << 20),
        "(".repeat(1 << 20),
        "a='x';".to_owned() + &"a=a+a;".repeat(1 << 16),
        "f(".repeat(1 << 19),
        "['a',".repeat(1 << 18),
        "'".repeat(1 << 20),
        "'\\".repeat(1 << 19),
        "`".repeat((1 << 20) + 1),
        "a.b".repeat(1 << 18),
        "-".repeat(1 << 20),
        "/".repeat(1 << 20),
        "data:a/b,".repeat(1 << 17),
        "%41".repeat(1 << 18),
        "set a=%a%%a%\n".repeat(1 << 16),
        "'{0}{0}{0}{0}' -f ".repeat(1 << 15),
        "A".repeat(1 << 20),
        "'QUFB'+".repeat(1 << 17),
        "x=String.fromCharCode(".repeat(1 << 15),
        "/*".repeat(1 << 19),
    ];
    for source in hostile {
        for name in ["a.js", "a.html"] {
            let source = if name == "a.html" {
                format!("<script>{source}")
            } else {
                source.clone()
            };
            let start = Instant::now();
            read_file(name, source.as_bytes());
            let shown: String = source.chars().take(40).collect();
            // Of a build without optimisation, on a machine that does other things too.
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{name} {shown}: {:?}",
                start.elapsed()
            );
        }
    }
}
