//! Checks the code against the map of ARCHITECTURE.md: a module uses only modules below it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of `src/`, from the lowest up. A module may use only those that stand before it.
const ORDER: [&str; 20] = [
    "faults",
    "domain",
    "config",
    "misp",
    "file",
    "mail",
    "contents",
    "indicator",
    "privacy",
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

/// The names that a file takes from the folder or module around it: `super::a::…`, and the first words inside `super::{…}`.
fn taken_from_around(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    // What stands further out is not beside it.
    let code = code.replace("super::super::super::", "").replace("super::super::", "");
    for rest in code.split("super::").skip(1) {
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(first_word(rest));
            continue;
        };
        let mut depth = 0;
        let inside = group.chars().map_while(|c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            (depth >= 0).then_some(if depth > 0 && c == ',' { ' ' } else { c })
        });
        names.extend(inside.collect::<String>().split(',').map(first_word));
    }
    names
}

fn first_word(text: &str) -> String {
    let word = text.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_');
    word.map(str::to_owned).next().unwrap_or_default()
}

/// The files, or modules with a folder, beside one another that need each other.
fn circles(files: &[(PathBuf, String)]) -> Vec<String> {
    let takes: BTreeMap<PathBuf, BTreeSet<String>> = files.iter().fold(BTreeMap::new(), |mut all, (path, code)| {
        let module = if path.ends_with("mod.rs") {
            path.parent().unwrap()
        } else {
            path
        };
        all.entry(module.with_extension(""))
            .or_insert_with(|| taken_from_around(code));
        all
    });
    let stem = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let needs = |one: &Path, other: &Path| takes[one].contains(&stem(other));
    let pairs = takes.keys().flat_map(|one| takes.keys().map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| one < other && one.parent() == other.parent() && needs(one, other) && needs(other, one))
        .map(|(one, other)| format!("{} and {} need each other", one.display(), other.display()))
        .collect()
}

#[test]
fn no_two_files_beside_one_another_need_each_other() {
    let sources = walkdir::WalkDir::new("src").into_iter().map(Result::unwrap);
    let files: Vec<(PathBuf, String)> = sources
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs") && !is_test(path))
        .map(|path| (path.clone(), code_of(&path)))
        .collect();
    let found = circles(&files);
    assert!(files.len() > 200 && found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_that_need_each_other_are_found() {
    let file = |path: &str, code: &str| (PathBuf::from(path), code.to_owned());
    let one = file("src/mail/a.rs", "use super::b::B;");
    for other in [
        "use super::{\n    c::{D, E},\n    a::A,\n};",
        "fn f() { super::a::g() }",
    ] {
        assert_eq!(
            circles(&[one.clone(), file("src/mail/b.rs", other)]).len(),
            1,
            "{other}"
        );
        assert_eq!(
            circles(&[one.clone(), file("src/mail/b/mod.rs", other)]).len(),
            1,
            "{other}"
        );
        assert!(circles(&[one.clone(), file("src/file/b.rs", other)]).is_empty());
    }
    for other in ["use super::c::{D, a};", "use super::super::a::A;"] {
        assert!(
            circles(&[one.clone(), file("src/mail/b.rs", other)]).is_empty(),
            "{other}"
        );
    }
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
