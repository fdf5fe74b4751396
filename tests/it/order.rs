//! Checks the code against the map of ARCHITECTURE.md: a module uses only modules below it.

use std::fs;
use std::path::Path;

/// The modules of `src/`, from the lowest up. A module may use only those that stand before it.
const ORDER: [&str; 17] = [
    "domain",
    "config",
    "misp",
    "file",
    "mail",
    "indicator",
    "enrich",
    "policy",
    "event",
    "destination",
    "outbox",
    "pipeline",
    "native",
    "listen",
    "install",
    "doctor",
    "cli",
];

fn floor(module: &str) -> Option<usize> {
    ORDER.iter().position(|one| *one == module)
}

/// The code of a file without its tests, which may use every module.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn is_test(path: &Path) -> bool {
    let is = |name: &str| name == "tests" || name == "tests.rs" || name.ends_with("_tests.rs");
    path.iter().any(|part| part.to_str().is_some_and(is))
}

/// The modules that a text of code names by `crate::…`.
fn named(code: &str) -> impl Iterator<Item = &str> {
    let after = code.split("crate::").skip(1);
    after.map(|rest| {
        rest.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
            .unwrap_or_default()
    })
}

/// A line for each use of a module that is not below.
fn faults(module: &str, place: &str, code: &str) -> Vec<String> {
    let own = floor(module);
    let above = |used: &&str| *used != module && floor(used).is_none_or(|used| own.is_none_or(|own| used >= own));
    let told = |used: &str| format!("{place}: `{module}` uses `crate::{used}`, which is not below it");
    named(code).filter(above).map(told).collect()
}

/// Whether code uses all settings instead of the sections that it needs.
fn takes_all_settings(code: &str) -> bool {
    let named = code.split("crate::config::").skip(1);
    let until_end = named.map(|rest| rest.split(';').next().unwrap_or_default());
    until_end
        .flat_map(|names| names.split(|c: char| !c.is_alphanumeric()))
        .any(|name| name == "Settings")
}

#[test]
fn every_module_uses_only_those_below_it() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    let sources = walkdir::WalkDir::new("src").into_iter().map(Result::unwrap);
    for entry in sources.filter(|entry| entry.path().extension().is_some_and(|kind| kind == "rs")) {
        let path = entry.path().strip_prefix("src").unwrap();
        let module = path.iter().next().unwrap().to_str().unwrap();
        // `main.rs` and `lib.rs` name all modules.
        if path.components().count() == 1 || is_test(path) {
            continue;
        }
        seen += 1;
        let code = code_of(entry.path());
        wrong.extend(faults(module, &path.display().to_string(), &code));
        let is_stage = floor("config") < floor(module) && floor(module) < floor("pipeline");
        if is_stage && takes_all_settings(&code) {
            wrong.push(format!("{}: a stage takes all of `Settings`", path.display()));
        }
    }
    assert!(seen > 200, "only {seen} files were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_stage_that_uses_a_later_one_is_found() {
    let code = "use crate::mail::Mail;\nuse crate::policy::{self, Plan};\nuse crate::nowhere::X;";
    let found = faults("indicator", "src/indicator/mod.rs", code);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("crate::policy") && found[1].contains("crate::nowhere"));
    assert!(faults("cli", "src/cli/mod.rs", "use crate::policy::Plan;").is_empty());
    assert!(takes_all_settings("use crate::config::{EventSettings, Settings};"));
    assert!(!takes_all_settings(
        "use crate::config::EventSettings;\nfn f(settings: Settings) {}"
    ));
}

#[test]
fn architecture_names_the_modules_in_this_order() {
    let text = fs::read_to_string("ARCHITECTURE.md").unwrap();
    let map = text
        .split("## Order of the modules")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let rows = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.collect::<Vec<_>>(), ORDER);
}
