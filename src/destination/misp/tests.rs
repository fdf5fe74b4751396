use serde_json::json;
use uuid::Uuid;

use super::MispDestination;
use super::shelf::{Rule, Shelf, misp, plain, said};
use crate::destination::{DeliveryError, Destination};
use crate::domain::{Receipt, Status};
use crate::misp::client::script::{Reply, Server};
use crate::misp::event::{Attribute, Draft, Event, EventReport, Object, Reference, Tag};

fn attribute(value: &str) -> Attribute {
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_URL, value.as_bytes());
    Attribute {
        uuid,
        r#type: "domain".into(),
        category: "Network activity".into(),
        value: value.to_owned(),
        ..Attribute::default()
    }
}

fn object(name: &str, attributes: &[&str], references: &[Uuid]) -> Object {
    let uuid = Uuid::new_v5(&Uuid::NAMESPACE_DNS, name.as_bytes());
    let reference = |target: &Uuid| Reference {
        uuid: Uuid::new_v5(&uuid, target.as_bytes()),
        object_uuid: uuid,
        referenced_uuid: *target,
        relationship_type: "contains".into(),
        ..Reference::default()
    };
    Object {
        uuid,
        name: name.to_owned().into(),
        attributes: attributes.iter().map(|value| attribute(value)).collect(),
        references: references.iter().map(reference).collect(),
        ..Object::default()
    }
}

fn draft(values: &[&str]) -> Draft {
    let mut event = Event {
        uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, b"the event"),
        info: "title".into(),
        tags: vec![Tag {
            name: "tlp:amber".into(),
        }],
        attributes: values.iter().map(|value| attribute(value)).collect(),
        objects: vec![object(
            "email",
            &["subject"],
            &values.iter().map(|value| attribute(value).uuid).collect::<Vec<_>>(),
        )],
        reports: vec![EventReport {
            uuid: Uuid::new_v5(&Uuid::NAMESPACE_URL, b"report"),
            ..EventReport::default()
        }],
        ..Event::default()
    };
    event.stamp(1_700_000_000);
    Draft {
        event,
        ..Draft::default()
    }
}

fn deliver(server: &Server, draft: &Draft) -> Result<Receipt, DeliveryError> {
    MispDestination::new(server.settings())
        .unwrap()
        .with_sleep(Box::new(|_| ()))
        .deliver(draft)
}

#[test]
fn two_requests_add_and_publish_an_event_with_500_indicators() {
    let (server, _) = misp(Shelf::default(), plain());
    let values: Vec<String> = (0..500).map(|n| format!("h{n}.example")).collect();
    let draft = Draft {
        publish: true,
        ..draft(&values.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let receipt = deliver(&server, &draft).unwrap();
    assert_eq!(
        (receipt.status, receipt.attributes, receipt.objects),
        (Status::Created, 501, 1)
    );
    assert_eq!(receipt.url, Some(format!("{}/events/view/7", server.url)));
    assert_eq!(
        server.lines(),
        [
            "POST /events/add".to_owned(),
            format!("POST /events/publish/{}", draft.event.uuid)
        ]
    );
    assert!(server.requests()[0].json()["Event"].get("published").is_none());
    assert!(receipt.skipped.is_empty() && receipt.notes.is_empty(), "{receipt:?}");
}

#[test]
fn what_the_server_drops_in_silence_is_reported_with_the_lists_name() {
    let shelf = Shelf {
        refuse: vec!["bad".into()],
        listed: vec!["google.com".into()],
        ..Shelf::default()
    };
    let (server, _) = misp(shelf, plain());
    let mut draft = draft(&["ok.example", "bad", "google.com"]);
    draft.event.attributes[2].enforce_warninglist = true;
    let receipt = deliver(&server, &draft).unwrap();
    let skipped: Vec<_> = receipt
        .skipped
        .iter()
        .map(|one| (one.value.as_str(), &*one.reason.text))
        .collect();
    assert_eq!(
        skipped[0],
        (
            "bad",
            "the server refused it (invalid for type domain, or its uuid is known elsewhere)"
        )
    );
    assert_eq!(skipped[1], ("google.com", "on warninglist: List of lists"));
    assert_eq!(
        receipt.skipped.iter().filter(|one| one.r#type == "reference").count(),
        2
    );
    assert_eq!(server.lines(), ["POST /events/add", "POST /warninglists/checkValue"]);
    assert_eq!(server.requests()[1].json(), json!(["google.com"]));
}

#[test]
fn the_same_mail_again_is_unchanged_and_edits_nothing() {
    let (server, _) = misp(Shelf::default(), plain());
    let draft = draft(&["a.example"]);
    deliver(&server, &draft).unwrap();
    let receipt = deliver(&server, &draft).unwrap();
    assert_eq!(
        (receipt.status, receipt.event_id.as_deref()),
        (Status::Unchanged, Some("7"))
    );
    assert!(
        !server.lines().iter().any(|line| line.contains("edit")),
        "{:?}",
        server.lines()
    );
}

#[test]
fn what_is_new_in_a_mail_sent_again_is_added_by_one_edit_that_touches_nothing_else() {
    let (server, _) = misp(Shelf::default(), plain());
    deliver(&server, &draft(&["a.example"])).unwrap();
    let receipt = deliver(&server, &draft(&["a.example", "b.example"])).unwrap();
    assert_eq!((receipt.status, receipt.attributes), (Status::Updated, 3));
    let edit = server
        .requests()
        .into_iter()
        .find(|request| request.line.contains("edit"))
        .unwrap()
        .json();
    let event = edit["Event"].as_object().unwrap();
    assert!(
        ["info", "timestamp", "published", "Tag", "distribution"]
            .iter()
            .all(|key| !event.contains_key(*key)),
        "{event:?}"
    );
    assert_eq!(event["Attribute"].as_array().unwrap().len(), 1);
    assert_eq!(event["Attribute"][0]["timestamp"], "1700000000");
    assert!(event["Object"][0].get("timestamp").is_none() && event["Object"][0].get("deleted").is_none());
}

#[test]
fn an_edit_does_not_bring_what_is_on_a_warninglist() {
    let (server, shelf) = misp(
        Shelf {
            listed: vec!["google.com".into()],
            ..Shelf::default()
        },
        plain(),
    );
    deliver(&server, &draft(&["a.example"])).unwrap();
    let mut again = draft(&["a.example", "b.example", "google.com"]);
    again.event.attributes[2].enforce_warninglist = true;
    let receipt = deliver(&server, &again).unwrap();
    assert_eq!(receipt.status, Status::Updated);
    assert!(
        !shelf.lock().unwrap().events.values().next().unwrap()["Attribute"]
            .to_string()
            .contains("google")
    );
    assert_eq!(receipt.skipped[0].reason.text, "on warninglist: List of lists");
}

#[test]
fn a_published_event_of_which_nothing_can_be_added_stays_published() {
    let (server, shelf) = misp(
        Shelf {
            refuse: vec!["bad".into()],
            ..Shelf::default()
        },
        plain(),
    );
    deliver(
        &server,
        &Draft {
            publish: true,
            ..draft(&["a.example"])
        },
    )
    .unwrap();
    let receipt = deliver(&server, &draft(&["a.example", "bad"])).unwrap();
    assert_eq!(receipt.status, Status::Unchanged);
    assert_eq!(shelf.lock().unwrap().events.values().next().unwrap()["published"], true);
}

#[test]
fn a_half_made_event_is_completed_whatever_broke_off() {
    for broken in [
        Reply::Cut,
        Reply::Half,
        Reply::Hang,
        said(500, "An Internal Error Has Occurred."),
        Reply::Page(504, "Content-Type: text/html\r\n", "<html>"),
    ] {
        let rule: Rule = Box::new(move |request, number, shelf| {
            (number == 0).then(|| {
                let mut sent = request.json()["Event"].clone();
                sent["Tag"] = json!([]);
                shelf.store(&sent, 2, false);
                broken.clone()
            })
        });
        let (server, shelf) = misp(Shelf::default(), rule);
        let receipt = deliver(&server, &draft(&["a", "b", "c", "d"])).unwrap();
        assert_eq!((receipt.status, receipt.attributes), (Status::Created, 5));
        assert!(receipt.skipped.is_empty(), "{:?}", receipt.skipped);
        assert_eq!(server.lines().iter().filter(|line| line.contains("edit")).count(), 1);
        assert_eq!(
            shelf.lock().unwrap().events.values().next().unwrap()["Tag"][0]["name"],
            "tlp:amber"
        );
    }
}

#[test]
fn an_event_that_is_still_being_stored_is_waited_for() {
    let rule: Rule = Box::new(|request, _, shelf| {
        let uuid = draft(&[]).event.uuid.to_string();
        let values = ["a", "b", "c", "d"];
        if request.line == "POST /events/add" {
            shelf.store(&json!({"uuid": uuid, "Attribute": [attribute("a")]}), 1, false);
            return Some(said(404, "Event already exists"));
        }
        if request.line.starts_with("GET") {
            let have = shelf.events[&uuid]["Attribute"].as_array().unwrap().len();
            let mut full = serde_json::to_value(&draft(&values).event).unwrap();
            full["Attribute"] = json!(values.map(attribute)[..(have + 1).min(4)]);
            shelf.store(&full, usize::MAX, false);
        }
        None
    });
    let (server, _) = misp(Shelf::default(), rule);
    let receipt = deliver(&server, &draft(&["a", "b", "c", "d"])).unwrap();
    assert_eq!((receipt.status, receipt.attributes), (Status::Unchanged, 5));
    assert!(
        !server.lines().iter().any(|line| line.contains("edit")),
        "{:?}",
        server.lines()
    );
}

#[test]
fn an_interrupted_request_that_left_nothing_is_tried_again_later() {
    let rule: Rule = Box::new(|request, _, _| (request.line == "POST /events/add").then_some(Reply::Cut));
    let (server, _) = misp(Shelf::default(), rule);
    assert!(deliver(&server, &draft(&["a"])).unwrap_err().is_temporary());
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("HEAD")).count(), 3);
}

#[test]
fn a_server_that_answers_nothing_is_told_from_one_that_takes_too_long_for_an_event() {
    for (answers, requests) in [(false, 2), (true, 4)] {
        let rule: Rule =
            Box::new(move |request, _, _| (!answers || request.line == "POST /events/add").then_some(Reply::Hang));
        let (server, _) = misp(Shelf::default(), rule);
        let mut settings = server.settings();
        settings.options.timeout = std::time::Duration::from_secs(1);
        let destination = MispDestination::new(settings).unwrap().with_sleep(Box::new(|_| ()));
        let error = destination.deliver(&draft(&["a"])).unwrap_err();
        assert!(error.is_temporary() && error.is_silence() != answers, "{error:?}");
        assert_eq!(server.lines().len(), requests, "{:?}", server.lines());
    }
}

#[test]
fn an_event_that_we_may_not_see_is_a_permanent_failure() {
    let rule: Rule =
        Box::new(|request, _, _| (request.line == "POST /events/add").then(|| said(404, "Event already exists.")));
    let (server, _) = misp(Shelf::default(), rule);
    let error = deliver(&server, &draft(&["a"])).unwrap_err();
    assert!(
        !error.is_temporary() && error.to_string().contains("may not see it"),
        "{error}"
    );
}

#[test]
fn large_events_go_in_portions_and_keep_references_across_them() {
    let (server, _) = misp(Shelf::default(), plain());
    let values: Vec<String> = (0..2500).map(|n| format!("h{n}.example")).collect();
    let mut draft = draft(&values.iter().map(String::as_str).collect::<Vec<_>>());
    let files: Vec<String> = (0..700).map(|n| format!("hash{n}")).collect();
    let file = object("file", &files.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
    let to_file = object("email2", &["other"], &[file.uuid]);
    draft.event.objects.insert(0, to_file);
    draft.event.objects.push(file);
    let receipt = deliver(&server, &draft).unwrap();
    assert_eq!(
        (receipt.status, receipt.attributes, receipt.objects),
        (Status::Created, 3202, 3)
    );
    assert!(receipt.skipped.is_empty(), "{:?}", receipt.skipped);
    for request in server.requests() {
        assert!(
            request.json()["Event"]["Attribute"]
                .as_array()
                .is_none_or(|list| list.len() <= 1000)
        );
    }
    assert_eq!(
        server.requests().len(),
        5,
        "four portions and one more for the reference"
    );
}

#[test]
fn a_user_who_may_not_publish_gets_the_event_and_a_note() {
    let rule: Rule = Box::new(|request, _, _| {
        request
            .line
            .contains("publish")
            .then(|| said(403, "You do not have permission to use this functionality."))
    });
    let (server, _) = misp(Shelf::default(), rule);
    let receipt = deliver(
        &server,
        &Draft {
            publish: true,
            ..draft(&["a"])
        },
    )
    .unwrap();
    assert_eq!(receipt.status, Status::Created);
    assert!(
        receipt.notes[0].text.contains("not published") && receipt.notes[0].text.contains("permission"),
        "{:?}",
        receipt.notes
    );
}

#[test]
fn a_server_that_breaks_off_before_publishing_is_asked_again_later() {
    let rule: Rule =
        Box::new(|request, number, _| (request.line.contains("publish") && number < 2).then_some(Reply::Cut));
    let (server, shelf) = misp(Shelf::default(), rule);
    let draft = Draft {
        publish: true,
        ..draft(&["a"])
    };
    assert!(deliver(&server, &draft).unwrap_err().is_temporary());
    deliver(&server, &draft).unwrap();
    assert_eq!(shelf.lock().unwrap().events.values().next().unwrap()["published"], true);
}

#[test]
fn adding_to_an_event_of_others_by_number_or_uuid() {
    let other = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"other");
    for target in ["7".to_owned(), other.to_string()] {
        let (server, shelf) = misp(Shelf::default(), plain());
        let tags = json!([{"name": "tlp:red"}]);
        shelf.lock().unwrap().store(
            &json!({"uuid": other, "Tag": tags, "Attribute": [attribute("old")]}),
            9,
            false,
        );
        let draft = Draft {
            add_to: Some(target),
            ..draft(&["a", "b"])
        };
        let receipt = deliver(&server, &draft).unwrap();
        assert_eq!(
            (receipt.status, receipt.uuid, receipt.attributes),
            (Status::Updated, Some(other), 4)
        );
        assert_eq!(
            shelf.lock().unwrap().events[&other.to_string()]["Tag"],
            tags,
            "a weaker marking is not added"
        );
        assert!(receipt.skipped.is_empty(), "{:?}", receipt.skipped);
        assert_eq!(deliver(&server, &draft).unwrap().status, Status::Unchanged);
        assert_eq!(server.lines().iter().filter(|line| line.contains("edit")).count(), 1);
    }
}

#[test]
fn an_event_to_add_to_that_is_not_there_or_no_event_is_said() {
    let (server, _) = misp(Shelf::default(), plain());
    for (target, words) in [
        ("99", "no event 99"),
        ("abc", "give its number or its uuid"),
        ("1/../2", "its number"),
    ] {
        let draft = Draft {
            add_to: Some(target.into()),
            ..draft(&["a"])
        };
        let error = deliver(&server, &draft).unwrap_err();
        assert!(!error.is_temporary() && error.to_string().contains(words), "{error}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_deleted_attribute_is_not_brought_back() {
    let gone = attribute("gone");
    let rule: Rule = Box::new(move |request, _, _| {
        let home = json!({"uuid": gone.uuid, "value": "gone", "event_id": "7", "deleted": true});
        request
            .line
            .contains("restSearch")
            .then(|| Reply::Json(200, json!({"response": {"Attribute": [home]}})))
    });
    let (server, shelf) = misp(Shelf::default(), rule);
    let draft = draft(&["a", "gone"]);
    deliver(&server, &draft).unwrap();
    for list in ["Attribute", "ObjectReference"] {
        let mut shelf = shelf.lock().unwrap();
        let event = shelf.events.values_mut().next().unwrap();
        let list = if list == "Attribute" {
            &mut event[list]
        } else {
            &mut event["Object"][0][list]
        };
        list.as_array_mut().unwrap().pop();
    }
    let receipt = deliver(&server, &draft).unwrap();
    assert_eq!(receipt.status, Status::Unchanged);
    assert!(
        !server.lines().iter().any(|line| line.contains("edit")),
        "{:?}",
        server.lines()
    );
    assert_eq!(receipt.skipped[0].reason.text, "somebody deleted it from the event");
}
