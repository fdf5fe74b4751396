//! Finds the indicators of what stands in attached files.

use std::sync::Arc;

use super::finds::Finds;
use super::scan::Scan;
use super::{Indicator, code, link, read_asides, run, stated};
use crate::config::TextSettings;
use crate::contents::{Contents, Opened, Piece, What};
use crate::domain::{FoundAs, Remark};
use crate::mail::Link;

/// Finds the indicators of everything that was read in the attached files that are `wanted`, in the order of [`Contents::files`],
/// nothing twice.
pub fn in_contents(contents: &Contents, options: &TextSettings, wanted: impl Fn(&Opened) -> bool) -> Finds {
    let mut found = Finds::within(options.max_indicators);
    for piece in &contents.in_bodies {
        let in_piece = in_piece(&Arc::from(&*piece.place), piece, options, found.beside());
        found.append(in_piece);
    }
    // Each piece by itself: the words of its links are looked for in its own text only.
    for file in contents.files.iter().filter(|file| wanted(file)) {
        for piece in &file.pieces {
            let in_piece = in_piece(&Arc::from(file.part(piece)), piece, options, found.beside());
            found.append(in_piece);
        }
    }
    found.list().iter_mut().for_each(say_where);
    found
}

fn in_piece(part: &Arc<str>, piece: &Piece, options: &TextSettings, mut found: Finds) -> Finds {
    match &piece.what {
        What::Text { text, found_as } => run(Scan::new(text, part, options, &mut found).found_as(*found_as)),
        What::Table(text) => {
            run(Scan::new(text, part, options, &mut found)
                .found_as(FoundAs::Attachment)
                .with_fields(true));
        }
        What::Page(body) => {
            run(Scan::new(&body.text, part, options, &mut found).found_as(FoundAs::Attachment));
            read_asides(body, part, options, &mut found);
            let links: Vec<&Link> = body.links.iter().collect();
            return link::read_into(&links, part, part, options, found);
        }
        What::Links(links) => {
            let links: Vec<&Link> = links.iter().collect();
            return link::read_into(&links, part, part, options, found);
        }
        What::Stated(list) => stated::read_into(list, part, options, &mut found),
        What::Code(code) => {
            for text in code::texts(&code.text) {
                run(Scan::new(&text, part, options, &mut found).found_as(FoundAs::Code));
            }
        }
    }
    found
}

/// What stands in a file inside another, or at a place of a long one, says so in its comment.
fn say_where(find: &mut Indicator) {
    let place = find.place.part.strip_prefix("attachment ").unwrap_or_default();
    if place.contains(" > ") || place.contains(", ") {
        // There may be one in each find, and a list that grows makes room for four.
        find.remarks.reserve_exact(1);
        find.remarks.push(Remark::FoundInside {
            place: place.to_owned(),
        });
    }
}
