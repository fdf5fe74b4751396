//! Makes the enums of `protocol/codes.json` and constants of the tables in `data/`, and packs `extension/src/` and `extension/companion/`
//! into the XPIs that the binary carries. The same sources give the same bytes on every machine: names are sorted, times and permissions
//! are fixed.

mod codes;
mod tables;

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What is zipped, below the crate's folder, and into what.
const EXTENSIONS: [(&str, &str); 2] = [
    (SPEAKING, "mispigeon.xpi"),
    ("extension/companion", "mispigeon-filter.xpi"),
];

/// The extension whose messages get the wordings of all codes.
const SPEAKING: &str = "extension/src";

/// The codes of what is said to people. The extension words them from the same file.
const CODES: &str = "protocol/codes.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build");
    println!("cargo:rerun-if-changed={CODES}");
    let codes = fs::read_to_string(CODES)?;
    let enums = codes::enums(&codes)?;
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("codes.rs"), enums)?;
    for (folder, name) in EXTENSIONS {
        println!("cargo:rerun-if-changed={folder}");
        let sources = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join(folder);
        let xpi = PathBuf::from(variable("OUT_DIR")?).join(name);
        let files = files_below(&sources)?;
        if !files.iter().any(|name| name == "manifest.json") {
            return Err(format!(
                "{}: manifest.json is missing, so this is no extension",
                sources.display()
            )
            .into());
        }
        pack(&sources, &files, (folder == SPEAKING).then_some(&codes), &xpi)?;
    }
    tables::write(
        &PathBuf::from(variable("CARGO_MANIFEST_DIR")?),
        &PathBuf::from(variable("OUT_DIR")?),
    )?;
    Ok(())
}

fn variable(name: &str) -> Result<std::ffi::OsString, String> {
    std::env::var_os(name).ok_or_else(|| format!("{name} is not set; cargo sets it"))
}

/// Names of all files below `root` but hidden ones and an editor's backups, sorted, with `/` between their parts.
fn files_below(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).map_err(|error| format!("{}: {error}", root.display()))? {
            let entry = entry?;
            let file_name = entry.file_name();
            let name = file_name
                .to_str()
                .ok_or_else(|| format!("{}: not a Unicode name", entry.path().display()))?;
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(format!("{folder}{name}/"));
            } else {
                names.push(format!("{folder}{name}"));
            }
        }
    }
    names.sort();
    Ok(names)
}

fn pack(root: &Path, names: &[String], codes: Option<&String>, xpi: &Path) -> Result<(), Box<dyn Error>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
    for name in names {
        archive.start_file(name.as_str(), options)?;
        let bytes = fs::read(root.join(name))?;
        let language = name
            .strip_prefix("_locales/")
            .and_then(|name| name.strip_suffix("/messages.json"));
        archive.write_all(&match codes.zip(language) {
            Some((codes, language)) => codes::worded(&bytes, codes, language)?,
            None => bytes,
        })?;
    }
    let bytes = archive.finish()?.into_inner();
    File::create(xpi)?.write_all(&bytes)?;
    Ok(())
}
