//! The thread that delivers what is due, in batches. It waits while many mails come in, because their senders wait, too.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::config::{Config, Settings};
use crate::domain::with_causes;
use crate::pipeline::delivery::{Courier, Delivery};

/// How often to look for rows of other processes when no mail comes.
const LOOK: Duration = Duration::from_secs(15);

/// A burst is over when no mail came for this long.
const LULL: Duration = Duration::from_millis(50);

/// Longest wait for a lull under steady load.
const LONGEST_BURST: Duration = Duration::from_secs(3);

/// Most rows that are delivered together.
const BATCH: usize = 1000;

/// Delivers what is due, and looks again at once when a mail was stored.
pub(super) fn deliver(config: &Config, settings: &Settings, news: &Receiver<()>, ending: &AtomicBool) {
    let courier = match Courier::open(config, settings) {
        Ok(courier) => courier,
        Err(error) => return tracing::error!("nothing is delivered: {}", with_causes(&error)),
    };
    let go_on = || !ending.load(Ordering::SeqCst);
    while go_on() {
        wait_for_lull(news);
        match courier.deliver_batch(BATCH, &go_on, &mut report) {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!("{}", with_causes(&error)),
        }
        let mut left = LOOK;
        // Short steps, because nothing wakes this thread when the listener ends.
        while !left.is_zero() && go_on() {
            let step = left.min(Duration::from_millis(200));
            match news.recv_timeout(step) {
                Err(RecvTimeoutError::Timeout) => left -= step,
                Ok(()) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// Waits until a burst of mails is over.
fn wait_for_lull(news: &Receiver<()>) {
    let until = Instant::now() + LONGEST_BURST;
    while Instant::now() < until && news.recv_timeout(LULL).is_ok() {}
}

/// Logs the outcome of a delivery.
fn report(delivery: Delivery) {
    let id = delivery.id;
    match delivery.receipt.error {
        Some(error) if delivery.fault.is_some() => tracing::error!("outbox entry {id}: {error}"),
        Some(error) => tracing::warn!("outbox entry {id} waits: {error}"),
        None => tracing::info!("outbox entry {id}: delivered"),
    }
}
