//! The thread that delivers what is due, in batches. It waits while many mails come in, because their senders wait, too.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::server::Server;

use crate::config::Settings;
use crate::domain::with_causes;
use crate::outbox::OutboxError;
use crate::pipeline::delivery::{Courier, Delivery};

/// How often to look for rows of other processes when no mail comes.
const LOOK: Duration = Duration::from_secs(15);

/// A burst is over when no mail came for this long.
const LULL: Duration = Duration::from_millis(50);

/// Longest wait for a lull under steady load.
const LONGEST_BURST: Duration = Duration::from_secs(3);

/// Most rows that are delivered together.
const BATCH: usize = 1000;

/// First wait before delivery begins again after a failure. Each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// Longest wait before delivery begins again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Delivers until the listener ends. Begins again, with the database opened anew, whenever delivery failed: for lack of threads or
/// files, because the database is gone, or by a fault. `settings` are those of the start: they say where the database is.
pub(super) fn deliver(settings: &Settings, news: &Receiver<()>, server: &Server) {
    let mut pause = FIRST_PAUSE;
    while !server.is_ending() {
        let began = Instant::now();
        match panic::catch_unwind(AssertUnwindSafe(|| work(settings, news, server))) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::error!("nothing is delivered: {}", with_causes(&error)),
            Err(_) => tracing::error!("delivery broke off because of a fault in mispigeon or for lack of threads"),
        }
        server.health.note(false);
        pause = if began.elapsed() > LONGEST_PAUSE {
            FIRST_PAUSE
        } else {
            (pause * 2).min(LONGEST_PAUSE)
        };
        let until = Instant::now() + pause;
        while Instant::now() < until && !server.is_ending() {
            thread::sleep(FIRST_PAUSE.min(until.saturating_duration_since(Instant::now())));
        }
    }
}

/// Delivers until the listener ends, each time with the configuration as it is then.
fn work(settings: &Settings, news: &Receiver<()>, server: &Server) -> Result<(), OutboxError> {
    let silent = Arc::default();
    while !server.is_ending() {
        let config = server.config.get();
        let courier = Courier::open(&config, settings)?.with_program().with_silent(&silent);
        if deliver_until_changed(&courier, news, server)? == Ended::Listener {
            return Ok(());
        }
        let profiles = settings.listen.profiles.iter().map(|(profile, _)| profile.as_str());
        match server.config.reload(profiles) {
            Ok(()) => tracing::info!("the configuration was read"),
            Err(error) => tracing::error!(
                "the configuration was changed and cannot be used; it stays as it was: {}",
                with_causes(&error)
            ),
        }
    }
    Ok(())
}

/// What ends the use of a configuration.
#[derive(PartialEq)]
enum Ended {
    Listener,
    Configuration,
}

/// Delivers what is due, and looks again at once when a mail was stored.
fn deliver_until_changed(courier: &Courier<'_>, news: &Receiver<()>, server: &Server) -> Result<Ended, OutboxError> {
    let go_on = || !server.is_ending();
    while go_on() {
        wait_for_lull(news);
        if courier.wake_if_changed()? {
            return Ok(Ended::Configuration);
        }
        let delivered = courier.deliver_batch(BATCH, &go_on, &mut report)?;
        server.health.note(true);
        if delivered > 0 {
            continue;
        }
        let mut left = LOOK;
        // Short steps, because nothing wakes this thread when the listener ends.
        while !left.is_zero() && go_on() {
            let step = left.min(Duration::from_millis(200));
            match news.recv_timeout(step) {
                Err(RecvTimeoutError::Timeout) => left -= step,
                Ok(()) => break,
                Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Listener),
            }
        }
    }
    Ok(Ended::Listener)
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
