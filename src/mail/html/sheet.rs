//! Style sheets of a mail: what their rules say of a class, an id or a kind of element. Rules inside `@media` and the like are
//! left out, because they hold for some screens only. Rules for elements inside others may or may not fit; of those only that
//! they set a colour is kept. Linear.

use std::collections::HashMap;

use super::style::Style;

/// Styles by selector: `.class`, `#id`, `tag` and `tag.class`.
#[derive(Debug, Default)]
pub(super) struct Sheet(HashMap<Box<str>, Style>);

impl Sheet {
    /// Adds the rules of a style sheet.
    pub fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some((head, after)) = rest.split_once('{') {
            let head = head.rsplit([';', '}']).next().unwrap_or_default();
            let head = head.rsplit("*/").next().unwrap_or_default();
            let head = head.trim().trim_start_matches("<!--").trim();
            if head.starts_with('@') {
                rest = after_block(after);
                continue;
            }
            let (body, after) = after.split_once('}').unwrap_or((after, ""));
            self.rule(head, body);
            rest = after;
        }
    }

    fn rule(&mut self, selectors: &str, body: &str) {
        let style = Style::of(body);
        if style == Style::default() {
            return;
        }
        for selector in selectors.split(',').map(str::trim) {
            let last = selector.rsplit([' ', '>', '+', '~']).next().unwrap_or_default();
            let plain = last.split([':', '[']).next().unwrap_or_default();
            let is_simple = plain.len() == selector.len() && plain.matches(['.', '#']).count() <= 1;
            // A whole mail that is hidden is shown by its program, as that of AMP does.
            if plain.is_empty() || matches!(plain, "body" | "html" | "*") {
                continue;
            }
            if is_simple {
                self.add(plain, style);
            } else {
                parts(plain).for_each(|part| self.add(part, style.uncertain()));
            }
        }
    }

    fn add(&mut self, selector: &str, style: Style) {
        let known = self.0.entry(selector.to_ascii_lowercase().into()).or_default();
        *known = known.under(style);
    }

    /// What the sheets say of an element.
    pub fn of(&self, tag: &str, class: &str, id: &str) -> Style {
        if self.0.is_empty() {
            return Style::default();
        }
        let mut style = self.get(tag);
        for class in class.split_ascii_whitespace() {
            let class = class.to_ascii_lowercase();
            style = style.under(self.get(&format!(".{class}")));
            style = style.under(self.get(&format!("{tag}.{class}")));
        }
        if !id.is_empty() {
            style = style.under(self.get(&format!("#{}", id.to_ascii_lowercase())));
        }
        style
    }

    fn get(&self, selector: &str) -> Style {
        self.0.get(selector).copied().unwrap_or_default()
    }
}

/// `td.a.b` as `td`, `.a`, `.b`: an element without class is meant by its tag alone.
fn parts(compound: &str) -> impl Iterator<Item = &str> {
    let bounds = compound.match_indices(['.', '#']).map(|(at, _)| at);
    let ends = compound
        .match_indices(['.', '#'])
        .map(|(at, _)| at)
        .skip(1)
        .chain(std::iter::once(compound.len()));
    let classes = bounds.zip(ends).filter_map(|(start, end)| compound.get(start..end));
    let tag = Some(compound).filter(|compound| !compound.contains(['.', '#']));
    classes.chain(tag)
}

/// What follows the `}` that closes a block.
fn after_block(text: &str) -> &str {
    let mut open = 1_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return text.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Sheet {
        let mut sheet = Sheet::default();
        sheet.read(text);
        sheet
    }

    #[test]
    fn a_rule_holds_for_its_elements() {
        let sheet = sheet(
            "<!-- /* c */ .a, td.b{display:none} @import url(x); #i{opacity:0} @media print{.c{display:none}} .d .e{display:none;background:#000} -->",
        );
        assert_eq!(sheet.of("p", "x a", "").displayed, Some(false));
        assert_eq!(sheet.of("td", "b", "").displayed, Some(false));
        assert_eq!(sheet.of("p", "b", "").displayed, None);
        assert_eq!(sheet.of("p", "", "I").clear, Some(true));
        assert_eq!(sheet.of("p", "c", ""), Style::default());
        assert_eq!(sheet.of("p", "e", "").displayed, None);
        assert!(sheet.of("p", "e", "").back.is_some());
    }

    #[test]
    fn the_whole_mail_is_not_hidden_by_a_rule() {
        let amp = sheet("body{visibility:hidden} @keyframes x{from{opacity:0}to{opacity:1}}");
        assert_eq!(amp.of("body", "", ""), Style::default());
    }
}
