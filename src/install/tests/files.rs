//! Text files of ours: those that come and go, those that a person has changed, and a plan that fails half-way.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Change, InstallError, Plan, Scope, Signed, Step, carry_out, undo};
use super::{Keys, linux};

fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        steps,
        ..Plan::thunderbird(&linux(), Scope::System, false)
    }
}

fn file(path: PathBuf, text: &str) -> Step {
    Step::File {
        path,
        text: Signed::new("#", text),
        owner: None,
    }
}

fn install(plan: &Plan) -> Result<Vec<Change>, InstallError> {
    let changes = carry_out(plan, &Keys::default().machine(), false)?;
    Ok(changes.into_iter().map(|(_, change)| change).collect())
}

fn uninstall(plan: &Plan) -> Vec<Change> {
    let changes = undo(plan, &Keys::default().machine(), false).unwrap();
    changes.into_iter().map(|(_, change)| change).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_comes_is_renewed_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unit");
    let old = plan(vec![file(path.clone(), "old\n")]);
    let new = plan(vec![file(path.clone(), "new\n")]);
    assert_eq!(install(&old).unwrap(), [Change::Written]);
    assert_eq!(install(&old).unwrap(), [Change::Unchanged]);
    assert!(matches!(install(&new).unwrap()[..], [Change::Replaced(_)]));
    assert!(fs::read_to_string(&path).unwrap().ends_with("\nnew\n"));
    // Whatever version wrote it.
    assert_eq!(uninstall(&old), [Change::Removed]);
    assert_eq!(uninstall(&old), [Change::Absent]);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn what_a_person_has_changed_or_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unit");
    let plan = plan(vec![
        file(folder.path().join("first"), "1\n"),
        file(path.clone(), "text\n"),
    ]);
    install(&plan).unwrap();
    let edited = fs::read_to_string(&path).unwrap() + "and more\n";
    for (text, reason) in [
        (edited.as_str(), "it was changed after"),
        ("by hand\n", "it was not written by"),
    ] {
        fs::write(&path, text).unwrap();
        fs::remove_file(folder.path().join("first")).unwrap();
        let error = install(&plan).unwrap_err().to_string();
        assert!(
            error.starts_with(path.to_str().unwrap())
                && error.contains(reason)
                && error.contains("nothing was changed"),
            "{error}"
        );
        assert_eq!(names(folder.path()), ["unit"], "nothing was changed");
        fs::write(folder.path().join("first"), Signed::new("#", "1\n").as_str()).unwrap();
        let undone = uninstall(&plan);
        assert!(
            matches!(&undone[..], [Change::Left(why), Change::Removed] if why.contains(reason)),
            "{undone:?}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        fs::write(folder.path().join("first"), Signed::new("#", "1\n").as_str()).unwrap();
    }
}

#[test]
fn a_plan_that_fails_half_way_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // The second file is in the way of the third one's folder.
    let plan = plan(vec![
        file(folder.path().join("one"), ""),
        file(folder.path().join("two"), ""),
        file(folder.path().join("two/three"), ""),
    ]);
    let looked = carry_out(&plan, &Keys::default().machine(), true).unwrap();
    assert_eq!(looked.len(), 3);
    install(&plan).unwrap_err();
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_file_is_given_to_its_owner() {
    use super::super::Owner;
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("aliases");
    let of = |uid| Step::File {
        path: path.clone(),
        text: Signed::new("#", "text\n"),
        owner: Some(Owner {
            name: "somebody".to_owned(),
            uid,
            gid: uid,
        }),
    };
    let me = fs::metadata(folder.path()).unwrap();
    if me.uid() != 0 {
        println!("skipped: giving a file to another user needs root");
        return;
    }
    assert_eq!(install(&plan(vec![of(4711)])).unwrap(), [Change::Written]);
    assert_eq!(fs::metadata(&path).unwrap().uid(), 4711);
    assert_eq!(install(&plan(vec![of(4711)])).unwrap(), [Change::Unchanged]);
    let changes = install(&plan(vec![of(4712)])).unwrap();
    assert!(
        matches!(&changes[..], [Change::Replaced(how)] if how.contains("another user")),
        "{changes:?}"
    );
    assert_eq!(fs::metadata(&path).unwrap().gid(), 4712);
}

#[test]
fn a_user_who_does_not_exist_is_named() {
    use super::super::Owner;
    let error = Owner::look_up("no-such-user-here").unwrap_err().to_string();
    assert!(
        error.contains("no-such-user-here") && error.contains("install systemd"),
        "{error}"
    );
}
