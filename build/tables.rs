//! Makes a constant of each table in `data/`, in the format that `data/README.md` describes.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Reads `data/*.tsv` of the crate and writes a file of Rust for each.
pub fn write(root: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=data");
    for entry in fs::read_dir(root.join("data"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(table) = name.strip_suffix(".tsv") else {
            continue;
        };
        let constant = constant_of(&fs::read_to_string(&path)?).map_err(|error| format!("data/{name}: {error}"))?;
        fs::write(out.join(format!("{table}.rs")), constant)?;
    }
    Ok(())
}

/// A table as a Rust array of the columns before `source`; each row is an array or, with one column, a text. The columns
/// from `source` on are for people and tests, and are not in the binary.
fn constant_of(table: &str) -> Result<String, String> {
    let mut lines = table.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
    let (header, _) = lines.next().ok_or("it has no line with the names of its columns")?;
    let names: Vec<&str> = header.split('\t').collect();
    let compiled = names
        .iter()
        .position(|name| *name == "source")
        .ok_or("it has no column `source`")?;
    if !names.contains(&"example") {
        return Err("it has no column `example`".to_owned());
    }
    let row = |(line, number): (&str, usize)| {
        let cells: Vec<&str> = line.split('\t').collect();
        if cells.len() != names.len() || cells.iter().any(|cell| cell.trim().is_empty()) {
            let wanted = names.len();
            return Err(format!(
                "line {number}: not {wanted} filled cells, each parted from the next by one tab"
            ));
        }
        Ok(match cells.get(..compiled).unwrap_or_default() {
            [cell] => format!("{cell:?},"),
            cells => format!("{cells:?},"),
        })
    };
    let rows = lines.map(row).collect::<Result<String, String>>()?;
    Ok(format!("&[{rows}]"))
}
