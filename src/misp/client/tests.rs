use std::time::{Duration, Instant};

use serde_json::json;
use uuid::Uuid;

use super::script::{KEY, Reply, Server};
use super::{ErrorKind, MispClient, MispError, MispSettings};
use crate::domain::Secret;

fn said(words: &str) -> serde_json::Value {
    json!({"name": words, "message": words, "url": "/events/add"})
}

fn add(reply: Reply) -> MispError {
    Server::replies(vec![reply])
        .client()
        .add_event(&json!({"Event": {"info": "x"}}))
        .unwrap_err()
}

#[test]
fn each_kind_of_refusal_has_its_own_meaning_and_next_step() {
    let cases = [
        (
            403,
            "Authentication failed. Please make sure you pass the API key",
            ErrorKind::Login,
            "expired",
        ),
        (
            403,
            "Authentication failed. Your user account has been disabled.",
            ErrorKind::Login,
            "administrator",
        ),
        (
            403,
            "It is not possible to use this Auth key from your IP address",
            ErrorKind::Login,
            "bound to other addresses",
        ),
        (
            403,
            "You do not have permission to use this functionality.",
            ErrorKind::Permission,
            "read-only",
        ),
        (
            403,
            "You are not authorised to do that.",
            ErrorKind::Permission,
            "another organisation",
        ),
        (
            403,
            "Event blocked by event blocklist.",
            ErrorKind::Refused,
            "was deleted there",
        ),
        (
            404,
            "Event already exists, if you would like to edit it, use the url",
            ErrorKind::Exists,
            "already exists",
        ),
        (404, "Invalid event", ErrorKind::NotFound, "Invalid event"),
        (
            405,
            "Invalid Sharing Group or not authorised.",
            ErrorKind::Refused,
            "configured sharing group",
        ),
        (405, "Invalid JSON input", ErrorKind::Refused, "Invalid JSON input"),
        (429, "Rate limit exceeded.", ErrorKind::Busy, "slow down"),
        (
            500,
            "An Internal Error Has Occurred.",
            ErrorKind::Interrupted,
            "Internal Error",
        ),
    ];
    for (status, words, kind, next) in cases {
        let error = add(Reply::Json(status, said(words)));
        assert_eq!(error.kind, kind, "{words}");
        assert!(error.to_string().contains(next), "{words}: {error}");
    }
}

#[test]
fn what_a_web_server_says_in_place_of_misp_is_told_apart() {
    let html = "Content-Type: text/html\r\n";
    let cases = [
        (413, html, ErrorKind::Refused, "client_max_body_size"),
        (502, html, ErrorKind::Interrupted, "502"),
        (504, html, ErrorKind::Interrupted, "504"),
        (503, html, ErrorKind::Busy, "not available"),
        (401, html, ErrorKind::Login, "log-in of its own"),
        (403, html, ErrorKind::Permission, "firewall or proxy"),
        (404, html, ErrorKind::NotMisp, "address"),
        (200, html, ErrorKind::NotMisp, "web page"),
        (
            200,
            "Content-Type: application/json\r\n",
            ErrorKind::NotMisp,
            "does not answer as MISP does",
        ),
        (
            302,
            "Location: http://127.0.0.1/users/login\r\n",
            ErrorKind::Busy,
            "maintenance",
        ),
        (
            301,
            "Location: https://misp.example.org/?a=b\r\n",
            ErrorKind::NotMisp,
            "redirects to https://misp.example.org/:",
        ),
    ];
    for (status, headers, kind, words) in cases {
        let error = add(Reply::Page(status, headers, "<html></html>"));
        assert_eq!(error.kind, kind, "{status}");
        assert!(error.to_string().contains(words), "{status}: {error}");
    }
}

#[test]
fn words_of_all_three_shapes_of_error_are_found() {
    let save = |errors| json!({"saved": false, "name": "Could not add Event", "message": "Could not add Event", "errors": errors});
    for (errors, words) in [
        (
            json!({"Event": {"date": ["Expected date format: YYYY-MM-DD"]}}),
            "date: Expected date format",
        ),
        (
            json!({"value": ["A similar attribute already exists for this event."]}),
            "value: A similar attribute",
        ),
        (json!({"attribute_0": "trips over a warninglist"}), "attribute_0: trips"),
        (json!("in words"), "Could not add Event: in words"),
    ] {
        let error = add(Reply::Json(403, save(errors)));
        assert!(
            error.kind == ErrorKind::Refused && error.to_string().contains(words),
            "{error}"
        );
    }
}

#[test]
fn a_redirect_is_never_followed() {
    let server = Server::replies(vec![Reply::Page(302, "Location: /users/login\r\n", "")]);
    server.client().version().unwrap_err();
    assert_eq!(server.lines(), ["GET /servers/getVersion"]);
}

#[test]
fn the_wait_that_a_server_asks_for_is_kept() {
    for (headers, seconds) in [
        ("Retry-After: 7\r\n", Some(7)),
        ("X-Rate-Limit-Reset: 900\r\n", Some(900)),
        ("Retry-After: x\r\n", None),
    ] {
        let error = add(Reply::Page(429, headers, ""));
        let after = error.after;
        assert_eq!(after, seconds.map(Duration::from_secs));
    }
}

#[test]
fn a_cut_or_hanging_connection_may_have_carried_the_request() {
    for reply in [Reply::Cut, Reply::Half, Reply::Hang] {
        let error = add(reply);
        assert!(error.may_have_arrived() && error.is_temporary(), "{error:?}");
    }
}

#[test]
fn a_refused_connection_has_not_carried_the_request() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = MispClient::new(MispSettings::new(&url, Secret::new(KEY))).unwrap();
    let error = client.version().unwrap_err();
    assert!(error.kind == ErrorKind::Unreachable, "{error:?}");
}

#[test]
fn a_request_has_key_accept_and_agent_and_no_error_shows_the_key() {
    let server = Server::replies(vec![Reply::Json(500, said("An Internal Error Has Occurred."))]);
    let client = server.client();
    let error = client.version().unwrap_err();
    let request = &server.requests()[0];
    let headers = request.headers.to_lowercase();
    assert!(headers.contains(&format!("authorization: {}", KEY.to_lowercase())));
    assert!(headers.contains("accept: application/json\r\n"));
    assert!(headers.contains(concat!("user-agent: mispigeon/", env!("CARGO_PKG_VERSION"))));
    assert!(!format!("{error:?} {error} {:?}", server.settings()).contains(KEY));
}

#[test]
fn settings_that_cannot_work_are_said_before_anything_is_sent() {
    for url in [
        "",
        "misp.example.org",
        "ftp://misp.example.org",
        "https://u:p@misp.example.org",
        "https://m.example/?a",
    ] {
        assert!(
            MispClient::new(MispSettings::new(url, Secret::new(KEY))).is_err(),
            "{url}"
        );
    }
    let client = |change: fn(&mut MispSettings)| {
        let mut settings = MispSettings::new("https://127.0.0.1:1", Secret::new(KEY));
        change(&mut settings);
        MispClient::new(settings).unwrap().version().unwrap_err().to_string()
    };
    assert!(client(|settings| settings.key = Secret::new("")).contains("API key is not set"));
    assert!(client(|settings| settings.key = Secret::new("a\nb")).contains("characters that no key has"));
    assert!(client(|settings| settings.options.ca_file = Some("/nowhere/ca.pem".into())).contains("/nowhere/ca.pem"));
    assert!(client(|settings| settings.options.client_cert = Some("/nowhere/c.pem".into())).contains("/nowhere/c.pem"));
    assert!(
        client(|settings| settings.options.ca_file = Some("Cargo.toml".into())).contains("no certificate in PEM form")
    );
    assert!(client(|settings| settings.options.client_cert = Some("Cargo.toml".into())).contains("PEM is wanted"));
}

#[test]
fn a_folder_in_the_address_is_kept() {
    let client = MispClient::new(MispSettings::new(" https://a.example/misp/ ", Secret::new(KEY))).unwrap();
    assert_eq!(client.event_url("7"), "https://a.example/misp/events/view/7");
}

#[test]
fn an_unchecked_certificate_is_warned_about() {
    let mut settings = MispSettings::new("https://a.example", Secret::new(KEY));
    settings.options.verify = false;
    assert!(
        MispClient::new(settings)
            .unwrap()
            .warning()
            .is_some_and(|note| note.text().contains("not checked"))
    );
}

#[test]
fn no_hit_on_any_warninglist_is_an_empty_array() {
    let hits = json!({"8.8.8.8": [{"id": "96", "name": "public DNS", "matched": "8.8.8.8/32"}]});
    let server = Server::replies(vec![Reply::Json(200, json!([])), Reply::Json(200, hits)]);
    let client = server.client();
    let values = ["8.8.8.8".to_owned()];
    assert!(client.check_warninglists(&values).unwrap().is_empty());
    assert_eq!(client.check_warninglists(&values).unwrap()["8.8.8.8"], ["public DNS"]);
    assert!(client.check_warninglists(&[]).unwrap().is_empty());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_search_never_asks_what_misp_would_misread() {
    let uuid = Uuid::new_v4();
    let event = json!({"id": "3", "uuid": uuid, "info": "t"});
    let hit = |value: &str| json!({"uuid": uuid, "value": value, "event_id": "3", "Event": event});
    let answer =
        json!({"response": {"Attribute": [hit("a.example"), hit("A.EXAMPLE"), hit("other.example"), hit("f.exe|0a")]}});
    let server = Server::replies(vec![Reply::Json(200, answer)]);
    let values = ["a.example", "!b", "%c", "d%", "&&e", "", "f.exe|0a"].map(str::to_owned);
    let known = server.client().known_values(&values).unwrap();
    assert_eq!(known.not_asked, ["!b", "%c", "d%", "&&e", ""]);
    assert_eq!(known.hits.keys().collect::<Vec<_>>(), ["a.example", "f.exe|0a"]);
    assert_eq!(known.hits["a.example"].len(), 1);
    assert_eq!(server.requests()[0].json()["value"], json!(["a.example", "f.exe"]));
    server.client().known_values(&[String::new()]).unwrap();
    assert_eq!(server.requests().len(), 1, "an empty filter would return everything");
}

#[test]
fn a_connection_test_says_who_we_are_and_what_we_may_not() {
    let me = json!({"User": {"email": "u@a.example"}, "Role": {"name": "User", "perm_add": true, "perm_tagger": "1"},
        "Organisation": {"name": "CERT"}});
    let server = Server::replies(vec![
        Reply::Json(200, json!({"version": "2.5.1"})),
        Reply::Json(200, me),
    ]);
    let words = server.client().test_connection().unwrap().to_string();
    assert_eq!(
        words,
        "MISP 2.5.1, user u@a.example of CERT, role User; may not publish, create tags that the server does not have, \
         add sightings"
    );
}

#[test]
fn an_answer_that_drips_or_does_not_end_is_given_up() {
    for (reply, code) in [
        (Reply::Drip, "answer_broke_off"),
        (Reply::Flood, "answer_too_large"),
        (Reply::Bomb, "answer_too_large"),
    ] {
        let server = Server::replies(vec![reply]);
        let mut settings = server.settings();
        settings.options.timeout = if code == "answer_too_large" {
            Duration::from_mins(1)
        } else {
            Duration::from_secs(1)
        };
        let began = Instant::now();
        let error = MispClient::new(settings).unwrap().view_event("7").unwrap_err();
        assert_eq!(error.problem.code, code);
        assert!(
            error.is_temporary() && began.elapsed() < Duration::from_secs(30),
            "{error}"
        );
    }
}

#[test]
fn the_time_for_the_headers_is_part_of_that_for_the_whole_answer() {
    let server = Server::replies(vec![Reply::Late(Duration::from_secs(3))]);
    let mut settings = server.settings();
    settings.options.timeout = Duration::from_secs(4);
    let began = Instant::now();
    let error = MispClient::new(settings).unwrap().view_event("7").unwrap_err();
    assert_eq!(error.problem.code, "answer_broke_off");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(error.to_string().contains("timed out"), "{error}");
}
