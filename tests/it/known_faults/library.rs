//! Faults of the Python library underneath, in the objects that it makes.

use super::{configured, draft, drafts_with, objects, related, values};

use mispigeon::domain::Mode;

const MAIL: &str = "Received: from mx.corp.example (mx.corp.example [192.0.2.1]) by store.corp.example; Mon, 2 Mar 2026 10:00:02 +0000\n\
    Received: from mail.evil-bank.com (mail.evil-bank.com [IPv6:2a0d:5600:24::7]) by mx.corp.example; Mon, 2 Mar 2026 10:00:01 +0000\n\
    Delivered-To: victim@corp.example\nX-Originating-IP: [45.155.204.17]\nFrom: Bank <service@evil-bank.com>\n\
    To: Victim <victim@corp.example>\nCc: other@corp.example\nSubject: Locked\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\n\nopen it\n\
    --b\nContent-Type: application/octet-stream; name=a.exe\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nTVpYWFhYWFhYWA==\n\
    --b--\n";

#[test]
fn victims_and_their_servers_are_never_flagged() {
    let draft = draft(MAIL, Mode::Sample);
    let email = objects(&draft, "email")[0];
    for relation in ["to", "cc"] {
        assert!(!related(email, relation).is_empty());
        assert!(related(email, relation).iter().all(|one| !one.to_ids), "{relation}");
    }
    // Delivered-To and To name the same mailbox; it becomes one attribute.
    assert_eq!(values(email, "to"), ["victim@corp.example"]);
    let own = |value: &str| value.ends_with("corp.example");
    let hosts = related(email, "received-header-hostname");
    assert!(hosts.iter().all(|host| host.to_ids != own(&host.value)), "{hosts:#?}");
}

#[test]
fn a_line_without_a_name_hides_no_own_server() {
    let mail = format!("Received: (qmail 26559 invoked from network); 2 Mar 2026 10:00:03 -0000\n{MAIL}")
        .replace("corp.example", "corp-mail.com")
        .replace("victim@corp-mail.com", "victim@elsewhere.com");
    let draft = draft(mail, Mode::Sample);
    let hosts = related(objects(&draft, "email")[0], "received-header-hostname");
    for (host, to_ids) in [("mx.corp-mail.com", false), ("mail.evil-bank.com", true)] {
        assert!(
            hosts.iter().any(|one| one.value == host && one.to_ids == to_ids),
            "{hosts:#?}"
        );
    }
}

#[test]
fn a_server_that_calls_itself_localhost_owns_nobody_else() {
    let mail = MAIL
        .replace("by store.corp.example", "by localhost")
        .replace(
            "from mx.corp.example (mx.corp.example [192.0.2.1])",
            "from mail.evil-bank.com (mail.evil-bank.com [45.155.204.9])",
        )
        .replace("by mx.corp.example", "by mail.evil-bank.com");
    let draft = draft(mail, Mode::Sample);
    let hosts = related(objects(&draft, "email")[0], "received-header-hostname");
    assert!(!hosts.is_empty() && hosts.iter().all(|host| host.to_ids), "{hosts:#?}");
}

#[test]
fn a_domain_where_anybody_has_a_mailbox_is_not_flagged() {
    for (domain, to_ids) in [
        ("gmail.com", false),
        ("yahoo.com.mx", false),
        ("evil.local", false),
        ("evil-bank.com", true),
    ] {
        let mail = MAIL.replace("service@evil-bank.com", &format!("service@{domain}"));
        let draft = draft(mail, Mode::Sample);
        let found = related(objects(&draft, "email")[0], "from-domain");
        assert_eq!(
            found.iter().map(|one| one.to_ids).collect::<Vec<_>>(),
            [to_ids],
            "{domain}"
        );
    }
}

#[test]
fn fields_that_the_template_has_are_filled() {
    let draft = draft(MAIL, Mode::Sample);
    let email = objects(&draft, "email")[0];
    for (relation, value) in [
        ("from-domain", "evil-bank.com"),
        ("ip-src", "45.155.204.17"),
        ("attachment", "a.exe"),
        ("received-header-ip", "2a0d:5600:24::7"),
    ] {
        assert!(
            values(email, relation).contains(&value),
            "{relation}: {:?}",
            values(email, relation)
        );
    }
}

#[test]
fn malware_is_never_sent_in_clear_text() {
    // The attached mail held the executable a second time, not encrypted; only the server zipped the sample itself.
    let settings = configured("[event]\nattach_original = true\n");
    let draft = drafts_with(MAIL, Mode::Sample, &settings).remove(0);
    let mut contents = 0;
    for object in &draft.event.objects {
        for data in object.attributes.iter().filter_map(|attribute| attribute.data.as_ref()) {
            contents += 1;
            assert!(data.0.starts_with(b"PK\x03\x04"), "{}", object.name);
            let clear = [b"MZXXXXXXXX".as_slice(), b"TVpYWFhYWFhYWA"];
            assert!(
                clear
                    .iter()
                    .all(|text| !data.0.windows(text.len()).any(|window| window == *text)),
                "{}",
                object.name
            );
        }
    }
    assert_eq!(contents, 2);
    let sample = &related(objects(&draft, "file")[0], "malware-sample")[0].value;
    assert!(sample.starts_with("a.exe|"), "{sample}");
}

#[test]
fn nothing_but_misp_s_own_fields_is_sent() {
    // Python's own fields went to the server: magic_db, sections, raw_emails, email, attach_original_email.
    let draft = draft(MAIL, Mode::Sample);
    let known = [
        "uuid",
        "name",
        "meta-category",
        "description",
        "template_uuid",
        "template_version",
        "comment",
        "distribution",
        "Attribute",
        "ObjectReference",
    ];
    for object in &draft.event.objects {
        let json = serde_json::to_value(object).unwrap();
        for field in json.as_object().unwrap().keys() {
            assert!(known.contains(&field.as_str()), "{field}");
        }
    }
}

#[test]
fn harmless_by_directive_means_no_flag_anywhere() {
    let mail = MAIL.replace("open it", "open it\nm2m:attachment:benign");
    for mode in [Mode::Report, Mode::Sample] {
        let draft = draft(&mail, mode);
        let files = draft.event.objects.iter().filter(|object| object.name != "email");
        assert!(
            files.flat_map(|object| &object.attributes).all(|one| !one.to_ids),
            "{mode:?}"
        );
        let names = objects(&draft, "email")
            .into_iter()
            .flat_map(|email| related(email, "attachment"));
        assert!(names.into_iter().all(|name| !name.to_ids), "{mode:?}");
    }
}
