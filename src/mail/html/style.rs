//! Declarations of CSS, as far as they decide whether a text is seen.

use std::borrow::Cow;

use super::colour::{self, Ink};
use super::length::{Size, font_size, length, letters, share};

/// What was declared of an element; `None` where nothing was.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Style {
    /// False for `display: none`.
    pub displayed: Option<bool>,
    /// False for `visibility: hidden`.
    pub visible: Option<bool>,
    /// Opacity is zero, or nothing of the element is left to see.
    pub clear: Option<bool>,
    pub letters: Option<Size>,
    /// What does not fit into the element is cut off.
    clips: Option<bool>,
    /// The element has no height.
    low: Option<bool>,
    /// The element has no width. A cell of `max-width: 0` and some width has one.
    narrow: Option<bool>,
    /// It stands where its offsets say.
    placed: Option<bool>,
    /// Its offsets lie outside of any screen.
    far: Option<bool>,
    /// It is moved outside of any screen by itself.
    pub moved_out: Option<bool>,
    /// Outlook does not show it.
    pub outlook_hides: Option<bool>,
    pub fore: Option<Ink>,
    pub back: Option<Ink>,
}

impl Style {
    /// Of the text of a `style` attribute or of a rule.
    pub fn of(text: &str) -> Self {
        let mut style = Self::default();
        each_declaration(text, |name, value| style.declare(name, value));
        style
    }

    /// This one, where the other says nothing.
    pub fn under(self, other: Self) -> Self {
        Self {
            displayed: other.displayed.or(self.displayed),
            visible: other.visible.or(self.visible),
            clear: other.clear.or(self.clear),
            letters: other.letters.or(self.letters),
            clips: other.clips.or(self.clips),
            low: other.low.or(self.low),
            narrow: other.narrow.or(self.narrow),
            placed: other.placed.or(self.placed),
            far: other.far.or(self.far),
            moved_out: other.moved_out.or(self.moved_out),
            outlook_hides: other.outlook_hides.or(self.outlook_hides),
            fore: other.fore.or(self.fore),
            back: other.back.or(self.back),
        }
    }

    /// The colours alone, as unknown ones: of a rule that may or may not fit an element.
    pub fn uncertain(self) -> Self {
        Self {
            fore: self.fore.map(|_| Ink::Unknown),
            back: self.back.map(|_| Ink::Unknown),
            ..Self::default()
        }
    }

    /// The box has no room for its text and cuts it off.
    pub fn is_flat(&self) -> bool {
        self.clips == Some(true) && (self.low == Some(true) || self.narrow == Some(true))
    }

    /// The box stands outside of the screen.
    pub fn is_off_screen(&self) -> bool {
        self.moved_out == Some(true) || self.placed == Some(true) && self.far == Some(true)
    }

    fn declare(&mut self, name: &str, value: &str) {
        match name {
            "display" => self.displayed = Some(value != "none"),
            "visibility" => self.visible = Some(!matches!(value, "hidden" | "collapse")),
            "content-visibility" if value == "hidden" => self.visible = Some(false),
            "opacity" => self.clear = Some(share(value).is_some_and(|share| share <= 0.05)),
            "filter" if contains(value, "opacity(0") || contains(value, "opacity=0") => self.clear = Some(true),
            "font-size" => self.letters = letters(value).or(self.letters),
            "font" => self.letters = font_size(value).or(self.letters),
            "overflow" | "overflow-x" | "overflow-y" => {
                self.clips = Some(contains(value, "hidden") || contains(value, "clip"));
            }
            "height" | "max-height" => {
                let none = length(value).is_some_and(|pixels| pixels <= 1.0);
                self.low = Some(none || self.low == Some(true));
            }
            "width" | "max-width" => {
                let none = length(value).is_some_and(|pixels| pixels <= 1.0);
                self.narrow = Some(none && self.narrow != Some(false));
            }
            "position" => self.placed = Some(!matches!(value, "static" | "inherit")),
            "left" | "right" | "top" | "bottom" => {
                let far = length(value).is_some_and(|pixels| pixels <= -300.0 || pixels >= 3000.0);
                self.far = Some(far || self.far == Some(true));
            }
            "text-indent" if length(value).is_some_and(|pixels| pixels <= -300.0) => self.moved_out = Some(true),
            "margin-left" | "margin-top" if length(value).is_some_and(|pixels| pixels <= -1000.0) => {
                self.moved_out = Some(true);
            }
            "clip" | "clip-path" | "transform" => self.moved_out = Some(is_cut_away(value)),
            "mso-hide" => self.outlook_hides = Some(value == "all"),
            "color" | "-webkit-text-fill-color" => self.fore = Some(colour::read(value)),
            "background-color" => self.back = Some(colour::read(value)),
            "background" | "background-image" => self.back = ground(value).or(self.back),
            _ => {}
        }
    }
}

fn contains(value: &str, word: &str) -> bool {
    memchr::memmem::find(value.as_bytes(), word.as_bytes()).is_some()
}

/// `rect(0,0,0,0)`, `inset(50%)`, `scale(0)`, `translateX(-9999px)`: nothing of it is left, or nothing in sight.
fn is_cut_away(value: &str) -> bool {
    let Some((name, inside)) = value.split_once('(') else {
        return false;
    };
    let mut lengths = inside
        .split([',', ' ', ')'])
        .filter(|word| !word.is_empty())
        .take(4)
        .map(length);
    match name.trim() {
        "rect" => lengths.all(|length| length.is_some_and(|pixels| pixels <= 1.0)),
        "inset" => lengths.next().flatten().is_some_and(|half| half >= 50.0),
        "circle" | "ellipse" | "scale" | "scalex" | "scaley" => lengths.next().flatten() == Some(0.0),
        "translate" | "translatex" | "translatey" | "translate3d" => {
            lengths.any(|length| length.is_some_and(|pixels| pixels <= -300.0))
        }
        _ => false,
    }
}

/// The colour of a `background`; a picture makes it unknown, and `none` says nothing.
fn ground(value: &str) -> Option<Ink> {
    if contains(value, "url(") || contains(value, "gradient") {
        return Some(Ink::Unknown);
    }
    if contains(value, "(") {
        return Some(colour::read(value));
    }
    let inks = value.split_ascii_whitespace().take(10).map(colour::read);
    let inks: Vec<_> = inks.filter(|ink| *ink != Ink::Unknown).collect();
    inks.first().copied()
}

/// Calls `each` with name and value of every declaration, both in lower case. A semicolon inside quotes or brackets ends
/// none.
fn each_declaration(text: &str, mut each: impl FnMut(&str, &str)) {
    let text = &*without_comments(text);
    let mut start = 0;
    let mut quote = None;
    let mut open = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if quote == Some(byte) => quote = None,
            _ if quote.is_some() => {}
            b'"' | b'\'' => quote = Some(byte),
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            b';' if open == 0 => {
                declaration(text.get(start..at).unwrap_or_default(), &mut each);
                start = at + 1;
            }
            _ => {}
        }
    }
    declaration(text.get(start..).unwrap_or_default(), &mut each);
}

fn declaration(text: &str, each: &mut impl FnMut(&str, &str)) {
    let Some((name, value)) = text.split_once(':') else {
        return;
    };
    let name = in_lower_case(name.trim());
    let value = value.split('!').next().unwrap_or_default().trim();
    // What is longer says nothing that is asked for here.
    let value = value.get(..value.floor_char_boundary(400)).unwrap_or_default();
    each(&name, &in_lower_case(value));
}

fn in_lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        text.to_ascii_lowercase().into()
    } else {
        text.into()
    }
}

fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_say_what_hides() {
        let style = Style::of("DISPLAY : none !important; opacity:0.0; /* x; */ visibility:hidden; mso-hide: all");
        assert_eq!(
            (style.displayed, style.visible, style.clear, style.outlook_hides),
            (Some(false), Some(false), Some(true), Some(true))
        );
        assert!(Style::of("max-height:0px;overflow:hidden").is_flat());
        assert!(Style::of("width:0;overflow:hidden").is_flat());
        assert!(!Style::of("max-width:0;width:100%;overflow:hidden").is_flat());
        assert!(!Style::of("max-height:0").is_flat());
        assert!(!Style::of("height:10px;overflow:hidden").is_flat());
    }

    #[test]
    fn a_semicolon_in_an_address_ends_no_declaration() {
        assert_eq!(Style::of("background:url(data:x;display:none)").displayed, None);
        assert_eq!(Style::of("font-family:'a;display:none'").displayed, None);
    }

    #[test]
    fn a_box_is_in_sight_or_not() {
        let out = [
            "position:absolute;left:-9999px",
            "top:-50em;position:fixed",
            "text-indent:-999em",
            "margin-left:-5000px",
            "position:absolute;clip:rect(0 0 0 0)",
            "clip:rect(1px, 1px, 1px, 1px)",
            "clip-path:inset(50%)",
            "transform:scale(0)",
            "transform:translateX(-9999px)",
        ];
        for text in out {
            assert!(Style::of(text).is_off_screen(), "{text}");
        }
        let in_sight = [
            "left:-9999px",
            "position:absolute;left:-10px",
            "text-indent:-20px",
            "transform:scale(1)",
            "clip:auto",
            "margin-left:-15px",
        ];
        for text in in_sight {
            assert!(!Style::of(text).is_off_screen(), "{text}");
        }
    }
}
