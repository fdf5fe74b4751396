//! `install systemd` in a file system of the test's own.

use crate::program::Home;

const PROGRAM: &str = env!("CARGO_BIN_EXE_mispigeon");

/// Changes below `/etc` are visible to this process only; the umask is that of a careful administrator. The program has a path
/// that needs no quotes.
const SYSTEM_WIDE: &str = r#"
set -eu
umask 077
mount -t tmpfs tmpfs "$SCRATCH"
chmod 755 "$SCRATCH"
cp "$PROGRAM" "$SCRATCH/mispigeon"
mkdir -p "$SCRATCH/upper" "$SCRATCH/work"
chmod 755 "$SCRATCH/upper"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$SCRATCH/upper,workdir=$SCRATCH/work" /etc
echo ready
list() { find "$SCRATCH/upper" -type f -printf '%m %P\n' | sort; }
"$SCRATCH/mispigeon" install systemd
echo "--- installed"
list
grep -h '^Exec' /etc/systemd/system/mispigeon-*.service
"$SCRATCH/mispigeon" install systemd
mkdir -p /etc/systemd/system/sockets.target.wants
ln -s /etc/systemd/system/mispigeon-listen.socket /etc/systemd/system/sockets.target.wants/
echo "--- enabled"
"$SCRATCH/mispigeon" uninstall systemd 2>&1 || echo "exit code $?"
rm /etc/systemd/system/sockets.target.wants/mispigeon-listen.socket
echo "Restart=no" >>/etc/systemd/system/mispigeon-listen.service
echo "--- changed"
"$SCRATCH/mispigeon" uninstall systemd
echo "--- uninstalled"
list
"#;

#[test]
fn units_come_and_go_and_a_changed_one_stays() {
    let (home, scratch) = (Home::new(), tempfile::tempdir().unwrap());
    let Some(out) = home.in_own_file_system(scratch.path(), SYSTEM_WIDE) else {
        return;
    };
    let parts: Vec<&str> = out.split("--- ").collect();
    let [said, installed, enabled, changed, uninstalled] = parts[..] else {
        panic!("{out}");
    };
    assert_eq!(said.matches("wrote /etc/").count(), 5, "{said}");
    assert!(said.contains("systemd-sysusers && systemctl daemon-reload"), "{said}");
    let files = [
        "644 systemd/system/mispigeon-listen.service",
        "644 systemd/system/mispigeon-listen.socket",
        "644 systemd/system/mispigeon-outbox.service",
        "644 systemd/system/mispigeon-outbox.timer",
        "644 sysusers.d/mispigeon.conf",
    ];
    for file in files {
        assert!(installed.contains(&format!("{file}\n")), "{installed}");
    }
    let command = format!(
        "ExecStart={}/mispigeon --config /etc/mispigeon/config.toml ",
        scratch.path().display()
    );
    assert_eq!(installed.matches(&command).count(), 2, "{installed}");
    assert_eq!(installed.matches("already in place: ").count(), 5, "{installed}");
    assert!(
        enabled.contains("systemctl disable --now mispigeon-listen.socket"),
        "{enabled}"
    );
    assert!(enabled.ends_with("exit code 73\n"), "{enabled}");
    assert_eq!(changed.matches("removed /etc/").count(), 4, "{changed}");
    assert!(
        changed.contains("left /etc/systemd/system/mispigeon-listen.service: it was changed"),
        "{changed}"
    );
    assert_eq!(uninstalled, format!("uninstalled\n{}\n", files[0]));
}

#[test]
fn units_can_be_looked_at_by_everybody() {
    let home = Home::new();
    let run = home.run(&["install", "systemd", "--dry-run"]).ok();
    assert_eq!(run.out.matches("would write /etc/").count(), 5, "{}", run.out);
    assert!(
        run.out.contains(&format!("    ExecStart={PROGRAM} --config")),
        "{}",
        run.out
    );
}
