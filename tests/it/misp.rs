//! Delivery to the MISP double, which answers as a real server did when it was recorded.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

use mispigeon::config::Misp;
use mispigeon::destination::Destination;
use mispigeon::destination::misp::MispDestination;
use mispigeon::domain::{Secret, Status};
use mispigeon::misp::client::{MispClient, MispSettings};
use mispigeon::misp::event::{Attribute, Draft, Event, EventReport, Object, Reference, Sighting, Tag};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::child::{await_lines, start_with, told};
use crate::double::{Double, tls};

fn attribute(event: Uuid, r#type: &'static str, category: &'static str, value: &str) -> Attribute {
    Attribute {
        uuid: Uuid::new_v5(&event, value.as_bytes()),
        r#type: r#type.into(),
        category: category.into(),
        value: value.into(),
        to_ids: true,
        ..Attribute::default()
    }
}

/// An event of `hosts` host names, with a sighting each, an `email` object that refers to them, and a report.
fn draft(name: &str, hosts: usize) -> Draft {
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes());
    let sighted = |number: usize| {
        let value = format!("h{number}.{name}.example.org");
        let sighting = Sighting {
            uuid: Uuid::new_v5(&uuid, format!("sighting {number}").as_bytes()),
            r#type: "0".into(),
            source: "mail 😀".into(),
            ..Sighting::default()
        };
        Attribute {
            sightings: vec![sighting],
            ..attribute(uuid, "hostname", "Network activity", &value)
        }
    };
    let attributes: Vec<Attribute> = (0..hosts).map(sighted).collect();
    let object_uuid = Uuid::new_v5(&uuid, b"email");
    let reference = |target: &Attribute| Reference {
        uuid: Uuid::new_v5(&object_uuid, target.uuid.as_bytes()),
        object_uuid,
        referenced_uuid: target.uuid,
        relationship_type: "contains".into(),
        ..Reference::default()
    };
    let subject = attribute(uuid, "email-subject", "Payload delivery", "Your invoice");
    let object = Object {
        uuid: object_uuid,
        name: "email".into(),
        meta_category: "network".into(),
        description: "Email object".into(),
        template_uuid: "a0c666e0-fc65-4be8-b48f-3423d788b552".into(),
        template_version: "19".into(),
        distribution: "5".into(),
        references: attributes.iter().map(reference).collect(),
        attributes: vec![Attribute {
            object_relation: Some("subject".into()),
            ..subject
        }],
        ..Object::default()
    };
    let report = EventReport {
        uuid: Uuid::new_v5(&uuid, b"report"),
        name: "Mail".into(),
        content: "😀 text".into(),
        distribution: "5".into(),
    };
    let mut event = Event {
        uuid,
        info: format!("{name} 😀"),
        date: "2026-11-23".into(),
        distribution: "0".into(),
        threat_level_id: "4".into(),
        analysis: "0".into(),
        tags: vec![Tag {
            name: "tlp:amber".into(),
        }],
        attributes,
        objects: vec![object],
        reports: vec![report],
        ..Event::default()
    };
    event.stamp(1_700_000_000);
    Draft {
        event,
        ..Draft::default()
    }
}

#[test]
fn two_requests_for_500_indicators_with_sightings_a_report_and_publishing() {
    let double = Double::start(&[]);
    let misp = double.destination("DoublePublisher");
    let draft = Draft {
        publish: true,
        ..draft("big", 500)
    };
    let receipt = misp.deliver(&draft).unwrap();
    assert_eq!(
        (receipt.status, receipt.attributes, receipt.objects),
        (Status::Created, 501, 1)
    );
    assert!(receipt.skipped.is_empty() && receipt.notes.is_empty(), "{receipt:?}");
    let uuid = draft.event.uuid;
    assert_eq!(
        double.journal(),
        [
            "POST /events/add 200".to_owned(),
            format!("POST /events/publish/{uuid} 200")
        ]
    );
    let sent = json!({ "Event": draft.event }).to_string().replace('😀', "\u{FFFD}");
    assert_eq!(
        double.event(uuid)["posted"][0],
        serde_json::from_str::<Value>(&sent).unwrap()
    );
    let again = misp.deliver(&draft).unwrap();
    assert_eq!((again.status, again.event_id), (Status::Unchanged, receipt.event_id));
    assert_eq!(double.journal().len(), 4, "{:?}", double.journal());
    assert_eq!(double.get("state")["events"], json!(1));
}

#[test]
fn what_a_warninglist_holds_costs_one_request_more_and_is_named() {
    let double = Double::start(&[]);
    let mut draft = draft("listed", 2);
    let listed = attribute(draft.event.uuid, "ip-dst", "Network activity", "8.8.8.8");
    draft.event.attributes.push(Attribute {
        enforce_warninglist: true,
        ..listed
    });
    draft
        .event
        .attributes
        .push(attribute(draft.event.uuid, "ip-dst", "Network activity", "no address"));
    let receipt = double.destination("DoublePublisher").deliver(&draft).unwrap();
    let reasons: Vec<_> = receipt
        .skipped
        .iter()
        .map(|one| (one.value.as_str(), &*one.reason.text))
        .collect();
    assert!(
        reasons[0].0 == "8.8.8.8" && reasons[0].1.starts_with("on warninglist: "),
        "{reasons:?}"
    );
    assert!(
        reasons[1].0 == "no address" && reasons[1].1.contains("invalid for type ip-dst"),
        "{reasons:?}"
    );
    assert_eq!(
        double.journal(),
        ["POST /events/add 200", "POST /warninglists/checkValue 200"]
    );
}

#[test]
fn every_kind_of_break_leaves_one_complete_event() {
    let kinds = [
        json!({"kind": "half_made", "path": "/events/add", "after": 7}),
        json!({"kind": "cut_half", "path": "/events/add"}),
        json!({"kind": "cut_before", "path": "/events/add", "process": true}),
        json!({"kind": "bad_gateway", "path": "/events/add", "process": true}),
        json!({"kind": "error500", "path": "/events/add", "process": true}),
        json!({"kind": "gateway_timeout", "path": "/events/add", "after": 20, "seconds": 0.3}),
        json!({"kind": "trickle", "path": "/events/add", "seconds": 0.5}),
    ];
    for rule in kinds {
        let double = Double::start(&[]);
        double.fail(&rule);
        let draft = Draft {
            publish: true,
            ..draft("broken", 20)
        };
        let receipt = double.destination("DoublePublisher").deliver(&draft).unwrap();
        assert_eq!((receipt.status, receipt.attributes), (Status::Created, 21), "{rule}");
        assert!(
            receipt.skipped.is_empty() && receipt.notes.is_empty(),
            "{rule}: {receipt:?}"
        );
        assert_eq!(double.get("state")["attributes"], json!(21), "{rule}");
        let again = double.destination("DoublePublisher").deliver(&draft).unwrap();
        assert_eq!(again.status, Status::Unchanged, "{rule}: {:?}", double.journal());
    }
}

#[test]
fn an_event_of_2500_attributes_survives_breaks_between_its_portions() {
    let double = Double::start(&[]);
    double.fail(&json!({"kind": "error500", "path": "/events/edit/*", "process": true}));
    let receipt = double
        .destination("DoublePublisher")
        .deliver(&draft("large", 2500))
        .unwrap();
    assert_eq!((receipt.status, receipt.attributes), (Status::Created, 2501));
    assert!(receipt.skipped.is_empty(), "{:?}", receipt.skipped);
}

#[test]
fn whoever_may_not_is_told_why() {
    let double = Double::start(&[]);
    for (who, words) in [
        ("Unknown", "wrong, expired"),
        ("DoubleExpired", "wrong, expired"),
        ("DoubleNoApi", "may not use the API"),
        ("DoubleDisabled", "has been disabled"),
        ("DoubleOtherAddress", "bound to other addresses"),
        ("DoubleReadOnly", "read-only"),
        ("DoubleReadOnlyKey", "read-only"),
    ] {
        let error = double.destination(who).deliver(&draft("x", 1)).unwrap_err();
        assert!(
            !error.is_temporary() && error.to_string().contains(words),
            "{who}: {error}"
        );
    }
    assert_eq!(double.get("state")["events"], json!(0));
}

#[test]
fn a_plain_user_delivers_and_is_told_what_was_not_done() {
    let double = Double::start(&[]);
    let mut draft = Draft {
        publish: true,
        ..draft("user", 1)
    };
    draft.event.tags.push(Tag {
        name: "unheard:of".into(),
    });
    let receipt = double.destination("DoubleUser").deliver(&draft).unwrap();
    assert!(
        receipt.notes.iter().any(|note| note.text.contains("not published")),
        "{:?}",
        receipt.notes
    );
    assert_eq!(
        (receipt.skipped[0].r#type.as_str(), receipt.skipped[0].value.as_str()),
        ("tag", "unheard:of")
    );
}

#[test]
fn what_passes_by_itself_is_temporary() {
    for (rule, seconds) in [
        (json!({"kind": "maintenance", "count": -1}), None),
        (json!({"kind": "rate_limit", "count": -1, "reset": 77}), Some(77)),
        (json!({"kind": "bad_gateway", "count": -1}), None),
        (json!({"kind": "refuse", "count": 9}), None),
    ] {
        let double = Double::start(&[]);
        double.fail(&rule);
        let error = double
            .destination("DoublePublisher")
            .deliver(&draft("x", 1))
            .unwrap_err();
        assert!(error.is_temporary(), "{rule}: {error}");
        assert_eq!(error.pause().map(|after| after.as_secs()), seconds, "{rule}");
    }
}

#[test]
fn an_event_of_a_colleague_is_added_to_and_one_of_strangers_is_not() {
    let double = Double::start(&[]);
    let colleague = draft("colleague", 3);
    let id = double.destination("DoubleUser").deliver(&colleague).unwrap().event_id;
    let mine = Draft {
        add_to: id,
        ..draft("mine", 2)
    };
    let misp = double.destination("DoublePublisher");
    let receipt = misp.deliver(&mine).unwrap();
    assert_eq!(
        (receipt.status, receipt.uuid, receipt.attributes),
        (Status::Updated, Some(colleague.event.uuid), 7)
    );
    assert!(receipt.skipped.is_empty(), "{:?}", receipt.skipped);
    assert_eq!(misp.deliver(&mine).unwrap().status, Status::Unchanged);

    let mut strange = draft("strange", 1);
    strange.event.distribution = "1".into();
    let id = double
        .destination("DoubleSiteAdmin")
        .deliver(&strange)
        .unwrap()
        .event_id;
    let result = misp.deliver(&Draft {
        add_to: id,
        ..draft("mine-too", 2)
    });
    let error = result.unwrap_err();
    assert!(
        !error.is_temporary() && error.to_string().contains("another organisation"),
        "{error}"
    );

    double
        .destination("DoubleSiteAdmin")
        .deliver(&draft("hidden", 1))
        .unwrap();
    let error = misp.deliver(&draft("hidden", 1)).unwrap_err();
    assert!(
        !error.is_temporary() && error.to_string().contains("may not see it"),
        "{error}"
    );
}

#[test]
fn ten_at_once_make_one_event() {
    let double = Double::start(&[]);
    let draft = draft("same", 10);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let deliver = || double.destination("DoublePublisher").deliver(&draft);
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(deliver)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(double.get("state"), json!({"events": 1, "attributes": 11}));
}

#[test]
fn a_connection_test_and_questions_are_answered() {
    let double = Double::start(&[]);
    let misp = double.destination("DoubleUser");
    let draft = draft("known", 2);
    misp.deliver(&draft).unwrap();
    assert!(
        misp.client()
            .test_connection()
            .unwrap()
            .to_string()
            .contains("may not publish")
    );
    let values = [
        draft.event.attributes[0].value.clone(),
        "unknown.example.org".into(),
        "8.8.8.8".into(),
    ];
    assert_eq!(
        misp.client()
            .known_values(&values)
            .unwrap()
            .hits
            .keys()
            .collect::<Vec<_>>(),
        [&values[0]]
    );
    assert_eq!(
        misp.client()
            .check_warninglists(&values)
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["8.8.8.8"]
    );
}

#[test]
fn certificates_are_checked_and_shown_as_configured() {
    let file = |name: &str| tls(name).to_str().unwrap().to_owned();
    let (server, key, authority) = (file("server.pem"), file("server.key"), file("ca.pem"));
    let version = |double: &Double, change: fn(&mut Misp)| {
        let mut settings = double.settings("DoublePublisher");
        change(&mut settings.options);
        MispDestination::new(settings).unwrap().client().version()
    };
    let double = Double::start(&["--tls", &server, &key]);
    let error = version(&double, |_| ()).unwrap_err();
    assert!(
        error.can_be_mended() && error.to_string().contains("certificate"),
        "{error}"
    );
    assert!(version(&double, |misp| misp.ca_file = Some(tls("ca.pem"))).is_ok());
    assert!(version(&double, |misp| misp.verify = false).is_ok());

    let double = Double::start(&["--tls", &server, &key, "--client-ca", &authority]);
    assert!(version(&double, |misp| misp.ca_file = Some(tls("ca.pem"))).is_err());
    let shown = version(&double, |misp| {
        misp.ca_file = Some(tls("ca.pem"));
        misp.client_cert = Some(tls("client.pem"));
        misp.client_key = Some(tls("client.key"));
    });
    assert!(shown.is_ok());
}

#[test]
#[ignore = "the child of proxies_are_taken_from_the_environment"]
fn child_asks() {
    let Some((_, url)) = told() else { return };
    let client = MispClient::new(MispSettings::new(&url, Secret::new("key"))).unwrap();
    println!("\nversion {:?}", client.version());
}

#[test]
fn proxies_are_taken_from_the_environment() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let environment = [("http_proxy", address.as_str()), ("no_proxy", "")];
    let mut child = start_with("misp::child_asks", Path::new("."), "http://misp.invalid", &environment);
    let (mut stream, _) = proxy.accept().unwrap();
    let mut request = String::new();
    BufReader::new(&stream).read_line(&mut request).unwrap();
    assert_eq!(request, "GET http://misp.invalid/servers/getVersion HTTP/1.1\r\n");
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: close\r\n\r\n{\"version\":\"2.5.1\"}";
    stream.write_all(answer.as_bytes()).unwrap();
    assert_eq!(
        await_lines(&mut child, "version ", usize::MAX),
        ["version Ok(\"2.5.1\")"]
    );
    assert!(child.wait().unwrap().success());
}
