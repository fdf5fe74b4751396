//! Macros (MS-OVBA): their text is unpacked and read, never run.

mod unpack;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::store::Store;
use crate::contents::readers::office::bytes::{Bytes, decode};
use crate::contents::readers::office::formula;
use crate::contents::{Inside, Stop, Trouble};
use unpack::unpack;

/// Every module that is not told by the directory begins so when it is unpacked, with a byte of flags after eight letters.
const BEGIN: &[u8] = b"\0Attribut\0e ";

/// Projects in one file, of which more are not read.
const MOST_PROJECTS: usize = 16;

/// Hands over the text of each module, and the strings that it puts together.
pub fn read(store: &mut Store<'_>, inside: &mut Inside<'_>) -> Result<(), Trouble> {
    for path in store.named("dir").into_iter().take(MOST_PROJECTS) {
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let packed = store.stream(&path, inside)?;
        let directory = unpack(&packed, inside)?;
        let (modules, code_page) = modules(&directory);
        let mut known = HashSet::new();
        for module in modules {
            let path = folder.join(&module.stream);
            let Ok(packed) = keep_stop(store.stream(&path, inside))? else {
                continue;
            };
            let text = unpack(packed.get(module.offset..).unwrap_or_default(), inside)?;
            if !text.is_empty() {
                known.insert(path);
                hand_over(&module.name, &decode(&text, code_page), inside);
            }
        }
        rest(store, &folder, &known, code_page, inside)?;
    }
    Ok(())
}

fn keep_stop(outcome: Result<Vec<u8>, Trouble>) -> Result<Result<Vec<u8>, ()>, Stop> {
    match outcome {
        Err(Trouble::Stopped(stop)) => Err(stop),
        other => Ok(other.map_err(drop)),
    }
}

/// Modules that the directory keeps silent about, or tells wrong.
fn rest(
    store: &mut Store<'_>,
    folder: &Path,
    known: &HashSet<PathBuf>,
    code_page: u16,
    inside: &mut Inside<'_>,
) -> Result<(), Trouble> {
    let is_rest = |path: &&PathBuf| path.parent() == Some(folder) && !known.contains(*path);
    let others: Vec<_> = store.paths().iter().filter(is_rest).cloned().collect();
    for path in others {
        let Ok(packed) = keep_stop(store.stream(&path, inside))? else {
            continue;
        };
        let begin = memmem::find(&packed, BEGIN).and_then(|at| at.checked_sub(3));
        if let Some(packed) = begin.and_then(|at| packed.get(at..)) {
            let text = unpack(packed, inside)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            hand_over(&name, &decode(&text, code_page), inside);
        }
    }
    Ok(())
}

fn hand_over(name: &str, source: &str, inside: &mut Inside<'_>) {
    // What the editor keeps about a module is nothing that anybody wrote.
    let lines = source.lines().filter(|line| !line.starts_with("Attribute VB_"));
    let source: String = lines.flat_map(|line| [line, "\n"]).collect();
    formula::program(inside, &format!("macro {name}"), &source);
}

struct Module {
    name: String,
    stream: String,
    offset: usize,
}

/// The modules that a directory tells, and the code page of their texts.
fn modules(directory: &[u8]) -> (Vec<Module>, u16) {
    const MOST: usize = 4096;
    let mut rest = Bytes(directory);
    let mut code_page = 1252;
    let mut modules: Vec<Module> = Vec::new();
    while let (Some(kind), Some(length)) = (rest.u16(), rest.length()) {
        // The record of the version says four and has six.
        let length = if kind == 0x09 { 6 } else { length };
        let Some(data) = rest.take(length) else { break };
        let is_full = modules.len() >= MOST;
        match (kind, modules.last_mut()) {
            (0x03, _) => code_page = Bytes(data).u16().unwrap_or(code_page),
            (0x19, _) if !is_full => {
                let name = decode(data, code_page);
                modules.push(Module {
                    stream: name.clone(),
                    name,
                    offset: 0,
                });
            }
            (0x1a, Some(module)) => module.stream = decode(data, code_page),
            (0x31, Some(module)) => module.offset = Bytes(data).length().unwrap_or(0),
            _ => {}
        }
    }
    (modules, code_page)
}
