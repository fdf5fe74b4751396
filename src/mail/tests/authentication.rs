//! Fields as real servers write them.

use super::*;
use crate::mail::tests::read;

/// `server: method result (domain), …` for each field.
fn told(header: &str) -> Vec<String> {
    let mail = read(&format!("{header}\nSubject: s\n\nt\n"));
    let statements = mail.headers.authentication();
    let word = |(method, checked): &(Method, Checked)| {
        let domain = checked.domain.as_deref().unwrap_or("-");
        format!("{method:?} {} {domain}", checked.result.name()).to_lowercase()
    };
    let line = |statement: &Statement| {
        let results: Vec<String> = statement.results.iter().map(word).collect();
        format!("{}: {}", statement.server, results.join(", "))
    };
    statements.iter().map(line).collect()
}

#[test]
fn results_are_read_as_servers_write_them() {
    let facts = [
        (
            "Authentication-Results: mx.google.com;\n       dkim=pass header.i=@news.example header.s=k1 header.b=abc;\n       \
             spf=softfail (google.com: domain of transitioning a@b.example does not designate 192.0.2.1) smtp.mailfrom=a@b.example;\n       \
             dmarc=fail (p=REJECT sp=REJECT dis=QUARANTINE) header.from=bank.example",
            "mx.google.com: dkim pass news.example, spf softfail b.example, dmarc fail bank.example",
        ),
        (
            "Authentication-Results: spf=fail (sender IP is 192.0.2.1)\n smtp.mailfrom=corp.example; dkim=none (message not signed)\n \
             header.d=none;dmarc=fail action=quarantine\n header.from=corp.example;compauth=fail reason=001",
            ": spf fail corp.example, dkim none -, dmarc fail corp.example",
        ),
        (
            "Authentication-Results: MX.Corp.Example 1; dkim=permerror (bad key) header.d=x.example; dkim=pass header.d=y.example",
            "mx.corp.example: dkim permerror x.example, dkim pass y.example",
        ),
        (
            "ARC-Authentication-Results: i=2; mx.list.example; dmarc=pass header.from=a.example; arc=pass",
            "mx.list.example: dmarc pass a.example",
        ),
        (
            "Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=out.b.example; \
             envelope-from=x@b.example; receiver=mx.corp.example",
            "mx.corp.example: spf pass b.example",
        ),
        (
            "Received-SPF: fail (mx.corp.example: domain of x@b.example does not designate 192.0.2.1) client-ip=192.0.2.1;",
            "mx.corp.example: spf fail -",
        ),
        (
            "Authentication-Results: mx.corp.example; spf=hardfail smtp.helo=h.example",
            "mx.corp.example: spf fail h.example",
        ),
        // What stands in a comment or in quotes is nobody's result.
        (
            "Authentication-Results: mx.corp.example; spf=fail (x; dmarc=pass) reason=\"y; dkim=pass header.d=z.example\" smtp.mailfrom=b.example",
            "mx.corp.example: spf fail b.example",
        ),
    ];
    for (header, wanted) in facts {
        assert_eq!(told(header), [wanted], "{header}");
    }
}

#[test]
fn a_field_without_a_result_says_nothing() {
    for header in [
        "Authentication-Results: mx.corp.example; none",
        "Authentication-Results:",
        "Authentication-Results: mx.corp.example; iprev=pass; auth=pass",
        "ARC-Authentication-Results: mx.corp.example; spf=pass",
        "Received-SPF: whatever",
        "X-Authentication-Results: mx.corp.example; spf=pass",
    ] {
        assert_eq!(told(header), Vec::<String>::new(), "{header}");
    }
}

#[test]
fn broken_fields_are_read_as_far_as_they_go() {
    let long = format!("Authentication-Results: mx.a.example{}", "; dkim=pass".repeat(10_000));
    assert!(told(&long).first().is_some_and(|told| told.len() < 2000));
    assert_eq!(
        told(&format!("Authentication-Results: {}", "(".repeat(50_000))),
        Vec::<String>::new()
    );
}
