//! `mailto:` addresses, taken apart: so no name of a field becomes a part of an address.

use std::borrow::Cow;

use crate::domain::coding::percent_text;

/// What stands after `mailto:`: the recipients, then the value of each field, percent codes undone.
pub fn pieces(rest: &str) -> Vec<Cow<'_, str>> {
    let (recipients, fields) = rest.split_once('?').unwrap_or((rest, ""));
    let values = fields
        .split('&')
        .map(|field| field.split_once('=').map_or(field, |(_, value)| value));
    std::iter::once(recipients)
        .chain(values)
        .filter(|piece| !piece.is_empty())
        .map(percent_text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_stands_alone() {
        let facts: [(&str, &[&str]); 4] = [
            ("a%40evil.com", &["a@evil.com"]),
            ("a@b.com?cc=c@d.com&amp;bcc=e@f.com", &["a@b.com", "c@d.com", "e@f.com"]),
            (
                "?to=a@b.com&body=see%20http://x.com/?a=b",
                &["a@b.com", "see http://x.com/?a=b"],
            ),
            ("", &[]),
        ];
        for (rest, values) in facts {
            assert_eq!(pieces(rest), values, "{rest}");
        }
    }
}
