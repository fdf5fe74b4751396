//! Files that are embedded in a document: packages, and whole documents.

use super::store::Store;
use crate::contents::readers::office::bytes::{Bytes, decode};
use crate::contents::{Inside, Trouble};

/// Hands over the embedded files of a compound file.
pub fn read(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    for path in store.named("\u{1}Ole10Native") {
        inside.may_hold_files()?;
        let bytes = store.stream(&path, inside)?;
        let inner = bytes.get(4..).unwrap_or_default();
        native(inner, inside)?;
    }
    for path in store.named("Package") {
        inside.may_hold_files()?;
        let bytes = store.stream(&path, inside)?;
        inside.file(None, bytes)?;
    }
    // Links of an object to a file elsewhere, as the moniker writes it.
    for name in ["\u{1}Ole", "\u{3}LinkInfo"] {
        for path in store.named(name) {
            let bytes = store.stream(&path, inside)?;
            crate::contents::readers::office::moniker::read(&bytes, "object", crate::mail::LinkKind::Refresh, inside);
        }
    }
    Ok(())
}

/// Hands over the file of a package: after two bytes its name, where it came from, its length and its bytes. Other native data, such
/// as an equation, is read as it is.
pub fn native(bytes: &[u8], inside: &mut Inside<'_>) -> Result<(), Trouble> {
    let Some((name, content)) = package(bytes) else {
        inside.may_hold_files()?;
        inside.claim(bytes.len())?;
        inside.part(Some("native"), bytes.to_vec())?;
        return Ok(());
    };
    inside.may_hold_files()?;
    inside.claim(content.len())?;
    inside.file(Some(&name), content.to_vec())?;
    Ok(())
}

fn package(bytes: &[u8]) -> Option<(String, &[u8])> {
    let mut rest = Bytes(bytes);
    (rest.u16()? == 2).then_some(())?;
    let label = rest.until_zero()?;
    let origin = rest.until_zero()?;
    rest.take(4)?;
    let length = rest.length()?;
    let copied_to = rest.take(length)?;
    let length = rest.length()?;
    // One that is cut off gives what is there.
    let content = rest.0.get(..length).unwrap_or(rest.0);
    let copied_to = copied_to.split(|b| *b == 0).next().unwrap_or_default();
    let name = [label, origin, copied_to].into_iter().find(|name| !name.is_empty());
    Some((decode(name.unwrap_or_default(), 1252), content))
}
