//! Delivers many rows at a time. All processors build events, and events for a feed go into it together, because each
//! write replaces the whole manifest.

use std::thread;

use super::{Courier, Delivery, LEASE, Obstacle, Ready, Step};
use crate::destination::feed::Feed;
use crate::domain::{Target, with_causes};
use crate::faults;
use crate::misp::event::Draft;
use crate::outbox::{Claim, OutboxError, RowId};

/// How many events are built before the next look at the feed.
const BUILT_TOGETHER: usize = 64;

/// Limit for mails, in bytes, whose events are in memory for that.
const BUILT_BYTES: usize = 16 << 20;

/// Limit for mails, in bytes, whose events wait in memory to go into a feed together.
const FEED_BYTES: usize = 32 << 20;

/// Events that go into one feed together.
#[derive(Default)]
struct FeedBatch<'c> {
    feed: Option<Feed>,
    drafts: Vec<(&'c Claim, Draft)>,
    bytes: usize,
}

impl<'c> FeedBatch<'c> {
    fn takes(&self, ready: &Ready) -> bool {
        let same = |feed: &Feed| *feed == ready.settings.feed();
        self.feed.as_ref().is_none_or(same) && self.bytes < FEED_BYTES
    }

    fn add(&mut self, claim: &'c Claim, ready: Box<Ready>) {
        self.bytes += claim.size;
        let Ready { draft, settings, .. } = *ready;
        self.feed.get_or_insert_with(|| settings.feed());
        self.drafts.push((claim, draft));
    }
}

impl Courier<'_> {
    /// Delivers up to `limit` rows that are due and calls `each` with every delivery. Events for a feed are written
    /// together. When `go_on` returns false, releases the rows that were not begun. Returns how many rows it claimed.
    pub fn deliver_batch(
        &self,
        limit: usize,
        go_on: &dyn Fn() -> bool,
        each: &mut dyn FnMut(Delivery),
    ) -> Result<usize, OutboxError> {
        let claims = self.outbox.claim_due(limit, LEASE)?;
        if let [claim] = claims.as_slice()
            && let Some(delivery) = self.deliver_alone(claim)?
        {
            each(delivery);
            return Ok(1);
        }
        // A feed takes its events at once. A server may let us wait for each answer.
        let (mut claims, of_servers): (Vec<_>, Vec<_>) =
            claims.into_iter().partition(|claim| self.goes_to_feed(claim.id));
        let of_feeds = claims.len();
        claims.extend(of_servers);
        let (feeds, servers) = claims.split_at(of_feeds);
        let delivered = self.keeping(&claims, || {
            self.deliver_built(feeds, go_on, each)?;
            self.deliver_built(servers, go_on, each)
        });
        if delivered.is_err() {
            self.let_go(&claims);
        }
        delivered.map(|()| claims.len())
    }

    /// Of a row that cannot be read, or whose profile cannot be used, something else tells.
    fn goes_to_feed(&self, id: RowId) -> bool {
        let Ok((profile, chosen)) = self.outbox.way(id) else {
            return false;
        };
        let set = || self.config.settings(profile.as_deref()).ok().map(|set| set.destination);
        chosen.or_else(set) == Some(Target::Feed)
    }

    fn deliver_built(
        &self,
        claims: &[Claim],
        go_on: &dyn Fn() -> bool,
        each: &mut dyn FnMut(Delivery),
    ) -> Result<(), OutboxError> {
        let mut batch = FeedBatch::default();
        let mut rest = claims;
        while !rest.is_empty() {
            if !go_on() {
                rest.iter().try_for_each(|claim| self.outbox.release(claim))?;
                break;
            }
            let (together, others) = rest.split_at(first_to_build(rest));
            rest = others;
            for (claim, ready) in self.make_ready(together) {
                match ready {
                    Ok(Step::Ended(delivery)) => each(*delivery),
                    Ok(Step::Ready(ready)) if ready.target == Target::Feed => {
                        if !batch.takes(&ready) {
                            self.end_batch(std::mem::take(&mut batch), each)?;
                        }
                        batch.add(claim, ready);
                    }
                    Ok(Step::Ready(ready)) => match self.hand_over(claim, *ready) {
                        Ok(delivery) => each(delivery),
                        Err(error) => self.pass_over(claim, &error),
                    },
                    Err(error) => self.pass_over(claim, &error),
                }
            }
        }
        self.end_batch(batch, each)
    }

    /// One row must not keep the others of its batch from being delivered.
    fn pass_over(&self, claim: &Claim, error: &OutboxError) {
        tracing::error!("outbox entry {}: {}", claim.id, with_causes(error));
        self.let_go(std::slice::from_ref(claim));
    }

    fn make_ready<'c>(&self, claims: &'c [Claim]) -> Vec<(&'c Claim, Result<Step, OutboxError>)> {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let share = claims.len().div_ceil(workers).max(1);
        thread::scope(|scope| {
            let build = |claim| (claim, self.ready_or_set_aside(claim, None));
            let build_all = move |share: &'c [Claim]| share.iter().map(build).collect::<Vec<_>>();
            let mut shares = claims.chunks(share);
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> = shares
                .map(|share| {
                    let spawn = |()| thread::Builder::new().spawn_scoped(scope, move || build_all(share));
                    faults::point("build.spawn").and_then(spawn).map_err(|_| share)
                })
                .collect();
            let mut made = build_all(own);
            for other in others {
                match other {
                    // `build` catches panics, so `join` does not fail.
                    Ok(thread) => made.extend(thread.join().unwrap_or_default()),
                    // The system has no thread to spare.
                    Err(share) => made.extend(build_all(share)),
                }
            }
            made
        })
    }

    fn end_batch(&self, batch: FeedBatch<'_>, each: &mut dyn FnMut(Delivery)) -> Result<(), OutboxError> {
        let Some(feed) = batch.feed else { return Ok(()) };
        let outcomes = match feed.deliver_many(batch.drafts.iter().map(|(_, draft)| draft)) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let obstacle = Obstacle::from(error);
                for (claim, draft) in batch.drafts {
                    each(self.give_up(claim, obstacle.clone(), Some(draft))?);
                }
                return Ok(());
            }
        };
        let mut done = Vec::with_capacity(outcomes.len());
        for ((claim, draft), outcome) in batch.drafts.into_iter().zip(outcomes) {
            match outcome {
                Ok(receipt) => done.push((claim, receipt, draft)),
                Err(error) => each(self.give_up(claim, error.into(), Some(draft))?),
            }
        }
        let ended: Vec<_> = done.iter().map(|(claim, receipt, _)| (*claim, receipt)).collect();
        self.outbox.finish_many(&ended, Target::Feed.name())?;
        for (claim, receipt, draft) in done {
            each(Delivery::ended(claim.id, receipt, draft));
        }
        Ok(())
    }
}

/// How many of the rows are built together: at least one.
fn first_to_build(claims: &[Claim]) -> usize {
    let mut bytes = 0;
    let fits = |claim: &&Claim| {
        bytes += claim.size;
        bytes <= BUILT_BYTES
    };
    let few = claims.iter().take(BUILT_TOGETHER).take_while(fits).count();
    few.clamp(1, claims.len().max(1))
}
