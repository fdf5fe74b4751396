//! Indicators that it did not find (31-36), and texts that it took for indicators (24-28).

use super::{assert_sent, flagged, reported, sent};

use mispigeon::domain::Sha256;

#[test]
fn what_was_missed_is_found() {
    let sha512 = "0123456789abcdef".repeat(8);
    let sha512 = format!("{}f", &sha512[..127]);
    let text_of_sha512 = format!("dropped {sha512}");
    let found_sha512 = format!("sha512={sha512}");
    let sha256 = Sha256::of(b"sample").to_string();
    let upper = format!("dropped {}", sha256.to_uppercase());
    let found_sha256 = format!("sha256={sha256}");
    let cases: &[(u8, &str, &[&str])] = &[
        (31, "C2 is evil-panel[.]xyz", &["domain=evil-panel.xyz"]),
        (
            31,
            "C2s: bad-shop.top, bad-login.online, www.bad-store.shop",
            &[
                "domain=bad-shop.top",
                "domain=bad-login.online",
                "hostname=www.bad-store.shop",
            ],
        ),
        (
            31,
            "panel.evil-thing[.]app and evil-thing[.]dev",
            &["hostname=panel.evil-thing.app", "domain=evil-thing.dev"],
        ),
        (32, "C2 2a0d:5600:24:1::7", &["ip-dst=2a0d:5600:24:1::7"]),
        (
            32,
            "http://[2a0d:5600:24:1::7]/x",
            &["url=http://[2a0d:5600:24:1::7]/x", "ip-dst=2a0d:5600:24:1::7"],
        ),
        (33, "C2 45.155.204.17:4443", &["ip-dst|port=45.155.204.17|4443"]),
        (
            33,
            "C2 panel.evil-bank.com:8443",
            &["hostname|port=panel.evil-bank.com|8443"],
        ),
        (34, &upper, &[&found_sha256]),
        (34, &text_of_sha512, &[&found_sha512]),
        (34, "uses CVE-2024-3094", &["vulnerability=CVE-2024-3094"]),
        (
            34,
            "pay to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
            &["btc=1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
        ),
        (34, "sent by mule[@]evil-bank[.]com", &["email=mule@evil-bank.com"]),
        (
            34,
            "block 45.155.204.0/24 and AS64496",
            &["ip-dst=45.155.204.0/24", "AS=64496"],
        ),
        (34, "seen from 00:1c:42:2e:60:4a", &["mac-address=00:1c:42:2e:60:4a"]),
        (
            35,
            "evil-bank[.]com/x.exe",
            &["url=http://evil-bank.com/x.exe", "domain=evil-bank.com"],
        ),
    ];
    for (number, text, expected) in cases {
        let draft = reported(text);
        let found = sent(&draft);
        for one in *expected {
            // A host without a scheme may become a url with or without a scheme.
            let bare = one.replace("url=http://", "url=");
            assert!(
                found.contains(*one) || found.contains(&bare),
                "{number}: {text}: {one} not in {found:?}"
            );
        }
        assert_eq!(found.len(), expected.len(), "{number}: {text}: {found:?}");
    }
}

#[test]
fn defanged_urls_are_whole_urls() {
    // 36: it kept only the host of all these.
    for written in [
        "http[:]//evil-bank.com/a",
        "hxxp[://]evil-bank.com/a",
        "meow://evil-bank[.]com/a",
        "hxtp://evil-bank[.]com/a",
        "h**p://evil-bank[.]com/a",
        "http://evil-bank{.}com/a",
        "http://evil-bank[ . ]com/a",
        "http://evil-bank[.com/a",
        "hXXp://evil-bank(dot)com/a",
    ] {
        assert_sent(
            &reported(written),
            &["url=http://evil-bank.com/a", "domain=evil-bank.com"],
            written,
        );
    }
    assert_sent(
        &reported("mule[at]evil-bank[.]com"),
        &["email=mule@evil-bank.com"],
        "[at]",
    );
}

#[test]
fn what_is_no_indicator_is_not_flagged() {
    for (number, text) in [
        (24, "address 999.999.999.999"),
        (24, "version 1.2.3.4.5 and OID 1.3.6.1.4.1.311"),
        (
            24,
            "User-Agent: Mozilla/5.0 (Windows NT 6.1) Chrome/17.0.963.56 Safari/535.11",
        ),
        (24, "at home: 10.0.0.1, 192.168.1.7, 172.16.0.9, 127.0.0.1"),
        (25, "see readme.md, setup.py, run.sh, lib.so and archive.cc"),
        (28, "http://localhost/ and http://intranet/wiki"),
    ] {
        assert!(
            flagged(&reported(text)).is_empty(),
            "{number}: {text}: {:?}",
            sent(&reported(text))
        );
    }
}

#[test]
fn what_is_left_out_is_accounted_for() {
    // Issues 45 and 46 of mail_to_misp: nothing told of the values that it left out.
    let skipped = reported("10.0.0.1 and http://intranet/wiki").skipped;
    for value in ["10.0.0.1", "http://intranet/wiki"] {
        let reason = skipped
            .iter()
            .find(|one| one.value == value)
            .map(|one| &*one.reason.text);
        assert!(reason.is_some_and(|reason| !reason.is_empty()), "{value}: {skipped:?}");
    }
}

#[test]
fn an_address_is_an_address_and_a_name_keeps_its_beginning() {
    // 26: it reported `corp.com`, which is not in the text.
    assert_sent(
        &reported("from bad.guy@evil-corp.com"),
        &["email=bad.guy@evil-corp.com"],
        "26",
    );
    // 27: it cut off `xn--`, and so named another host.
    assert_sent(
        &reported("C2 is xn--80ak6aa92e[.]com"),
        &["domain=xn--80ak6aa92e.com"],
        "27",
    );
    assert!(!sent(&reported("xn--abc.com")).contains("domain=abc.com"), "27");
}
