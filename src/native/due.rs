//! Delivers what is due in the outbox, in a thread of its own, until the session ends.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use serde::Serialize;

use super::calls::delivery::{DETAILS, Delivery};
use super::calls::outbox::Backlog;
use super::fault::Fault;
use super::session::Session;
use super::threads::Threads;
use crate::domain::Status;
use crate::pipeline::delivery::{Courier, Silent};

/// Time between two looks at the outbox.
const BETWEEN_LOOKS: Duration = Duration::from_secs(15);

/// Time before the first look: a person who waits for a preview comes first.
const BEFORE_FIRST_LOOK: Duration = Duration::from_secs(1);

/// Parameters of the notification `outbox.delivered`.
#[derive(Serialize)]
struct Delivered {
    delivery: Delivery,
    backlog: Backlog,
}

/// Starts the thread. It ends when the returned value is dropped.
pub fn start(session: &Arc<Session>, threads: &mut Threads) -> Sender<()> {
    let (watch, closing) = mpsc::channel();
    let session = Arc::clone(session);
    threads.start("what is due in the outbox", move || look(&session, &closing));
    watch
}

fn look(session: &Session, closing: &Receiver<()>) {
    let silent = Arc::default();
    let mut pause = BEFORE_FIRST_LOOK;
    while closing.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        if !session.is_greeted() {
            continue;
        }
        pause = BETWEEN_LOOKS;
        match panic::catch_unwind(AssertUnwindSafe(|| deliver(session, &silent))) {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!("what waits in the outbox was not delivered: {}", fault.message),
            Err(_) => tracing::warn!("what waits in the outbox was not delivered because of a fault in mispigeon"),
        }
    }
}

/// Delivers everything due. Notifies the extension of each mail that arrived or failed for good.
fn deliver(session: &Session, silent: &Arc<Silent>) -> Result<(), Fault> {
    let config = session.read_config()?;
    let settings = config.profile(None)?;
    if !settings.paths.state_db.exists() {
        return Ok(());
    }
    let courier = Courier::open(&config, &settings)?.with_program().with_silent(silent);
    while !session.is_closing() {
        let Some(delivery) = courier.deliver_next()? else {
            break;
        };
        if delivery.receipt.status != Status::Queued {
            let delivered = Delivered {
                delivery: Delivery::of_row(courier.outbox(), delivery, &mut { DETAILS })?,
                backlog: Backlog::of(courier.outbox())?,
            };
            session.output.notify("outbox.delivered", delivered);
        }
    }
    Ok(())
}
