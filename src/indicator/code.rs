//! What the text of a code says, as far as it names something to reach.

use crate::domain::coding::percent_text;

/// The texts to look into. A code may be for a telephone alone: the name of a wireless network, a second factor, a place on the map and
/// a number to call name no host, though they may look like one.
pub fn texts(code: &str) -> Vec<String> {
    let Some((scheme, rest)) = code.trim_start().split_once(':') else {
        return vec![code.to_owned()];
    };
    match scheme.to_ascii_lowercase().as_str() {
        "wifi" | "dpp" | "geo" | "tel" | "fido" => Vec::new(),
        "otpauth" | "otpauth-migration" => pictures(rest),
        "mebkm" | "mecard" | "matmsg" => vec![unescaped(code)],
        _ => vec![code.to_owned()],
    }
}

/// Addresses among the fields of a second factor: that of a picture which the telephone loads.
fn pictures(rest: &str) -> Vec<String> {
    let (_, fields) = rest.split_once('?').unwrap_or_default();
    let values = fields.split('&').filter_map(|field| field.split_once('='));
    values
        .map(|(_, value)| percent_text(value).into_owned())
        .filter(|value| value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http")))
        .collect()
}

/// In lists of fields a backslash stands before characters that would end a field.
fn unescaped(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            ';' => text.push('\n'),
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {

    #[test]
    fn what_is_for_the_telephone_alone_names_nothing() {
        let facts: [(&str, &[&str]); 9] = [
            ("WIFI:T:WPA;S:guest.town.net;P:secret.net;;", &[]),
            ("wifi:S:guest.town.net;;", &[]),
            ("geo:52.5,13.4?q=town.net", &[]),
            ("tel:+4915123456789", &[]),
            ("otpauth://totp/town.net:a@town.net?secret=JBSW&issuer=town.net", &[]),
            (
                "otpauth://totp/a?secret=JBSW&image=https%3A%2F%2Fevil.com%2Fa.png",
                &["https://evil.com/a.png"],
            ),
            ("MECARD:N:A\\;B;URL:evil.com;;", &["MECARD:N:A;B\nURL:evil.com\n\n"]),
            ("HTTPS://EVIL.COM/A", &["HTTPS://EVIL.COM/A"]),
            ("evil.com", &["evil.com"]),
        ];
        for (code, texts) in facts {
            assert_eq!(super::texts(code), texts, "{code}");
        }
    }
}
