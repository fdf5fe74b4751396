//! `mispigeon doctor` of the real program: what it says of a healthy machine, and of each fault.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::Path;

use mispigeon::install::render_host_manifest;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};

use crate::double::{Double, tls};
use crate::program::{Home, Run};

const PUBLISHER: &str = "DoublePublisher0000000000000000000000000";
const DOCS: &str = include_str!("../../docs/doctor.md");
const MAIL: &[u8] =
    b"From: a@cert.example\nSubject: Report\nMessage-ID: <1@cert.example>\n\nhxxp://evil-host-one[.]com/x\n";

/// What one call said, as JSON.
pub struct Report {
    code: i32,
    checks: Vec<Value>,
}

impl Report {
    #[track_caller]
    pub fn of(home: &Home, arguments: &[&str]) -> Self {
        Self::of_run(&home.run(&[&["doctor", "--format", "json"], arguments].concat()))
    }

    /// What that call of `doctor --format json` said.
    #[track_caller]
    pub fn of_run(run: &Run) -> Self {
        assert!(
            !run.err.contains("error:"),
            "what is wrong is in the report: {}",
            run.err
        );
        assert!(!run.out.contains(PUBLISHER) && !run.err.contains(PUBLISHER));
        let checks: Vec<Value> = serde_json::from_str(&run.out).expect("one JSON array");
        for check in &checks {
            let id = check["id"].as_str().unwrap();
            assert!(
                DOCS.contains(&format!("| `{id}` |")),
                "docs/doctor.md does not name {id}"
            );
            let is_bad = check["state"] == "problem" || check["state"] == "warning";
            assert!(!is_bad || check["next"].is_string(), "no next step: {check}");
        }
        let has_problem = checks.iter().any(|check| check["state"] == "problem");
        assert_eq!(run.code, if has_problem { 78 } else { 0 }, "{}", run.out);
        Self { code: run.code, checks }
    }

    #[track_caller]
    fn find(&self, id: &str) -> &Value {
        let found = self.checks.iter().find(|check| check["id"] == id);
        found.unwrap_or_else(|| panic!("no {id} in {:#?}", self.checks))
    }

    /// Checks the state of a check, and that its text contains these words.
    #[track_caller]
    pub fn says(&self, id: &str, state: &str, what: &str, next: &str) -> &Self {
        let check = self.find(id);
        let holds = |key: &str, words: &str| check[key].as_str().unwrap_or_default().contains(words);
        assert!(
            check["state"] == state && holds("what", what) && holds("next", next),
            "{check:#}"
        );
        self
    }

    /// Checks that all other checks are fine.
    #[track_caller]
    pub fn wrong(&self, expected: &[&str]) -> &Self {
        let wrong: Vec<&str> = self
            .checks
            .iter()
            .filter(|check| check["state"] == "problem" || check["state"] == "warning")
            .map(|check| check["id"].as_str().unwrap())
            .collect();
        assert_eq!(wrong, expected, "{:#?}", self.checks);
        self
    }
}

fn key(who: &str) -> String {
    format!("{who:0<40}")
}

/// A home with its own double and these settings; the key is in the environment.
fn with_double(who: &str, options: &[&str], config: &str) -> (Double, Home) {
    let double = Double::start(options);
    let home = Home::with_misp(&double.url, &key(who));
    if !config.is_empty() {
        home.write("config.toml", config);
    }
    (double, home)
}

#[test]
fn where_all_is_well_each_piece_is_named_and_nothing_is_wrong() {
    let (_double, home) = with_double(
        "DoublePublisher",
        &[],
        "event.publish = true\nevent.tags = ['PAP:GREEN']\n",
    );
    let report = Report::of(&home, &[]);
    report.wrong(&[]);
    for id in [
        "configuration",
        "permissions",
        "settings",
        "data-folder",
        "free-space",
        "state-database",
        "outbox",
        "data-rights",
        "key",
        "address",
        "connection",
        "version",
        "login",
        "clock",
        "role",
        "tags",
        "warninglists",
    ] {
        assert_eq!(report.find(id)["state"], "ok", "{id}");
    }
    report.says("login", "ok", "publisher@double.test, of DOUBLE-CERT", "");
}

#[test]
fn looking_writes_nothing_and_asks_the_server_only_to_read() {
    let (double, home) = with_double("DoublePublisher", &[], "");
    Report::of(&home, &[]);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    assert_eq!(
        double.journal(),
        [
            "GET /servers/getVersion 200",
            "GET /users/view/me 200",
            "GET /auth_keys/index 200",
            "GET /auth_keys/view/3 200",
            "POST /tags/search 200",
            "GET /warninglists/index 200",
        ]
    );
}

#[test]
fn where_nothing_is_configured_it_says_what_works_all_the_same() {
    let home = Home::new();
    let report = Report::of(&home, &[]);
    report
        .wrong(&[])
        .says(
            "configuration",
            "ok",
            "`mispigeon send` use the defaults",
            "config init",
        )
        .says("settings", "ok", "events go to the feed in", "")
        .says("feed-folder", "ok", "is made with the first event", "")
        .says(
            "host-manifest",
            "skipped",
            "not connected",
            "mispigeon install thunderbird",
        );
    home.run_with_input(&["send"], MAIL).ok();
    let report = Report::of(&home, &[]);
    report
        .wrong(&[])
        .says("feed-manifest", "ok", "1 event in it", "Feeds")
        .says("state-database", "ok", "state.db can be opened", "");
}

#[test]
fn text_is_a_line_for_each_piece_with_its_next_step_below_and_a_sum_at_the_end() {
    let home = Home::with_misp("http://127.0.0.1:1", "too-short");
    let run = home.run(&["doctor"]);
    assert_eq!((run.code, run.err.as_str()), (78, ""));
    let lines: Vec<&str> = run.out.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with("problem  connection: "))
        .unwrap();
    assert!(
        lines[at + 1].starts_with("         > nothing listens there"),
        "{}",
        run.out
    );
    assert!(run.out.contains("warning  key: "), "{}", run.out);
    assert!(
        lines.last().unwrap().starts_with("1 problem, 1 warning; "),
        "{}",
        run.out
    );
    assert!(
        !run.out.contains("too-short") && !run.out.contains('\u{1b}'),
        "{}",
        run.out
    );
}

#[test]
fn json_has_five_fields_for_each_piece_and_names_the_profile() {
    let (double, home) = with_double(
        "DoublePublisher",
        &[],
        "[profile.trap]\ndestination = 'feed'\n[profile.soc]\n",
    );
    let report = Report::of(&home, &[]);
    for check in &report.checks {
        let fields: BTreeSet<&str> = check.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, BTreeSet::from(["id", "profile", "state", "what", "next"]));
        assert!(["ok", "warning", "problem", "skipped"].contains(&check["state"].as_str().unwrap()));
    }
    let profiles = |id: &str| -> Vec<&Value> {
        let of_id = report.checks.iter().filter(|check| check["id"] == id);
        of_id.map(|check| &check["profile"]).collect()
    };
    assert_eq!(profiles("settings"), [&Value::Null, &json!("soc"), &json!("trap")]);
    assert_eq!(profiles("role"), [&Value::Null, &json!("soc")]);
    assert_eq!(profiles("feed-folder"), [&json!("trap")]);
    drop(double);
}

#[test]
fn only_the_profile_that_is_named_is_looked_at() {
    let (double, home) = with_double("DoublePublisher", &[], "[profile.trap]\ndestination = 'feed'\n");
    let report = Report::of(&home, &["--profile", "trap"]);
    assert_eq!(report.find("feed-folder")["profile"], "trap");
    assert_eq!(double.journal(), [""; 0], "the server of the top level is not asked");
    Report::of(&home, &["--profile", "trup"]).says("settings", "problem", "known: trap", "profile.NAME");
}

#[test]
fn offline_no_server_is_asked() {
    let (double, home) = with_double("DoublePublisher", &[], "");
    let report = Report::of(&home, &["--offline"]);
    report
        .wrong(&[])
        .says("key", "ok", "", "")
        .says("connection", "skipped", "offline", "");
    assert_eq!(double.journal(), [""; 0]);
}

#[test]
fn a_wrong_key_is_told_from_a_server_that_is_away() {
    let double = Double::start(&[]);
    for (who, words) in [
        ("DoubleNobody", "Authentication failed"),
        ("DoubleDisabled", "account has been disabled"),
        ("DoubleOtherAddress", "bound to other addresses"),
    ] {
        let report = Report::of(&Home::with_misp(&double.url, &key(who)), &[]);
        report
            .says("connection", "ok", "", "")
            .says("login", "problem", words, "make a key")
            .wrong(&["login"]);
    }
    let url = double.url.clone();
    drop(double);
    let report = Report::of(&Home::with_misp(&url, PUBLISHER), &[]);
    report
        .says("connection", "problem", "refused", "is the server running")
        .says("login", "skipped", "", "")
        .wrong(&["connection"]);
}

#[test]
fn without_a_key_it_says_where_one_is_made_and_set() {
    let home = Home::new().also("MISPIGEON_MISP_URL", "https://misp.invalid");
    Report::of(&home, &[]).says("key", "problem", "no API key", "misp.key_file");
    let home = Home::new();
    home.write(
        "config.toml",
        "misp.url = 'https://misp.invalid'\nmisp.key_file = '/nowhere/key'\n",
    );
    Report::of(&home, &[]).says("key", "problem", "/nowhere/key", "misp.key_file");
}

#[test]
fn a_role_is_held_against_what_the_profile_needs() {
    let double = Double::start(&[]);
    let report = |who: &str, config: &str| {
        let home = Home::with_misp(&double.url, &key(who));
        home.write("config.toml", config);
        Report::of(&home, &[])
    };
    report("DoubleUser", "").wrong(&[]);
    report("DoubleUser", "event.publish = true")
        .says("role-publish", "problem", "perm_publish", "event.publish = false")
        .wrong(&["role-publish"]);
    let read_only = report("DoubleReadOnly", "");
    read_only
        .says("role-add", "problem", "nothing can be delivered", "a role that may add")
        .says("role-tag", "problem", "TLP", "")
        .says("tags", "skipped", "", "");
}

#[test]
fn tags_that_the_server_would_leave_out_are_named() {
    let double = Double::start(&[]);
    let report = |who: &str, config: &str| {
        let home = Home::with_misp(&double.url, &key(who));
        home.write("config.toml", config);
        Report::of(&home, &[])
    };
    let always = "event.tags = ['nosuch:tag', 'double:not-exportable', 'double:other-org', 'TLP:Green']";
    let found = report("DoubleUser", always);
    let what = "double:not-exportable (is not for export), double:other-org (is for another organisation), nosuch:tag (is \
                not there, and this user may not make it)";
    found.says("tags", "problem", what, "administrator").wrong(&["tags"]);
    assert!(
        !found.find("tags")["what"]
            .as_str()
            .unwrap()
            .to_lowercase()
            .contains("tlp:green")
    );
    report("DoubleUser", "tags.with_hashes = ['nosuch:tag']").says("tags", "warning", "nosuch:tag", "");
    report("DoubleSiteAdmin", "event.tags = ['nosuch:tag']")
        .says("tags", "ok", "1 are made on the server", "")
        .wrong(&[]);
}

#[test]
fn a_sharing_group_that_the_user_is_not_in_is_a_problem() {
    let double = Double::start(&[]);
    let report = |group: u32| {
        let home = Home::with_misp(&double.url, PUBLISHER);
        home.write(
            "config.toml",
            format!("event.distribution = 4\nevent.sharing_group = {group}\n"),
        );
        Report::of(&home, &[])
    };
    report(1).says("sharing-group", "ok", "Double: both", "").wrong(&[]);
    report(2).says(
        "sharing-group",
        "problem",
        "the server refuses every event",
        "1 (Double: both)",
    );
}

#[test]
fn a_clock_that_is_off_is_a_warning() {
    for (seconds, words) in [("930", "15 minutes ahead of ours"), ("-7500", "2 hours behind ours")] {
        let (_double, home) = with_double("DoublePublisher", &["--clock", seconds], "");
        Report::of(&home, &[])
            .says("clock", "warning", words, "NTP")
            .wrong(&["clock"]);
    }
}

#[test]
fn a_server_that_fails_or_asks_to_wait_is_no_reason_to_look_for_a_fault_here() {
    for (kind, words) in [
        ("error500", "500"),
        ("maintenance", "maintenance"),
        ("garbage", "broke off"),
    ] {
        let (double, home) = with_double("DoublePublisher", &[], "");
        double.fail(&json!({"kind": kind, "count": -1}));
        Report::of(&home, &[])
            .says("connection", "problem", words, "")
            .wrong(&["connection"]);
    }
}

/// Certificate and key in files below `home`.
fn certificate(home: &Home, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> [String; 2] {
    let mut params = CertificateParams::new(names.iter().copied().map(str::to_owned).collect::<Vec<_>>()).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    [("cert.pem", certificate.pem()), ("key.pem", key.serialize_pem())]
        .map(|(name, pem)| home.write(name, pem).to_str().unwrap().to_owned())
}

/// What the doctor says of a server with that certificate, and whether configuring the certificate as an authority helps.
fn of_certificate(names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> [Report; 2] {
    let home = Home::new();
    let [cert, key] = certificate(&home, names, change);
    let double = Double::start(&["--tls", &cert, &key]);
    let home = home
        .also("MISPIGEON_MISP_URL", &double.url)
        .also("MISPIGEON_MISP_KEY", PUBLISHER);
    let before = Report::of(&home, &[]);
    home.write("config.toml", format!("misp.ca_file = '{cert}'\n"));
    [before, Report::of(&home, &[])]
}

#[test]
fn a_certificate_that_signs_itself_is_cured_by_naming_it() {
    let [before, after] = of_certificate(&["127.0.0.1"], |_| {});
    before
        .says("connection", "problem", "certificate", "misp.ca_file")
        .wrong(&["connection"]);
    after.wrong(&[]);
}

#[test]
fn a_certificate_that_ran_out_or_is_for_another_name_needs_something_else() {
    let [_, expired] = of_certificate(&["127.0.0.1"], |params| params.not_after = date_time_ymd(2021, 1, 1));
    expired.says("connection", "problem", "expired", "renew it");
    let [_, early] = of_certificate(&["127.0.0.1"], |params| params.not_before = date_time_ymd(2120, 1, 1));
    early.says("connection", "problem", "not valid yet", "this machine's clock");
    let [_, other] = of_certificate(&["misp.example.org"], |_| {});
    other.says("connection", "problem", "misp.example.org", "use one of its names");
}

#[test]
fn the_certificate_of_misps_installer_is_cured_by_naming_that_very_certificate() {
    let [before, after] = of_certificate(&["127.0.0.1"], |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    });
    before.says("connection", "problem", "CaUsedAsEndEntity", "this very certificate");
    after.wrong(&[]);
}

#[test]
fn a_pinned_certificate_is_trusted_whatever_its_name_and_no_other_is() {
    let home = Home::new();
    let [cert, key] = certificate(&home, &["misp.example.org"], |_| {});
    let pem = std::fs::read(&cert).unwrap();
    let der = rustls::pki_types::CertificateDer::from_pem_slice(&pem).unwrap();
    let pin = mispigeon::domain::Sha256::of(&der).to_string();
    let double = Double::start(&["--tls", &cert, &key]);
    let home = home
        .also("MISPIGEON_MISP_URL", &double.url)
        .also("MISPIGEON_MISP_KEY", PUBLISHER);
    home.write("config.toml", format!("misp.pin = '{pin}'\n"));
    Report::of(&home, &[]).wrong(&[]);
    home.write("config.toml", format!("misp.pin = '{}'\n", "00:".repeat(31) + "00"));
    Report::of(&home, &[]).says("connection", "problem", &pin, "somebody is in between");
}

#[test]
fn a_read_only_key_is_told_from_the_role_of_its_user() {
    let (_double, home) = with_double("DoubleReadOnlyKey", &[], "");
    Report::of(&home, &[])
        .says("key-rights", "problem", "read-only", "another key")
        .wrong(&["key-rights"]);
}

#[test]
fn a_certificate_that_is_not_checked_is_a_warning() {
    let files = [tls("server.pem"), tls("server.key")].map(|path| path.to_str().unwrap().to_owned());
    let (_double, home) = with_double(
        "DoublePublisher",
        &["--tls", &files[0], &files[1]],
        "misp.verify = false\n",
    );
    Report::of(&home, &[])
        .says("address", "warning", "not checked", "misp.verify = true")
        .wrong(&["address"]);
}

#[test]
fn a_server_that_speaks_no_tls_is_told_from_one_that_is_not_trusted() {
    let (double, home) = with_double("DoublePublisher", &[], "");
    let home = home.also("MISPIGEON_MISP_URL", &double.url.replace("http:", "https:"));
    Report::of(&home, &[]).says("connection", "problem", "", "speaks no TLS");
}

#[cfg(unix)]
#[test]
fn a_configuration_that_others_can_read_or_change_is_told_with_the_command_that_helps() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let path = home.write(
        "config.toml",
        format!("misp.url = 'https://misp.invalid'\nmisp.key = '{PUBLISHER}'\n"),
    );
    let set = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(&path, 0o644);
    let report = Report::of(&home, &[]);
    report
        .says(
            "configuration",
            "problem",
            "others can read it (mode 644)",
            &format!("chmod 600 {}", path.display()),
        )
        .says("profiles", "skipped", "configuration", "")
        .says("data-folder", "ok", "", "");
    let path = home.write("config.toml", "event.publish = true\n");
    set(&path, 0o664);
    Report::of(&home, &[]).says("permissions", "warning", "others can change", "chmod go-w");
    set(&path, 0o666);
    Report::of(&home, &[]).says("configuration", "problem", "is not read", "chmod go-w");
    let refused = home.run(&["outbox", "list"]);
    assert!(refused.code == 78 && refused.err.contains("is not read"), "{refused:?}");
    set(&path, 0o600);
    let secret = home.write("key", PUBLISHER);
    set(&secret, 0o604);
    home.write(
        "config.toml",
        format!(
            "misp.url = 'https://misp.invalid'\nmisp.key_file = '{}'\n",
            secret.display()
        ),
    );
    Report::of(&home, &["--offline"]).says("key", "problem", "mode 604", "chmod 600");
}

#[test]
fn a_configuration_that_is_wrong_is_told_with_its_line() {
    let home = Home::new();
    home.write("config.toml", "[event]\ndistributoin = 1\n");
    Report::of(&home, &[]).says("configuration", "problem", "config.toml:2", "config check");
    let report = Report::of(&home, &["--config", "/nowhere/config.toml"]);
    report.says("configuration", "problem", "/nowhere/config.toml", "config init");
    home.write("config.toml", "[profile.a]\ndestination = 'misp'\n");
    let report = Report::of(&home, &[]);
    report.says("configuration", "ok", "1 profile", "");
    let faults: Vec<&Value> = report
        .checks
        .iter()
        .filter(|check| check["state"] == "problem")
        .collect();
    assert!(faults.len() == 1 && faults[0]["profile"] == "a", "{faults:#?}");
}

#[test]
fn mails_that_failed_or_wait_in_the_outbox_are_told() {
    let (double, home) = with_double("DoubleReadOnly", &[], "");
    assert_ne!(home.run_with_input(&["send"], MAIL).code, 0);
    let report = Report::of(&home, &["--offline"]);
    report
        .says("outbox", "problem", "waiting until this is mended", "outbox retry")
        .wrong(&["outbox"]);
    home.run(&["outbox", "drop", "1"]).ok();
    Report::of(&home, &["--offline"]).says("outbox", "ok", "none waits", "");
    drop(double);
    home.run_with_input(&["send"], MAIL).ok();
    let report = Report::of(&home, &["--offline"]);
    report.says("outbox", "warning", "1 of them put off", "mispigeon outbox retry");
}

#[test]
fn a_state_database_that_is_none_is_left_alone_and_told() {
    let home = Home::new();
    let path = home.write("data/state.db", "this is no database, whoever wrote it ".repeat(40));
    let before = fs::read(&path).unwrap();
    let report = Report::of(&home, &[]);
    report
        .says("state-database", "problem", "no state database", "keep the file")
        .says("outbox", "skipped", "", "");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_data_folder_that_cannot_be_is_a_problem() {
    let home = Home::new();
    home.write("data", "a file where the folder should be");
    Report::of(&home, &[]).says("data-folder", "problem", "cannot be written to", "MISPIGEON_DATA_DIR");
}

#[test]
fn the_host_manifest_is_read_as_thunderbird_does() {
    let home = Home::new();
    home.run(&["install", "thunderbird"]).ok();
    let report = Report::of(&home, &[]);
    report
        .says("host-manifest", "ok", "to this program", "")
        .says("extension-file", "ok", env!("CARGO_PKG_VERSION"), "")
        .says("extension", "skipped", "no profile", "");
    let path = ".mozilla/native-messaging-hosts/mispigeon.json";
    home.write(path, render_host_manifest(Path::new("/nowhere/mispigeon")));
    let report = Report::of(&home, &[]);
    report.says(
        "host-manifest",
        "problem",
        "/nowhere/mispigeon",
        "mispigeon install thunderbird",
    );
    home.write(path, "{}");
    let report = Report::of(&home, &[]);
    report.says(
        "host-manifest",
        "problem",
        "not a host manifest for MISPigeon",
        "move that file away",
    );
    assert_eq!(report.code, 78);
}

#[test]
fn the_listeners_certificate_is_read_and_its_end_told() {
    let home = Home::new();
    let [cert, key] = certificate(&home, &["trap.example"], |_| {});
    let listen = |cert: &str| format!("[listen]\nsmtp = ['127.0.0.1:2525']\ncert = '{cert}'\nkey = '{key}'\n");
    home.write("config.toml", listen(&cert));
    let report = Report::of(&home, &[]);
    report.wrong(&[]).says("listener", "ok", "127.0.0.1:2525", "").says(
        "listener-certificate",
        "ok",
        "can be used, for",
        "",
    );
    certificate(&home, &["trap.example"], |params| {
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    Report::of(&home, &[]).says("listener-certificate", "problem", "expired", "renew");
    home.write("config.toml", listen("/nowhere/cert.pem"));
    Report::of(&home, &[]).says("listener-certificate", "problem", "/nowhere/cert.pem", "PEM");
    home.write(
        "config.toml",
        "[listen]\nlmtp = ['2525']\n[listen.profiles]\nnosuch = ['x.example']\n",
    );
    let report = Report::of(&home, &[]);
    report.says("listener", "problem", "is no address", "listen.lmtp").says(
        "listener-profile",
        "problem",
        "nosuch",
        "",
    );
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let home = Home::with_misp(&url, PUBLISHER);
    home.write("config.toml", "misp.timeout = 1\n");
    // The system accepts the connections; nobody answers.
    Report::of(&home, &[]).says("connection", "problem", "did not answer within 1 s", "try again");
}
