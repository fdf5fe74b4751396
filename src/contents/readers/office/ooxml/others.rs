//! Parts that load or run something: connections to data, links to other workbooks, web queries, merged mail.

use crate::contents::readers::office::external;
use crate::contents::readers::office::xml::{Node, Tag, walk};
use crate::contents::{Inside, Trouble};
use crate::mail::LinkKind;

/// Hands over what a part of settings loads or runs.
pub fn read(name: &str, bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let file = name.rsplit('/').next().unwrap_or_default();
    let place = file.split('.').next().unwrap_or_default().to_owned();
    walk(bytes, inside, &mut |node, inside| {
        if let Node::Open(tag) = node {
            setting(&tag, &place, inside);
        }
        Ok(())
    })
}

fn setting(tag: &Tag<'_>, place: &str, inside: &mut Inside<'_>) {
    match tag.name() {
        "webPr" => {
            for name in ["url", "post", "editPage"] {
                if let Some(target) = tag.attribute(name) {
                    external::target(inside, place, &target, "", LinkKind::Refresh);
                }
            }
        }
        "dbPr" => {
            for name in ["connection", "command", "serverCommand"] {
                inside.script(place, tag.attribute(name).unwrap_or_default());
            }
        }
        "connectString" | "query" => inside.script(place, tag.attribute("val").unwrap_or_default()),
        "ddeLink" => {
            let service = tag.attribute("ddeService").unwrap_or_default();
            let topic = tag.attribute("ddeTopic").unwrap_or_default();
            inside.script(place, format!("{service} {topic}"));
        }
        // A value of a control, such as the address of a page that it shows.
        "ocxPr" => {
            let value = tag.attribute("value").unwrap_or_default();
            external::target(inside, place, &value, "", LinkKind::Resource);
        }
        _ => {}
    }
}
