use super::super::tests::linux;
use super::*;

fn pipe() -> HandOver {
    HandOver::Pipe {
        user: Owner {
            name: "mispigeon".to_owned(),
            uid: 998,
            gid: 997,
        },
        config: "/etc/mispigeon/config.toml".to_owned(),
        data: "/var/lib/mispigeon".to_owned(),
    }
}

fn lmtp(at: &str) -> HandOver {
    HandOver::Lmtp {
        at: at.parse().unwrap(),
    }
}

fn plan(hand_over: &HandOver, recipients: &[&str]) -> Result<Plan, InstallError> {
    let recipients: Vec<Recipient> = recipients.iter().map(|text| text.parse().unwrap()).collect();
    Plan::postfix(&linux(), Path::new("/etc/postfix"), hand_over, &recipients)
}

fn table(plan: &Plan) -> &str {
    match &plan.steps[0] {
        Step::File { text, .. } => text.as_str().split_once('\n').unwrap().1,
        step => panic!("{step:?}"),
    }
}

fn places(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(Step::place).collect()
}

#[test]
fn a_pipe_is_an_alias_for_each_recipient() {
    let plan = plan(&pipe(), &["reports", "trap=spamtrap"]).unwrap();
    let program = "\"|/usr/bin/env MISPIGEON_DATA_DIR=/var/lib/mispigeon /usr/local/bin/mispigeon --config \
                   /etc/mispigeon/config.toml send --mta";
    let (comment, lines) = table(&plan).split_once('\n').unwrap();
    assert!(
        comment.starts_with("# ") && comment.contains("user mispigeon"),
        "{comment}"
    );
    assert_eq!(
        lines,
        format!("reports    {program} -\"\ntrap    {program} --profile=spamtrap -\"\n")
    );
    assert_eq!(
        places(&plan),
        [
            "/etc/postfix/mispigeon-aliases",
            "texthash:/etc/postfix/mispigeon-aliases in alias_maps of Postfix's main.cf"
        ]
    );
}

#[test]
fn lmtp_is_a_transport_and_domains_are_known_as_recipients() {
    let over_tcp = plan(&lmtp("[::1]:24"), &["Trap@Example.org", "spam.example.net"]).unwrap();
    assert_eq!(
        table(&over_tcp),
        "trap@example.org    lmtp:inet:[::1]:24\nspam.example.net    lmtp:inet:[::1]:24\n\
         @spam.example.net    lmtp:inet:[::1]:24\n"
    );
    assert_eq!(places(&over_tcp).len(), 3);
    let over_unix = plan(&lmtp("unix:/run/lmtp"), &["a@example.org"]).unwrap();
    assert_eq!(table(&over_unix), "a@example.org    lmtp:unix:/run/lmtp\n");
}

#[test]
fn what_would_be_read_otherwise_is_refused() {
    for address in [
        "",
        "a b",
        "trap@example.org",
        "-x",
        "a\"b",
        "a\nroot",
        "a:b",
        "|x",
        "é",
        "/x",
    ] {
        let error = plan(&pipe(), &[address]).unwrap_err().to_string();
        assert!(error.contains("--lmtp"), "{error}");
    }
    for address in [
        "",
        "trap",
        "@example.org",
        "a@b@example.org",
        "a@b",
        "a b@example.org",
        "*.org\n",
    ] {
        let error = plan(&lmtp("unix:/x"), &[address]).unwrap_err().to_string();
        assert!(error.contains("name@example.org"), "{error}");
    }
    let error = plan(&lmtp("unix:/x"), &["a@example.org=p"]).unwrap_err().to_string();
    assert!(error.contains("listen.profiles"), "{error}");
    for profile in ["", "a b", "$x", "\"", "a\\"] {
        let error = plan(&pipe(), &[&format!("trap={profile}")]).unwrap_err().to_string();
        assert!(error.contains("rename it"), "{error}");
    }
    let HandOver::Pipe { user, data, .. } = pipe() else {
        panic!()
    };
    let config = "/etc/my config".to_owned();
    let error = plan(&HandOver::Pipe { user, config, data }, &["trap"])
        .unwrap_err()
        .to_string();
    assert!(error.contains("/etc/my config"), "{error}");
}

#[test]
fn both_ways_are_removed_together() {
    let folder = Path::new("/etc/postfix");
    let removed = places(&Plan::postfix_removal(folder));
    for (hand_over, recipient) in [(pipe(), "trap"), (lmtp("unix:/x"), "trap@example.org")] {
        for place in places(&plan(&hand_over, &[recipient]).unwrap()) {
            assert!(removed.contains(&place), "{place}");
        }
    }
}
