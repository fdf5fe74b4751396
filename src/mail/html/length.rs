//! Lengths of CSS and the size of letters, as far as it takes to see that they are nothing.

/// How large letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Too small for any eye.
    Zero,
    /// A share of what the element around has.
    Relative,
    Readable,
}

/// What `font-size` says.
pub(super) fn letters(value: &str) -> Option<Size> {
    let value = value.trim();
    if matches!(value, "inherit" | "unset") {
        return None;
    }
    let relative = value.ends_with("em") && !value.ends_with("rem") || value.ends_with('%');
    Some(match length(value) {
        Some(pixels) if pixels <= 1.0 => Size::Zero,
        _ if relative || matches!(value, "smaller" | "larger") => Size::Relative,
        _ => Size::Readable,
    })
}

/// The size in `font: 0/0 a`.
pub(super) fn font_size(value: &str) -> Option<Size> {
    let size = value
        .split_ascii_whitespace()
        .take(8)
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit() || c == '.') && !is_weight(word))?;
    letters(size.split('/').next()?)
}

fn is_weight(word: &str) -> bool {
    word.len() == 3 && word.ends_with("00")
}

/// A length in pixels, roughly; a percentage counts like pixels.
pub(super) fn length(value: &str) -> Option<f32> {
    let value = value.trim();
    let digits = value
        .bytes()
        .take(24)
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.'))
        .count();
    let (number, unit) = value.split_at_checked(digits)?;
    let number: f32 = number.parse().ok()?;
    Some(match unit {
        "em" | "rem" | "ch" | "ex" | "vw" | "vh" => number * 16.0,
        "in" | "cm" => number * 40.0,
        _ => number,
    })
}

/// `0.5` or `50%`.
pub(super) fn share(value: &str) -> Option<f32> {
    match value.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f32>().ok().map(|number| number / 100.0),
        None => value.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_too_small_or_not() {
        let facts = [
            ("0", Size::Zero),
            ("0px", Size::Zero),
            (".5pt", Size::Zero),
            ("1px", Size::Zero),
            ("0em", Size::Zero),
            ("2em", Size::Relative),
            ("90%", Size::Relative),
            ("9px", Size::Readable),
            ("2rem", Size::Readable),
            ("small", Size::Readable),
        ];
        for (value, size) in facts {
            assert_eq!(letters(value), Some(size), "{value}");
        }
        assert_eq!(letters("inherit"), None);
        assert_eq!(font_size("0/0 a"), Some(Size::Zero));
        assert_eq!(font_size("bold 0px arial"), Some(Size::Zero));
        assert_eq!(font_size("700 12px/0 arial"), Some(Size::Readable));
        assert_eq!(font_size("inherit"), None);
    }
}
