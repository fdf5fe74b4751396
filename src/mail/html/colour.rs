//! Colours of HTML and CSS, as far as it takes to see that a text has the colour of its ground.

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

/// What a word of CSS says of a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Solid(Colour),
    /// Nothing of it is seen.
    Clear,
    /// That of the element around it.
    Inherited,
    /// A colour that cannot be told from the mail alone.
    Unknown,
}

/// The names that mails use; of another one nothing is said.
const NAMED: [(&str, [u8; 3]); 22] = [
    ("aqua", [0, 255, 255]),
    ("black", [0, 0, 0]),
    ("blue", [0, 0, 255]),
    ("fuchsia", [255, 0, 255]),
    ("gainsboro", [220, 220, 220]),
    ("ghostwhite", [248, 248, 255]),
    ("gray", [128, 128, 128]),
    ("green", [0, 128, 0]),
    ("grey", [128, 128, 128]),
    ("ivory", [255, 255, 240]),
    ("lime", [0, 255, 0]),
    ("maroon", [128, 0, 0]),
    ("navy", [0, 0, 128]),
    ("olive", [128, 128, 0]),
    ("orange", [255, 165, 0]),
    ("purple", [128, 0, 128]),
    ("red", [255, 0, 0]),
    ("silver", [192, 192, 192]),
    ("snow", [255, 250, 250]),
    ("white", [255, 255, 255]),
    ("whitesmoke", [245, 245, 245]),
    ("yellow", [255, 255, 0]),
];

impl Colour {
    pub const WHITE: Self = Self([255, 255, 255]);
    pub const BLACK: Self = Self([0, 0, 0]);
    /// What browsers give a link.
    pub const LINK: Self = Self([0, 0, 238]);

    pub fn brightness(self) -> u8 {
        let Self([red, green, blue]) = self;
        let sum = u32::from(red) * 77 + u32::from(green) * 150 + u32::from(blue) * 29;
        u8::try_from(sum >> 8).unwrap_or(u8::MAX)
    }

    /// Whether an eye cannot tell the two apart.
    pub fn is_like(self, other: Self) -> bool {
        let Self(one) = self;
        let Self(two) = other;
        one.iter().zip(two).all(|(one, two)| one.abs_diff(two) <= 10)
    }
}

/// Reads one colour, as an attribute or a declaration has it.
pub(super) fn read(written: &str) -> Ink {
    let written = written.trim().to_ascii_lowercase();
    if let Some(digits) = written.strip_prefix('#') {
        return hexadecimal(digits);
    }
    if let Some((_, inside)) = written.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        let is_rgb = written.starts_with("rgb(") || written.starts_with("rgba(");
        return if is_rgb { channels(inside) } else { Ink::Unknown };
    }
    match written.as_str() {
        "transparent" => Ink::Clear,
        "inherit" | "currentcolor" | "unset" => Ink::Inherited,
        // Attributes may leave the `#` out.
        _ if written.len() == 6 && written.bytes().all(|byte| byte.is_ascii_hexdigit()) => hexadecimal(&written),
        name => {
            let named = NAMED.iter().find(|(known, _)| *known == name);
            named.map_or(Ink::Unknown, |(_, colour)| Ink::Solid(Colour(*colour)))
        }
    }
}

/// `fff`, `ffffff`, and both with a fourth channel.
fn hexadecimal(digits: &str) -> Ink {
    let values: Option<Vec<u8>> = digits
        .chars()
        .take(9)
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    let values = values.unwrap_or_default();
    let (channels, opacity) = match values.as_slice() {
        [r, g, b] => ([r * 17, g * 17, b * 17], 255),
        [r, g, b, a] => ([r * 17, g * 17, b * 17], a * 17),
        [r1, r2, g1, g2, b1, b2] => ([r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2], 255),
        [r1, r2, g1, g2, b1, b2, a1, a2] => ([r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2], a1 * 16 + a2),
        _ => return Ink::Unknown,
    };
    if opacity <= 12 {
        Ink::Clear
    } else {
        Ink::Solid(Colour(channels))
    }
}

/// `255, 255, 255`, `255 255 255 / 0`, `100%, 100%, 100%, 0.5`.
fn channels(inside: &str) -> Ink {
    let words = inside.split([',', ' ', '/']).filter(|word| !word.is_empty()).take(5);
    let numbers: Option<Vec<f32>> = words
        .enumerate()
        .map(|(at, word)| {
            let percent = word.strip_suffix('%');
            let number: f32 = percent.unwrap_or(word).parse().ok()?;
            let whole = if at == 3 { 1.0 } else { 255.0 };
            Some(if percent.is_some() {
                number * whole / 100.0
            } else {
                number
            })
        })
        .collect();
    match numbers.unwrap_or_default().as_slice() {
        [_, _, _, opacity] if *opacity <= 0.05 => Ink::Clear,
        [r, g, b, ..] => Ink::Solid(Colour([*r, *g, *b].map(channel))),
        _ => Ink::Unknown,
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn channel(number: f32) -> u8 {
    // Clamped to what a byte holds; a number that is none becomes 0.
    number.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_read_however_it_is_written() {
        let white = Ink::Solid(Colour::WHITE);
        let facts = [
            ("#fff", white),
            ("#FFFFFF", white),
            ("ffffff", white),
            (" White ", white),
            ("rgb(255, 255, 255)", white),
            ("rgb(100% 100% 100%)", white),
            ("rgba(255,255,255,1)", white),
            ("#000", Ink::Solid(Colour::BLACK)),
            ("rgba(0,0,0,0)", Ink::Clear),
            ("rgb(0 0 0 / 0%)", Ink::Clear),
            ("#0000", Ink::Clear),
            ("transparent", Ink::Clear),
            ("inherit", Ink::Inherited),
            ("var(--x)", Ink::Unknown),
            ("hsl(0, 0%, 100%)", Ink::Unknown),
            ("#12", Ink::Unknown),
            ("", Ink::Unknown),
        ];
        for (written, ink) in facts {
            assert_eq!(read(written), ink, "{written}");
        }
    }

    #[test]
    fn colours_that_an_eye_cannot_tell_apart_are_alike() {
        assert!(Colour([255, 255, 255]).is_like(Colour([250, 250, 250])));
        assert!(!Colour([255, 255, 255]).is_like(Colour([240, 240, 240])));
    }
}
