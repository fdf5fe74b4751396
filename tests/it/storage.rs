//! The files of the outbox and of the feed, as the real program makes and finds them: their rights, damage that `doctor` tells, and waits
//! that the log tells.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;

use crate::doctor::Report;
use crate::program::{Home, PROGRAM, Run};

const MAIL: &[u8] = b"From: a@cert.example\nSubject: Report\n\nhxxp://evil-host-one[.]com/x\n";

/// A server that is not there.
const NOBODY: &str = "http://127.0.0.1:1";

const KEY: &str = "0123456789012345678901234567890123456789";

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

fn set(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn whatever_the_umask_nobody_else_may_read_the_outbox_or_write_to_the_feed() {
    let home = Home::new();
    let mut command = home.command_of(&["sh", "-c", "umask 000; exec \"$@\"", "sh", PROGRAM]);
    Run::of(command.args(["send", "-"]), MAIL).ok();
    let feed = home.data().join("feed");
    assert_eq!(mode(&home.data()), 0o700);
    assert_eq!(mode(&home.data().join("state.db")), 0o600);
    assert_eq!(mode(&feed), 0o755);
    let names: Vec<_> = feed.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    assert!(names.len() >= 4, "{names:?}");
    for file in names {
        let expected = if file.ends_with(".lock") { 0o600 } else { 0o644 };
        assert_eq!(mode(&file), expected, "{}", file.display());
    }
}

#[test]
fn a_data_folder_that_is_open_to_others_is_closed_once_with_a_word_and_doctor_tells_who_else_can_write() {
    let home = Home::new();
    home.run_with_input(&["send"], MAIL).ok();
    let (folder, database) = (home.data(), home.data().join("state.db"));
    set(&folder, 0o777);
    set(&database, 0o666);
    let said = home.run(&["outbox", "list"]).ok().err;
    assert!(
        said.contains("was open to other users (mode 777)") && said.contains("(mode 666)"),
        "{said}"
    );
    assert_eq!((mode(&folder), mode(&database)), (0o755, 0o600));
    assert_eq!(home.run(&["outbox", "list"]).ok().err, "");
    Report::of(&home, &[])
        .wrong(&[])
        .says("data-rights", "ok", "only this user and root", "");
    set(&folder, 0o770);
    Report::of(&home, &[]).says(
        "data-rights",
        "warning",
        "others may put another file in its place",
        "chmod go-w",
    );
    set(&folder, 0o700);
    fs::rename(&database, folder.join("other.db")).unwrap();
    std::os::unix::fs::symlink("other.db", &database).unwrap();
    Report::of(&home, &[]).says("state-database", "problem", "it is a link", "data_dir");
    let refused = home.run_with_input(&["send", "--mta", "-"], MAIL);
    assert_eq!(refused.code, 75, "{refused:?}");
}

#[test]
fn doctor_tells_of_a_mail_and_of_a_page_that_the_disk_has_changed() {
    let home = Home::with_misp(NOBODY, KEY);
    home.run_with_input(&["send"], MAIL).ok();
    let path = home.data().join("state.db");
    let database = Connection::open(&path).unwrap();
    let flip = || {
        let mut raw: Vec<u8> = database
            .query_row("SELECT raw FROM payload", [], |row| row.get(0))
            .unwrap();
        let middle = raw.len() / 2;
        raw[middle] ^= 1;
        database.execute("UPDATE payload SET raw = ?1", [raw]).unwrap();
    };
    flip();
    Report::of(&home, &["--offline"]).says("state-database", "problem", "(entry 1)", "check the disk");
    flip();
    Report::of(&home, &["--offline"]).says("state-database", "ok", "is whole", "");
    // The page of an index that is empty: its head says that some bytes are lost in it.
    let sql = "SELECT (rootpage - 1) * 4096 FROM sqlite_master WHERE name = 'cache_expires'";
    let page: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    database.close().unwrap();
    let file = File::options().write(true).open(&path).unwrap();
    file.write_all_at(&[5], page.unsigned_abs() + 7).unwrap();
    Report::of(&home, &["--offline"]).says("state-database", "problem", "is damaged: ***", "check the disk");
}

/// Starts the program, and calls `release` when its log has a line with these words.
fn told(command: &mut Command, words: &str, release: impl FnOnce()) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let found = lines.by_ref().any(|line| line.contains(words));
    release();
    lines.for_each(drop);
    child.wait().unwrap();
    assert!(found, "{words}");
}

#[test]
fn waiting_for_the_database_or_for_a_program_is_told() {
    let home = Home::new();
    home.run_with_input(&["send"], MAIL).ok();
    let other = Connection::open(home.data().join("state.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mail = home.write("mail.eml", b"From: b@cert.example\n\nhxxp://evil-host-two[.]com/x\n");
    let words = "waiting for another process that holds the state database";
    told(home.command().arg("send").arg(mail), words, || {
        other.execute_batch("ROLLBACK").unwrap();
    });

    let go_on = home.path().join("go-on");
    let script = format!("until [ -e '{}' ]; do sleep 0.05; done; echo {KEY}", go_on.display());
    let config = format!("misp.url = '{NOBODY}'\nmisp.key_command = ['sh', '-c', \"\"\"{script}\"\"\"]\n");
    home.write("config.toml", config);
    let release = || fs::write(go_on, "").unwrap();
    told(
        home.command().arg("doctor"),
        "waiting for sh, at most 30 seconds",
        release,
    );
}

#[cfg(target_os = "linux")]
#[test]
fn doctor_needs_no_further_thread() {
    let home = Home::new();
    let config = home.write("config.toml", "[profile.a]\n[profile.b]\n");
    let program = home.path().join("mispigeon");
    fs::copy(PROGRAM, &program).unwrap();
    let mut words = vec!["prlimit", "--nproc=1", program.to_str().unwrap()];
    // What root runs has no such limit, so another user runs it.
    if rustix::process::geteuid().is_root() {
        for path in [home.path(), &config] {
            std::os::unix::fs::chown(path, Some(12_345), None).unwrap();
        }
        words.splice(0..0, ["setpriv", "--reuid=12345", "--clear-groups"]);
    }
    let mut command = home.command_of(&words);
    let run = Run::of(command.args(["doctor", "--format", "json"]), b"");
    Report::of_run(&run).wrong(&[]).says("settings", "ok", "", "");
}
