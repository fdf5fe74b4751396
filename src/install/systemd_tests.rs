use super::super::tests::linux;
use super::*;

#[test]
fn every_unit_starts_the_program_where_it_is() {
    let plan = Plan::systemd(&linux()).unwrap();
    let mut commands = 0;
    for step in &plan.steps {
        let Step::File { text, .. } = step else {
            panic!("{step:?}");
        };
        for line in text.as_str().lines().filter(|line| line.starts_with("Exec")) {
            assert!(
                line.starts_with("ExecStart=/usr/local/bin/mispigeon --config "),
                "{line}"
            );
            commands += 1;
        }
    }
    assert_eq!(commands, 2);
    assert!(plan.after_install.contains("/usr/local/bin/mispigeon --config"));
}

#[test]
fn a_program_whose_path_would_have_to_be_quoted_is_refused() {
    for path in [
        "/opt/my programs/mispigeon",
        "/opt/%h/mispigeon",
        "/opt/é",
        "/opt/$x",
        "/opt/\"quoted\"",
    ] {
        let platform = Platform {
            binary: path.into(),
            ..linux()
        };
        let error = Plan::systemd(&platform).unwrap_err().to_string();
        assert!(error.contains("/usr/local/bin"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_enabled_is_disabled_first() {
    let units = tempfile::tempdir().unwrap();
    check_disabled(units.path()).unwrap();
    let wants = units.path().join("timers.target.wants");
    fs::create_dir(&wants).unwrap();
    let (link, unit) = (wants.join("mispigeon-outbox.timer"), "mispigeon-outbox.timer");
    // A unit of a package.
    std::os::unix::fs::symlink(Path::new("/usr/lib/systemd/system").join(unit), &link).unwrap();
    check_disabled(units.path()).unwrap();
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(units.path().join(unit), &link).unwrap();
    let error = check_disabled(units.path()).unwrap_err().to_string();
    assert!(
        error.ends_with("`systemctl disable --now mispigeon-outbox.timer`"),
        "{error}"
    );
}
