//! The tables of `data/` for tests, with sources and examples. The program has only the other columns, which
//! `build/tables.rs` compiles in.

use std::collections::HashMap;

/// The rows of a table. A row has its cells by the names of the columns.
///
/// # Panics
/// When there is no such table.
pub fn rows(table: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(format!("data/{table}.tsv")).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let row = |line: &str| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(line.split('\t').map(str::to_owned))
            .collect()
    };
    let rows: Vec<_> = lines.map(row).collect();
    assert!(!rows.is_empty(), "{table} has no rows");
    rows
}
