//! The thread that delivers what is due, in batches. It waits while many mails come in, because their senders wait, too.
//!
//! A destination that does not answer, or refuses, is no failure here: mails wait for it in the outbox. Without threads, files or room
//! on the disk no destination can be reached, so then no mails are taken.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::server::Server;
use super::shortage;

use crate::config::Settings;
use crate::domain::{Status, with_causes};
use crate::outbox::OutboxError;
use crate::pipeline::delivery::{Courier, Delivery};

/// How often to look for rows of other processes when no mail comes.
const LOOK: Duration = Duration::from_secs(15);

/// How often to look whether delivery works again after it failed for what the machine lacks.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A burst is over when no mail came for this long.
const LULL: Duration = Duration::from_millis(50);

/// Longest wait for a lull under steady load.
const LONGEST_BURST: Duration = Duration::from_secs(3);

/// Most rows that are delivered together.
const BATCH: usize = 500;

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
            server.health.beat();
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
    let go_on = || {
        server.health.beat();
        !server.is_ending()
    };
    let mut lacked = false;
    let mut is_behind = false;
    while go_on() {
        // Under a load that does not end, one wait for all that is due, or more would come in meanwhile than goes out.
        if !is_behind {
            wait_for_lull(news);
        }
        if courier.wake_if_changed()? {
            return Ok(Ended::Configuration);
        }
        let mut ends = Ends::default();
        let claimed = courier.deliver_batch(BATCH, &go_on, &mut |delivery| {
            server.health.beat();
            ends.count(&delivery);
            report(delivery);
        })?;
        is_behind = claimed == BATCH;
        let asks = !ends.arrived && (claimed > 0 || lacked);
        let shortage = asks.then(|| shortage::find(courier.outbox().path())).flatten();
        if let Some(shortage) = shortage.as_ref().filter(|_| !lacked) {
            tracing::error!("nothing is delivered: {shortage}");
        }
        lacked = shortage.is_some();
        // Rows without an end were given back, for a reason that is in the log.
        let works = !lacked && (claimed == 0 || ends.any || !go_on());
        server.health.note(works);
        if works && claimed > 0 {
            continue;
        }
        let mut left = if works { LOOK } else { LOOK_AGAIN };
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

/// What became of the rows of a batch.
#[derive(Default)]
struct Ends {
    any: bool,
    /// Whether an event is at its destination.
    arrived: bool,
}

impl Ends {
    fn count(&mut self, delivery: &Delivery) {
        self.any = true;
        self.arrived |= !matches!(delivery.receipt.status, Status::Queued | Status::Failed);
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
