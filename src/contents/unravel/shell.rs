//! What shells of Windows read over: carets and backticks inside words, and `%name%` for what was set before.

use std::collections::HashMap;

/// Most names that are kept.
const NAMES: usize = 1000;

/// The text as a shell reads it; `None` when that is how it is written.
pub(super) fn plain(source: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '^' | '`');
    let sets = source.contains('%') && (source.contains("set ") || source.contains("SET ") || source.contains("Set "));
    if !source.contains(is_mark) && !sets {
        return None;
    }
    let marks: String = source.chars().filter(|c| !is_mark(*c)).collect();
    let plain = if sets { with_names(&marks) } else { marks };
    (plain != source).then_some(plain)
}

/// A batch file with the values of its names.
fn with_names(source: &str) -> String {
    let mut names: HashMap<String, String> = HashMap::new();
    let mut room = source.len().saturating_mul(2).saturating_add(1 << 16);
    let mut out = String::with_capacity(source.len());
    for line in source.lines() {
        let line = expanded(line, &names, &mut room);
        for command in line.split('&') {
            if let Some((name, value)) = setting(command)
                && names.len() < NAMES
            {
                names.insert(name, value);
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// `set a=b`, `set "a=b"`
fn setting(command: &str) -> Option<(String, String)> {
    let command = command.trim_start_matches(['@', ' ', '\t', '(']);
    let word = command.get(..4)?;
    if !word.eq_ignore_ascii_case("set ") {
        return None;
    }
    let rest = command.get(4..)?.trim_start();
    let rest = rest
        .strip_prefix('"')
        .map_or(rest, |rest| rest.trim_end().trim_end_matches('"'));
    let (name, value) = rest.split_once('=')?;
    (!name.is_empty() && name.len() <= 64).then(|| (name.trim().to_lowercase(), value.to_owned()))
}

fn expanded(line: &str, names: &HashMap<String, String>, room: &mut usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let end = after.find('%').filter(|end| *end <= 64);
        let name = end.and_then(|end| after.get(..end));
        let value = name.and_then(|name| names.get(&name.to_lowercase()));
        match (value, end) {
            (Some(value), Some(end)) if value.len() <= *room => {
                *room -= value.len();
                out.push_str(value);
                rest = after.get(end + 1..).unwrap_or_default();
            }
            _ => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
