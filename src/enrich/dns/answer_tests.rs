use super::*;
use hickory_resolver::proto::rr::rdata::{A, CNAME};

fn name(text: &str) -> Name {
    Name::from_ascii(text).unwrap()
}

fn alias(from: &str, to: &str) -> Record {
    Record::from_rdata(name(from), 300, RData::CNAME(CNAME(name(to))))
}

fn a(owner: &str, last: u8, ttl: u32) -> Record {
    Record::from_rdata(name(owner), ttl, RData::A(A::new(192, 0, 2, last)))
}

const NONE: Result<Vec<Record>, NetError> = Ok(Vec::new());

#[test]
fn aliases_are_followed_and_the_shortest_time_holds() {
    let records = vec![a("c.", 1, 7200), alias("a.", "b."), alias("b.", "c.")];
    let answer = Answer::of(&name("a."), [Ok(records), NONE]);
    assert_eq!(answer.addresses, ["192.0.2.1".parse::<IpAddr>().unwrap()]);
    assert_eq!(answer.valid_for, Some(Duration::from_mins(5)));
}

#[test]
fn an_answer_for_another_name_is_a_failure_and_not_an_address() {
    let answer = Answer::of(&name("a."), [Ok(vec![a("bank.", 1, 60)]), NONE]);
    assert!(answer.addresses.is_empty() && answer.valid_for.is_none());
    assert_eq!(answer.failures.into_iter().collect::<Vec<_>>(), [Note::DnsEvasive]);
}

#[test]
fn a_loop_of_aliases_ends() {
    let answer = Answer::of(&name("a."), [Ok(vec![alias("a.", "b."), alias("b.", "a.")]), NONE]);
    assert!(answer.addresses.is_empty());
}

#[test]
fn one_half_that_failed_keeps_the_other_and_is_asked_again() {
    let answer = Answer::of(
        &name("a."),
        [Ok(vec![a("a.", 1, 1), a("a.", 1, 1)]), Err(NetError::Timeout)],
    );
    assert_eq!(answer.addresses.len(), 1);
    assert_eq!(answer.valid_for, None);
}

#[test]
fn addresses_are_sorted_and_of_limited_number() {
    let records = (0..=255).rev().map(|last| a("a.", last, 60)).collect();
    let answer = Answer::of(&name("a."), [Ok(records), NONE]);
    assert_eq!(answer.addresses.len(), MAX_ADDRESSES);
    assert_eq!(answer.addresses[0], "192.0.2.0".parse::<IpAddr>().unwrap());
}
