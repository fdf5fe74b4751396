//! Whether a reader sees the text at a place of HTML: the open elements, and what styles and attributes make of each.

use std::collections::HashMap;

use super::colour::{self, Colour, Ink};
use super::length::Size;
use super::sheet::Sheet;
use super::style::Style;
use crate::mail::attributes::Attributes;
use crate::mail::element;

/// What a reader sees of a text; the later ones win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    Shown,
    /// Nothing, but there is a gap.
    Blank,
    /// Nothing, and it takes no room: what stands around it is read as one.
    Gone,
}

/// What the elements around a place make of its text.
#[derive(Clone, Copy, Debug)]
struct Sight {
    /// What becomes of everything inside: it is not displayed, or displayed where nobody looks, or see-through.
    all: Seen,
    visible: bool,
    readable: bool,
    /// `None` where it cannot be told.
    fore: Option<Colour>,
    back: Option<Colour>,
}

impl Sight {
    const OPEN: Self = Self {
        all: Seen::Shown,
        visible: true,
        readable: true,
        fore: Some(Colour::BLACK),
        back: Some(Colour::WHITE),
    };

    fn seen(self) -> Seen {
        let drowned = matches!((self.fore, self.back), (Some(fore), Some(back)) if fore.is_like(back));
        if !self.readable {
            Seen::Gone
        } else if !self.visible || drowned {
            self.all.max(Seen::Blank)
        } else {
            self.all
        }
    }

    /// Of an element inside this one.
    fn inside(self, tag: &str, attributes: &Attributes, sheet: &Sheet) -> Self {
        let get = |name| attributes.get(name).unwrap_or_default();
        let style = sheet
            .of(tag, get("class"), get("id"))
            .under(attributes.get("style").map(Style::of).unwrap_or_default());
        let hidden = attributes.has("hidden") && style.displayed != Some(true);
        // Makers of buttons hide a link from Outlook that has another one for it.
        let outlook_hides = style.outlook_hides == Some(true) && tag != "a";
        let all = if hidden || style.displayed == Some(false) || style.is_flat() || outlook_hides {
            Seen::Gone
        } else if style.clear == Some(true) || style.is_off_screen() {
            Seen::Blank
        } else {
            Seen::Shown
        };
        Self {
            all: self.all.max(all),
            visible: style.visible.unwrap_or(self.visible),
            readable: match style.letters {
                Some(size) => size == Size::Readable || size == Size::Relative && self.readable,
                None => self.readable,
            },
            ..self.coloured(tag, attributes, &style)
        }
    }

    fn coloured(self, tag: &str, attributes: &Attributes, style: &Style) -> Self {
        let attribute = |name| attributes.get(name).map(colour::read);
        let fore = style.fore.or_else(|| attribute("color")).or_else(|| attribute("text"));
        let picture = attributes.has("background").then_some(Ink::Unknown);
        let back = picture.or(style.back).or_else(|| attribute("bgcolor"));
        let link = (tag == "a" && attributes.has("href")).then_some(Colour::LINK);
        let back = match back {
            Some(Ink::Solid(colour)) => Some(colour),
            Some(Ink::Unknown) => None,
            Some(Ink::Clear | Ink::Inherited) | None => self.back,
        };
        let fore = match fore {
            Some(Ink::Solid(colour)) => Some(colour),
            // Like its ground, whatever that is.
            Some(Ink::Clear) => {
                return Self {
                    fore: Some(Colour::WHITE),
                    back: Some(Colour::WHITE),
                    ..self
                };
            }
            Some(Ink::Unknown) => None,
            Some(Ink::Inherited) => self.fore,
            None => link.or(self.fore),
        };
        Self { fore, back, ..self }
    }
}

/// The elements that are open.
#[derive(Debug, Default)]
pub(super) struct Elements {
    open: Vec<(u32, Sight)>,
    /// A number for each tag, so that an open element takes little room.
    numbers: HashMap<Box<str>, u32>,
    /// How many of each tag are open, so that an end tag without a start is not looked for.
    counts: Vec<u32>,
    sheet: Sheet,
}

impl Elements {
    /// What a reader sees of the text here.
    pub fn seen(&self) -> Seen {
        self.sight().seen()
    }

    fn sight(&self) -> Sight {
        self.open.last().map_or(Sight::OPEN, |(_, sight)| *sight)
    }

    /// Adds the rules of a style sheet.
    pub fn style(&mut self, sheet: &str) {
        self.sheet.read(sheet);
    }

    /// An element begins.
    pub fn open(&mut self, tag: &str, attributes: &Attributes) {
        self.end_implied(tag);
        let sight = self.sight().inside(tag, attributes, &self.sheet);
        if element::is_void(tag) {
            return;
        }
        let number = self.number(tag);
        self.open.push((number, sight));
        if let Some(count) = self.counts.get_mut(number as usize) {
            *count += 1;
        }
    }

    /// Whether elements here take up room, so that lines end with them. Letters of no size leave the box of a block.
    pub fn have_boxes(&self) -> bool {
        self.sight().all != Seen::Gone
    }

    /// An element ends, and those in it that were not ended. Gives whether it took up room.
    pub fn close(&mut self, tag: &str) -> bool {
        let had_box = self.have_boxes();
        let Some(number) = self.numbers.get(tag).copied() else {
            return had_box;
        };
        if self.counts.get(number as usize).is_none_or(|count| *count == 0) {
            return had_box;
        }
        while let Some((popped, sight)) = self.open.pop() {
            if let Some(count) = self.counts.get_mut(popped as usize) {
                *count -= 1;
            }
            if popped == number {
                return sight.all != Seen::Gone;
            }
        }
        had_box
    }

    /// `<p>`, `<li>`, `<td>` and their like end those of their kind that are innermost.
    fn end_implied(&mut self, tag: &str) {
        let ended = element::ended_by(tag);
        while let Some((innermost, _)) = self.open.last().copied() {
            if !ended.iter().any(|name| self.numbers.get(*name) == Some(&innermost)) {
                return;
            }
            self.open.pop();
            if let Some(count) = self.counts.get_mut(innermost as usize) {
                *count -= 1;
            }
        }
    }

    fn number(&mut self, tag: &str) -> u32 {
        if let Some(number) = self.numbers.get(tag) {
            return *number;
        }
        let number = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(tag.into(), number);
        self.counts.push(0);
        number
    }
}
