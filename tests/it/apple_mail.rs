//! The action of a rule in Apple Mail. No test here runs AppleScript. The tests read the command that the script hands to
//! `do shell script`, and run it by `/bin/sh`, as `do shell script` does, with texts that mails and configurations may hold.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use mispigeon::install::{self, Change, Machine, Plan, Platform, Postconf, Step, System, SystemRegistry};

use crate::program::Home;

/// Texts that may be the subject of a mail or the name of a profile.
const HOSTILE: [&str; 12] = [
    "",
    "plain",
    "it's \"quoted\" 'twice'",
    "$(touch pwned) `touch pwned` ${HOME}",
    "'; touch pwned; '",
    "\" & (do shell script \"touch pwned\") & \"",
    "line one\nline two\r\n; touch pwned",
    "-rf",
    "--help",
    "🐦 Überweisung ☃ «class»",
    "back\\slash \\n \\\" \\",
    "!history *glob* ~ > pwned | touch pwned & #",
];

/// A Mac whose user's home is in a folder.
fn mac(home: &Path, program: &Path) -> Platform {
    Platform {
        system: System::MacOs,
        binary: program.to_owned(),
        home: home.to_owned(),
        data: home.join("data"),
        shared_data: PathBuf::from("/Library/Application Support/mispigeon"),
        temporary: PathBuf::from("/private/tmp"),
        has_lib64: false,
        snap: None,
        flatpak: None,
        through_sudo: false,
    }
}

/// The script that `install` writes for a program and a profile.
fn script(program: &Path, profile: Option<&str>) -> String {
    let plan = Plan::apple_mail(&mac(Path::new("/Users/ana"), program), profile).unwrap();
    match &plan.steps[..] {
        [Step::File { text, .. }] => text.as_str().to_owned(),
        steps => panic!("{steps:?}"),
    }
}

/// The value of a property whose value is a text, with its escapes undone.
fn property(script: &str, name: &str) -> String {
    let begin = format!("property {name} : \"");
    let line = script.lines().find_map(|line| line.strip_prefix(&begin)).unwrap();
    let mut text = String::new();
    let mut letters = line.strip_suffix('"').unwrap().chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                other @ ('"' | '\\') => other,
                other => panic!("no escape of AppleScript: {other}"),
            },
            '"' => panic!("the text ends early: {line}"),
            other => other,
        });
    }
    text
}

/// A text as AppleScript's `quoted form` gives it.
fn quoted_form(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The line that the script hands to `do shell script` for a mail in `file`: the script's own expression, evaluated.
fn command_line(script: &str, file: &Path, subject: &str) -> String {
    let expression = script
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("do shell script \"/bin/sh -c "))
        .unwrap();
    let mut line = "/bin/sh -c ".to_owned();
    for (index, part) in expression.split(" & ").enumerate() {
        if index == 0 {
            assert_eq!(part, "\"");
        } else if let Some(name) = part.strip_prefix("quoted form of ") {
            line += &quoted_form(&match name {
                "thePath" => file.to_str().unwrap().to_owned(),
                "theSubject" => subject.to_owned(),
                property_name => property(script, property_name),
            });
        } else {
            line += part.strip_prefix('"').and_then(|part| part.strip_suffix('"')).unwrap();
        }
    }
    line
}

/// A folder with stand-ins for the program and for `osascript`, which write down their arguments and input.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    /// `answer` is what the stand-in for the program does after it has read the mail.
    fn new(answer: &str) -> Self {
        let stage = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for folder in ["bin", "tmp", "cwd"] {
            fs::create_dir(stage.path(folder)).unwrap();
        }
        let write_down = |what: &str| {
            format!(
                "for word; do printf '%s\\0' \"$word\"; done >\"$STAGE/{what}.argv.new\"\ncat >\"$STAGE/{what}.stdin\"\n\
                 mv \"$STAGE/{what}.argv.new\" \"$STAGE/{what}.argv\"\n"
            )
        };
        stage.executable("a pro'gram", &format!("#!/bin/sh\n{}{answer}\n", write_down("program")));
        stage.executable("bin/osascript", &format!("#!/bin/sh\n{}", write_down("osascript")));
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn executable(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn script(&self, profile: Option<&str>) -> String {
        script(&self.path("a pro'gram"), profile)
    }

    /// Runs the rule on a mail. As `do shell script`, returns when every started process has closed the output.
    fn run(&self, script: &str, mail: &[u8], subject: &str) -> Output {
        let file = self.path("tmp/mispigeon.Xy12");
        fs::write(&file, mail).unwrap();
        Command::new("/bin/sh")
            .args(["-c", &command_line(script, &file, subject)])
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()))
            .env("STAGE", self.folder.path())
            .current_dir(self.path("cwd"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Waits until a stand-in has been started, and returns its arguments.
    fn arguments(&self, of: &str) -> Vec<String> {
        let path = self.path(&format!("{of}.argv"));
        wait(|| path.exists(), of);
        let text = fs::read_to_string(&path).unwrap();
        fs::remove_file(path).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    fn is_left_clean(&self) {
        for folder in ["tmp", "cwd"] {
            let left: Vec<_> = fs::read_dir(self.path(folder)).unwrap().map(Result::unwrap).collect();
            assert!(left.is_empty(), "{left:?}");
        }
    }
}

fn wait(condition: impl Fn() -> bool, what: &str) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !condition() {
        assert!(Instant::now() < deadline, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_template_is_what_the_program_writes() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests/apple-mail/MISPigeon.applescript");
    let written = script(Path::new("/usr/local/bin/mispigeon"), None);
    assert_eq!(fs::read_to_string(template).unwrap(), written);
    assert_eq!(property(&written, "theCommand"), install::apple_mail_command());
}

#[test]
fn no_subject_and_no_profile_becomes_a_command() {
    let stage = Stage::new("echo 'error: the disk is full' >&2; exit 75");
    for (index, subject) in HOSTILE.into_iter().enumerate() {
        // The name of a script can hold neither a slash nor a line break.
        let profile =
            Some(HOSTILE[(index + 1) % HOSTILE.len()]).filter(|name| !name.is_empty() && !name.contains('\n'));
        let done = stage.run(&stage.script(profile), b"From: a\r\n\r\nb\r\n", subject);
        assert!(done.status.success(), "{subject:?}: {done:?}");
        let mut expected = vec!["--quiet".to_owned(), "send".to_owned()];
        expected.extend(profile.map(|name| format!("--profile={name}")));
        expected.push("-".to_owned());
        assert_eq!(stage.arguments("program"), expected);
        assert_eq!(stage.arguments("osascript"), ["-", subject, "error: the disk is full"]);
        // The words are arguments: osascript always runs the same script.
        let told = fs::read_to_string(stage.path("osascript.stdin")).unwrap();
        assert_eq!(
            told,
            "on run argv\ndisplay notification (item 2 of argv) with title \"MISPigeon\" subtitle (item 1 of argv)\nend run\n"
        );
        stage.is_left_clean();
    }
}

#[test]
fn a_large_mail_arrives_byte_for_byte() {
    let mail: Vec<u8> = (0..25_000_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes().into_iter().take(1))
        .collect();
    let stage = Stage::new("exit 0");
    assert!(stage.run(&stage.script(None), &mail, "large").status.success());
    assert_eq!(stage.arguments("program"), ["--quiet", "send", "-"]);
    assert!(fs::read(stage.path("program.stdin")).unwrap() == mail);
    assert!(!stage.path("osascript.argv").exists());
    stage.is_left_clean();
}

#[test]
fn mail_is_not_kept_waiting() {
    // The stand-in goes on only once this test lets it, by opening the pipe's other end.
    let stage = Stage::new(
        "read -r go <\"$STAGE/gate\"; echo \"$go\" >\"$STAGE/end.new\"; mv \"$STAGE/end.new\" \"$STAGE/end\"",
    );
    assert!(
        Command::new("mkfifo")
            .arg(stage.path("gate"))
            .status()
            .unwrap()
            .success()
    );
    let done = stage.run(&stage.script(None), b"From: a\r\n\r\nb\r\n", "slow");
    assert!(
        done.status.success() && done.stdout.is_empty() && done.stderr.is_empty(),
        "{done:?}"
    );
    // The file is gone although the program still works on the mail: whatever happens to the program, no file is left.
    stage.is_left_clean();
    assert!(!stage.path("end").exists());
    fs::write(stage.path("gate"), "go\n").unwrap();
    wait(|| stage.path("end").exists(), "the end of the mail's work");
}

#[test]
fn a_program_that_is_not_there_or_is_killed_is_told_of() {
    let stage = Stage::new("kill -9 $$");
    assert!(stage.run(&stage.script(None), b"x", "killed").status.success());
    stage.arguments("program");
    let told = stage.arguments("osascript");
    assert_eq!(told[..2], ["-", "killed"]);
    assert!(!told[2].is_empty(), "{told:?}");
    let gone = stage.script(None).replace("a pro'gram", "gone");
    assert!(stage.run(&gone, b"x", "gone").status.success());
    let told = stage.arguments("osascript");
    assert!(told[1] == "gone" && told[2].contains("not found"), "{told:?}");
    stage.is_left_clean();
}

#[test]
fn a_file_that_is_not_there_fails_at_once_so_that_the_script_says_so() {
    let stage = Stage::new("exit 0");
    let line = command_line(&stage.script(None), &stage.path("tmp/none"), "none");
    let done = Command::new("/bin/sh").args(["-c", &line]).output().unwrap();
    assert!(!done.status.success());
    assert!(!stage.path("program.argv").exists());
}

#[test]
fn the_real_program_makes_an_event_of_the_mail() {
    let home = Home::new();
    let file = home.write(
        "mail",
        "From: Ana <ana@example.net>\r\nSubject: Report\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n\r\nhxxp://drop[.]evil-dove[.]com/a\r\n",
    );
    home.write("config.toml", "[profile.trap]\nevent.tags = [\"from-rule\"]\n");
    let script = script(Path::new(env!("CARGO_BIN_EXE_mispigeon")), Some("trap"));
    let mut shell = Command::new("/bin/sh");
    let run = home.command();
    for (name, value) in run.get_envs() {
        shell.env(name, value.unwrap());
    }
    let done = shell
        .args(["-c", &command_line(&script, &file, "Report")])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(!file.exists());
    let rows = || home.run(&["outbox", "list", "--all", "--format", "json"]).ok().json();
    wait(|| rows().iter().any(|row| row["state"] == "delivered"), "the delivery");
    assert_eq!(rows()[0]["profile"], "trap");
}

#[test]
fn only_a_mac_is_installed_to_and_elsewhere_it_can_be_looked_at() {
    let home = Home::new();
    home.write("config.toml", "[profile.trap]\n");
    let program = env!("CARGO_BIN_EXE_mispigeon");
    let run = home
        .run(&["install", "apple-mail", "--dry-run", "--profile", "trap"])
        .ok();
    let path = home
        .path()
        .join("Library/Application Scripts/com.apple.mail/MISPigeon trap.applescript");
    assert!(
        run.out.starts_with(&format!("would write {}\n", path.display())),
        "{}",
        run.out
    );
    for line in script(Path::new(program), Some("trap")).lines() {
        assert!(run.out.contains(&format!("    {line}\n")), "{line}");
    }
    let run = home.run(&["install", "apple-mail", "--dry-run", "--profile", "trp"]);
    assert!(run.code == 78 && run.err.contains("trap"), "{run:?}");
    assert!(!home.path().join("Library").exists());
    if cfg!(not(target_os = "macos")) {
        let run = home.run(&["install", "apple-mail"]);
        assert_eq!(run.code, 64);
        assert!(
            run.err.contains("Apple Mail runs on macOS only") && run.err.contains("--dry-run"),
            "{}",
            run.err
        );
        assert!(!home.path().join("Library").exists());
    }
}

#[test]
fn the_script_is_put_where_mail_looks_and_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let postconf = Postconf::new(None);
    let machine = Machine {
        registry: &SystemRegistry,
        main_cf: &postconf,
    };
    let plan = Plan::apple_mail(&mac(home.path(), Path::new("/usr/local/bin/mispigeon")), None).unwrap();
    let path = home
        .path()
        .join("Library/Application Scripts/com.apple.mail/MISPigeon.applescript");
    let change = |changes: Vec<(&Step, Change)>| changes.into_iter().map(|(_, change)| change).collect::<Vec<_>>();
    assert_eq!(
        change(install::carry_out(&plan, &machine, false).unwrap()),
        [Change::Written]
    );
    let mut text = String::new();
    fs::File::open(&path).unwrap().read_to_string(&mut text).unwrap();
    fs::write(&path, text.clone() + "-- mine\n").unwrap();
    assert!(matches!(
        change(install::undo(&plan, &machine, false).unwrap())[..],
        [Change::Left(_)]
    ));
    fs::write(&path, text).unwrap();
    assert_eq!(
        change(install::undo(&plan, &machine, false).unwrap()),
        [Change::Removed]
    );
    assert!(!path.exists());
}
