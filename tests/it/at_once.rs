//! Mails that many processes send at the same moment, each with a memory of its own.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::json;

use crate::double::Double;
use crate::program::Home;

/// Sends `mails` from as many processes, each with a memory of its own; returns how many of them failed.
fn at_once(double: &Double, processes: usize, mails: &[PathBuf]) -> usize {
    let homes: Vec<Home> = (0..processes).map(|_| double.home()).collect();
    let children: Vec<_> = homes
        .iter()
        .map(|home| {
            let mut command = home.command();
            command
                .arg("send")
                .args(mails)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command.spawn().expect("the program starts")
        })
        .collect();
    children
        .into_iter()
        .map(|mut child| child.wait().expect("it ends"))
        .filter(|status| !status.success())
        .count()
}

#[test]
fn eight_processes_with_one_mail_make_one_event_and_none_fails() {
    let double = Double::start(&[]);
    let home = Home::new();
    let mail = home.write(
        "mail.eml",
        "From: a@cert.example\nSubject: One\n\nhxxp://evil-one[.]com/\n",
    );
    double.fail(&json!({"kind": "slow", "method": "POST", "path": "/events/add", "seconds": 1, "after": 1}));
    assert_eq!(at_once(&double, 8, &[mail]), 0, "{:?}", double.requests());
    assert_eq!(double.events(), 1);
}

/// Sends `count` mails, all of them from each of as many processes: all end well, and there is one event of each mail.
#[track_caller]
fn arrive(processes: usize, count: u64) {
    let double = Double::start(&[]);
    let home = Home::new();
    let mails: Vec<_> = (0..count)
        .map(|number| {
            let mail = format!(
                "From: a@cert.example\nSubject: n{number}\nMessage-ID: <{number}@x>\n\nhxxp://evil{number}[.]com/\n"
            );
            home.write(&format!("{number}.eml"), mail)
        })
        .collect();
    assert_eq!(at_once(&double, processes, &mails), 0);
    assert_eq!(double.events(), count);
}

#[test]
fn five_hundred_mails_arrive() {
    arrive(2, 500);
}

#[test]
fn each_of_eight_processes_sends_the_same_mails_and_none_fails() {
    arrive(8, 60);
}

#[test]
#[ignore = "the same with 500 mails takes minutes: run it by hand after a change of the delivery"]
fn each_of_eight_processes_sends_the_same_500_mails_and_none_fails() {
    arrive(8, 500);
}
