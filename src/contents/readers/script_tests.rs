//! Facts about scripts.

use crate::contents::tests::{read_file, said, says, texts};

#[test]
fn scripts_are_read_by_their_names_and_first_lines() {
    for name in [
        "a.js", "a.vbs", "a.ps1", "a.bat", "a.wsf", "a.reg", "a.iqy", "a.slk", "a.php", "a.py",
    ] {
        assert!(
            says(name, "x https://kite-one.net/s", "https://kite-one.net/s"),
            "{name}"
        );
    }
    assert!(says(
        "run",
        "#!/bin/sh\ncurl https://kite-one.net/s",
        "https://kite-one.net/s"
    ));
}

#[test]
fn the_hosts_of_shares_are_told() {
    let shares = said(
        "a.bat",
        b"copy \\\\files.kite-one.net@80\\DavWWWRoot\\a.exe \\\\server\\b c:\\\\d.e",
    );
    assert!(shares.iter().any(|text| text == "files.kite-one.net"), "{shares:?}");
}

#[test]
fn an_encoded_script_is_read_in_clear() {
    let contents = read_file("a.jse", b"#@~^DgAAAA==\\ko$K6,JC\x7fV^GJqAQAAA==^#~@");
    assert!(contents.notes.is_empty(), "{:?}", contents.notes);
    assert!(texts(&contents).iter().any(|(_, text)| text == "MsgBox \"Hello\""));
}
