use super::super::methods;
use super::super::transport::tests::Pipe;
use super::*;

fn kind(of: impl Fn(&Session, Job), method: &'static Method) -> (Value, Value) {
    let pipe = Pipe::default();
    let session = Session::new(pipe.clone(), None);
    let job = Job {
        ticket: session.begin(7, false),
        method,
        params: Value::Null,
    };
    of(&session, job);
    let mut answer = pipe.message().1;
    (answer["id"].take(), answer["error"]["data"]["kind"].take())
}

#[test]
fn a_call_that_breaks_is_answered() {
    const BROKEN: &Method = &Method {
        name: "broken",
        lane: Lane::Local,
        run: |_, _| panic!("of this test"),
    };
    let answer = kind(|session, job| job.answer(session), BROKEN);
    assert_eq!(answer, (7.into(), "internal".into()));
}

#[test]
fn a_call_that_nobody_is_left_for_is_answered() {
    let gone = || mpsc::sync_channel(1).0;
    let workers = Workers {
        reading: gone(),
        local: gone(),
        question: gone(),
        delivery: gone(),
    };
    for method in ["preview", "status", "known", "send"] {
        let answer = kind(
            |session, job| workers.give(session, job),
            methods::find(method).unwrap(),
        );
        assert_eq!(answer, (7.into(), "internal".into()));
    }
}
