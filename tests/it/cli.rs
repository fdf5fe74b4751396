//! The command line as others rely on it: forms of output, exit codes, which files a command changes and which not.

use std::path::Path;

use crate::program::Home;

const REPORT: &str = "From: Analyst <analyst@cert.example>\r\nTo: list@cert.example\r\nSubject: New phish\r\n\
    Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <1@cert.example>\r\n\r\n\
    Please block hxxps://login[.]evil-bank[.]com/a.php?x=1&copy=2 and 45.13.2.23.\r\n\
    Internal: 10.0.0.1\r\n";

#[test]
fn without_configuration_the_event_goes_into_the_feed_folder() {
    let home = Home::new();
    let mail = home.write("mail.eml", REPORT);
    let run = home.run(&["send", mail.to_str().unwrap()]).ok();
    assert!(run.out.starts_with("created"), "{}", run.out);
    assert!(
        run.out.contains("hxxps://login[.]evil-bank[.]com/a[.]php?x=1&copy=2"),
        "{}",
        run.out
    );
    let feed = home.data().join("feed");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(feed.join("manifest.json")).unwrap()).unwrap();
    let (uuid, _) = manifest.as_object().unwrap().iter().next().unwrap();
    let event: serde_json::Value =
        serde_json::from_slice(&std::fs::read(feed.join(format!("{uuid}.json"))).unwrap()).unwrap();
    let values: Vec<&str> = event["Event"]["Attribute"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|a| a["value"].as_str())
        .collect();
    assert_eq!(
        values,
        [
            "https://login.evil-bank.com/a.php?x=1&copy=2",
            "login.evil-bank.com",
            "45.13.2.23"
        ],
    );
}

#[test]
fn the_same_mail_again_is_unchanged() {
    let home = Home::new();
    let mail = home.write("mail.eml", REPORT);
    let file = mail.to_str().unwrap();
    let first = home.run(&["send", "--format", "json", file]).ok().json();
    let second = home
        .run_with_input(&["send", "--format", "json"], REPORT.replace("\r\n", "\n").as_bytes())
        .ok()
        .json();
    assert_eq!(first[0]["status"], "created");
    assert_eq!(second[0]["status"], "unchanged");
    assert_eq!(first[0]["uuid"], second[0]["uuid"]);
}

#[test]
fn a_dry_run_prints_the_same_event_twice_and_touches_nothing() {
    let home = Home::new();
    let mail = home.write("mail.eml", REPORT);
    let arguments = ["send", "--dry-run", mail.to_str().unwrap()];
    let first = home.run(&arguments).ok();
    let second = home.run(&arguments).ok();
    assert_eq!(first.out, second.out);
    assert!(first.json()[0]["Event"]["uuid"].is_string());
    assert!(!home.data().exists());
}

#[test]
fn extract_prints_one_json_object_a_line_and_reasons_on_request() {
    let home = Home::new();
    let run = home
        .run_with_input(&["extract", "--format", "json", "--all"], REPORT.as_bytes())
        .ok();
    let rows = run.json();
    let private = rows
        .iter()
        .find(|row| row["value"] == "10.0.0.1")
        .expect("the private address is shown");
    assert_eq!(private["action"], "skip");
    assert!(
        private["reason"]["text"].as_str().unwrap().contains("internet"),
        "{private}"
    );
    let url = rows.iter().find(|row| row["type"] == "url").unwrap();
    assert_eq!(url["found_in"], "text/plain");
    assert_eq!(url["found_as"], "defanged");
    assert_eq!(url["line"], 1);
    assert_eq!(url["to_ids"], true);
    assert_eq!(url["category"], "Network activity");
    assert!(
        home.run_with_input(&["extract", "--format", "json"], REPORT.as_bytes())
            .json()
            .len()
            < rows.len()
    );
}

#[test]
fn plain_text_needs_no_mail() {
    let home = Home::new();
    let run = home
        .run_with_input(
            &["extract", "--text", "--format", "csv"],
            b"CVE-2024-1234 at evil[.]com",
        )
        .ok();
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.out);
    assert!(lines[0].starts_with("action,type,value"));
}

#[test]
fn exit_codes_are_those_of_sysexits() {
    let home = Home::new();
    let shared = home.write("open.toml", "[misp]\nkey = \"x\"\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&shared, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let misspelt = home.write("misspelt.toml", "[misp]\nurll = \"https://misp.example\"\n");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["send", "--nonsense"], 64, "--nonsense"),
        (&["send", "/no/such/file.eml"], 66, "no such file"),
        (&["send"], 65, "empty"),
        (&["--config", shared.to_str().unwrap(), "extract"], 78, "chmod"),
        (&["--config", misspelt.to_str().unwrap(), "extract"], 78, "url"),
        (&["extract", "--profile", "none"], 78, "none"),
        (&["outbox", "show", "77"], 66, "77"),
    ];
    for (arguments, code, word) in cases {
        let run = home.run(arguments);
        assert_eq!(run.code, *code, "{arguments:?}: {}", run.err);
        assert!(run.err.contains(word), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn a_data_folder_that_cannot_be_written_is_said_before_anything_is_acknowledged() {
    let home = Home::new();
    home.write("data", "a file where the folder should be");
    let run = home.run_with_input(&["send"], REPORT.as_bytes());
    assert_eq!(run.code, 73, "{}", run.err);
}

#[test]
fn folders_mbox_and_maildir_are_read_mail_by_mail() {
    let home = Home::new();
    let second = REPORT.replace("45.13.2.23", "45.13.2.24").replace("<1@", "<2@");
    home.write("box/one.eml", REPORT);
    home.write("box/two.eml", &second);
    let mbox = format!("From a@b Mon Mar  2 10:00:00 2026\n{REPORT}\nFrom a@b Mon Mar  2 10:00:00 2026\n{second}\n");
    let mbox = home.write("all.mbox", mbox.replace("\r\n", "\n"));
    for name in ["md/cur/1:2,S", "md/new/2"] {
        home.write(name, if name.ends_with('2') { second.as_str() } else { REPORT });
    }
    home.write("md/tmp/3", "never read");
    let dry = |path: &str| home.run(&["send", "--dry-run", path]).ok().json();
    let folder = dry(home.path().join("box").to_str().unwrap());
    assert_eq!(folder.len(), 2);
    assert_eq!(folder, dry(mbox.to_str().unwrap()));
    assert_eq!(dry(home.path().join("md").to_str().unwrap()).len(), 2);
}

#[test]
fn the_configuration_file_is_made_checked_and_shown() {
    let home = Home::new();
    let path = home.path().join("made.toml");
    let file = path.to_str().unwrap();
    home.run(&["--config", file, "config", "init"]).ok();
    assert_eq!(home.run(&["--config", file, "config", "init"]).code, 73);
    home.run(&["--config", file, "config", "check"]).ok();
    let shown = home.run(&["--config", file, "config", "show"]).ok();
    assert!(shown.out.contains("distribution"), "{}", shown.out);
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let home = Home::new();
    let folder = home.path().join("man");
    home.run(&["man", folder.to_str().unwrap()]).ok();
    let page = std::fs::read_to_string(folder.join("mispigeon-send.1")).unwrap();
    assert!(page.contains("dry"), "{page}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(home.run(&["completions", shell]).ok().out.contains("outbox"), "{shell}");
    }
}

#[test]
fn the_key_of_a_directive_is_stored_nowhere() {
    let home = Home::new();
    home.write(
        "config.toml",
        "[directives]\nkey = \"s3cr3t-d1r3ct1v3\"\n[misp]\nurl = \"http://127.0.0.1:9\"\nkey = \"k3y-0f-m1sp\"\n",
    );
    let mail = REPORT.replace("Internal:", "m2m:s3cr3t-d1r3ct1v3:publish:1\r\nInternal:");
    let run = home.run_with_input(&["-v", "-v", "send"], mail.as_bytes()).ok();
    assert!(run.out.starts_with("queued"), "{}", run.out);
    let mut stored = Vec::new();
    for entry in walkdir::WalkDir::new(home.data()) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            stored.extend(std::fs::read(entry.path()).unwrap());
        }
    }
    let database = home.run(&["outbox", "list", "--format", "json"]).ok();
    let shown = home.run(&["config", "show"]).ok();
    for text in [
        String::from_utf8_lossy(&stored).as_ref(),
        &run.out,
        &run.err,
        &database.out,
        &shown.out,
    ] {
        for secret in ["s3cr3t-d1r3ct1v3", "k3y-0f-m1sp"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
}

/// Linux has a file that everybody can open and nobody can read.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_does_not_keep_the_others_from_being_extracted() {
    let home = Home::new();
    let broken = home.path().join("broken.eml");
    std::os::unix::fs::symlink("/proc/self/mem", &broken).expect("a link");
    let mail = home.write("a.eml", "From: a@cert.example\nSubject: x\n\nevil-host-one[.]com\n");
    let run = home.run(&["extract", &broken.display().to_string(), &mail.display().to_string()]);
    assert!(run.out.contains("evil-host-one.com"), "{run:?}");
    assert!(run.code != 0 && run.err.contains("broken.eml"), "{run:?}");
}

#[test]
fn parameter_lines_that_are_not_obeyed_are_said() {
    let mail = "From: a@cert.example\nSubject: x\n\nm2m:publish:1\nevil-host-one[.]com\n";
    let run = Home::new().run_with_input(&["send", "--dry-run"], mail.as_bytes()).ok();
    assert!(run.err.contains("because no key is configured"), "{run:?}");
}

#[test]
fn a_mail_for_a_server_that_is_not_configured_is_kept_and_the_configuration_is_to_blame() {
    let home = Home::new();
    let run = home.run_with_input(&["send", "--to", "misp"], REPORT.as_bytes());
    assert_eq!(run.code, 78, "{}", run.err);
    assert!(
        run.err.contains("misp.url") && run.err.contains("outbox retry 1"),
        "{}",
        run.err
    );
    assert_eq!(
        home.run(&["outbox", "list", "--format", "json"]).ok().json()[0]["state"],
        "pending"
    );
}

#[test]
fn for_a_mail_server_every_fault_but_a_bad_mail_is_temporary() {
    let home = Home::new();
    let config = home.write("broken.toml", "[misp]\nurl = 1\n");
    let config = config.to_str().unwrap();
    let run = |words: &[&str], mail: &str| home.run_with_input(words, mail.as_bytes()).code;
    assert_eq!(run(&["--config", config, "send", "-"], REPORT), 78);
    assert_eq!(run(&["--config", config, "send", "--mta", "-"], REPORT), 75);
    assert_eq!(run(&["send", "--mta", "--profile", "nowhere", "-"], REPORT), 75);
    assert_eq!(run(&["send", "--mta", "-"], ""), 65);
    assert_eq!(run(&["send", "--mta", "-"], REPORT), 0);
}

#[test]
fn a_mail_server_hears_nothing_of_a_mail_that_is_stored() {
    let home = Home::new();
    let away = "[misp]\nurl = 'http://127.0.0.1:9'\nkey = 'k'\n";
    let away = home.write("away.toml", away);
    for config in [vec![], vec!["--config", away.to_str().unwrap()]] {
        let words: Vec<_> = config.iter().copied().chain(["send", "--mta", "-"]).collect();
        let done = home.run_with_input(&words, REPORT.as_bytes());
        assert_eq!(
            (done.code, done.out.as_str(), done.err.as_str()),
            (0, "", ""),
            "{words:?}"
        );
    }
    let done = home.run_with_input(&["send", "--mta", "--format", "json", "-"], REPORT.as_bytes());
    assert!(done.out.starts_with('{'), "who asks for it gets it: {}", done.out);
}

#[test]
fn what_waits_is_taken_to_another_outbox_as_files() {
    let (one, other) = (Home::new(), Home::new());
    let away = one.write("away.toml", "[misp]\nurl = 'http://127.0.0.1:9'\nkey = 'k'\n");
    one.run_with_input(
        &["--config", away.to_str().unwrap(), "send", "--mta", "-"],
        REPORT.as_bytes(),
    );
    let folder = one.path().join("taken");
    let folder = folder.to_str().unwrap();
    let told = one.run(&["outbox", "export", folder]).ok().out;
    assert!(told.contains("000001.json: written"), "{told}");
    let copy = one.path().join("copy.db");
    one.run(&["outbox", "backup", copy.to_str().unwrap()]).ok();
    assert!(copy.is_file());
    assert!(other.run(&["outbox", "import", folder]).ok().out.contains("stored"));
    assert!(
        other
            .run(&["outbox", "import", folder])
            .ok()
            .out
            .contains("was there already")
    );
    // The other one has no server, so it goes to the feed.
    assert!(other.run(&["outbox", "retry"]).ok().out.contains("created"));
    let missing = other.run(&["outbox", "import", "/nowhere"]);
    assert!(missing.code != 0 && missing.err.contains("/nowhere"), "{}", missing.err);
}

#[test]
fn a_second_old_configuration_is_added_as_a_profile() {
    let home = Home::new();
    let first = home.write("first.py", "misp_url = 'https://one.example.org'\nmisp_key = 'K1'\n");
    let second = home.write("second.py", "misp_url = 'https://two.example.org'\nmisp_key = 'K2'\n");
    let config = home.path().join("own/config.toml");
    let import = |file: &Path, more: &[&str]| {
        let mut words = vec![
            "--config",
            config.to_str().unwrap(),
            "config",
            "import",
            file.to_str().unwrap(),
            "--write",
        ];
        words.extend(more);
        home.run(&words)
    };
    import(&first, &[]).ok();
    import(&second, &["--profile", "forward"]).ok();
    let again = import(&second, &["--profile", "forward"]);
    assert_eq!(again.code, 73, "{again:?}");
    assert!(again.err.contains("`forward` already"), "{again:?}");
    let shown = |profile: &[&str]| {
        let mut words = vec!["--config", config.to_str().unwrap(), "config", "show"];
        words.extend(profile);
        home.run(&words).ok().out
    };
    assert!(shown(&[]).contains("https://one.example.org"));
    assert!(shown(&["--profile", "forward"]).contains("https://two.example.org"));
}
