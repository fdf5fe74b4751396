//! The ways in which an address is written in texts, links and what counts openings of mails: plain, escaped, coded.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter pieces of base64 may be anything.
const SHORTEST_CODE: usize = 8;
/// What stands for the `@`.
const SIGNS: [&str; 17] = [
    "@", "%40", "%2540", "=40", "=", "&#64;", "&#064;", "&#x40;", "&#x0040;", "&commat;", "\\u0040", "[@]", "[at]",
    "(at)", " [at] ", " at ", "(@)",
];

/// Every spelling of a lower-case address but for its letters' case.
pub(super) fn of_address(address: &str) -> Vec<String> {
    let Some((local, domain)) = address.split_once('@') else {
        return Vec::new();
    };
    let defanged = |name: &str| name.replace('.', "[.]");
    let mut all: Vec<String> = SIGNS
        .iter()
        .flat_map(|sign| {
            [
                format!("{local}{sign}{domain}"),
                format!("{local}{sign}{}", defanged(domain)),
                format!("{}{sign}{}", defanged(local), defanged(domain)),
            ]
        })
        .collect();
    all.push(format!("{local} at {}", domain.replace('.', " dot ")));
    if local.contains('+') {
        all.push(format!("{}%40{domain}", local.replace('+', "%2b")));
        all.push(format!("{}%2540{domain}", local.replace('+', "%252b")));
    }
    let hex: Vec<String> = address.bytes().map(|byte| format!("{byte:02x}")).collect();
    all.push(hex.concat());
    all.push(format!("%{}", hex.join("%")));
    all.push(format!("%25{}", hex.join("%25")));
    all.push(format!("&#x{};", hex.join(";&#x")));
    let decimal: Vec<String> = address.bytes().map(|byte| byte.to_string()).collect();
    all.push(format!("&#{};", decimal.join(";&#")));
    all.push(rot13(address));
    all
}

/// The base64 of an address, wherever it begins in what was coded, and that of its base64.
pub(super) fn in_base64(address: &str) -> Vec<String> {
    let coded: Vec<String> = (0..3).flat_map(|before| core(address, before)).collect();
    let twice = STANDARD_NO_PAD.encode(address);
    let with_padding = format!("{twice}{}", "=".repeat((4 - twice.len() % 4) % 4));
    coded
        .into_iter()
        .chain(core(&twice, 0))
        .chain(core(&with_padding, 0))
        .collect()
}

/// The digits that depend on the text alone when `before` bytes stand before it, in both alphabets.
fn core(text: &str, before: usize) -> Vec<String> {
    let bytes = [&vec![0; before], text.as_bytes()].concat();
    let first = (before * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    let cut = |code: String| code.get(first..last).map(str::to_owned);
    [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]
        .into_iter()
        .filter_map(cut)
        .filter(|code| code.len() >= SHORTEST_CODE)
        .collect()
}

fn rot13(text: &str) -> String {
    let turn = |c: char| match c {
        'a'..='m' => char::from(c as u8 + 13),
        'n'..='z' => char::from(c as u8 - 13),
        c => c,
    };
    text.chars().map(turn).collect()
}
