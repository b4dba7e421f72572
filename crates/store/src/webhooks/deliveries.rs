//! Messages on their way: handed out in order under a claim, tried again later, parked, and what came of each attempt.

use banklink_domain::{
    activity::{Action, Change},
    hash::ContentHash,
    idempotency::Claim,
    ids::{AppId, WebhookId},
    time::{after, before},
    webhook::{DeliveryStage, DeliveryState, EventKind, Message, RETENTION, Reply, Webhook},
};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, Query},
};
use serde::Serialize;

use super::{
    Webhooks, of,
    outbox::{Happened, tell_one},
};
use crate::{
    activities::note,
    cursor::Page,
    entities::{webhook, webhook_attempt, webhook_message},
    error::StoreError,
};

/// How long whoever sends a message has for it: twice what sending takes at most. One that is not settled by then was cut
/// off, and is sent again.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// A message and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What is told.
    pub message: Message,
    /// Whether it arrived.
    pub state: DeliveryState,
    /// How often it was tried, since it was asked for last.
    pub attempts: u32,
}

/// One time that a message was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// How long it took.
    pub took: SignedDuration,
    /// What was said back.
    pub reply: Reply,
}

/// A message that is the caller's to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The message.
    pub message: Message,
    /// How often it was tried before.
    pub attempts: u32,
    claim: Claim,
}

/// How many tests of a webhook may wait.
const MAX_TESTS: u64 = 20;

/// What came of trying a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum TestWebhook {
    /// This message is on its way.
    Sent(i64),
    /// So many wait already that one more tells nothing.
    TooMany,
    /// The app has no such webhook.
    Unknown,
}

/// What is on its way, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// By the name of the state.
    pub by_state: Vec<(String, u64)>,
    /// When what the oldest message that has not arrived tells of happened.
    pub oldest_pending: Option<Timestamp>,
}

/// Of whoever tries a webhook.
#[derive(Serialize)]
struct Nothing {}

impl Webhooks<'_> {
    /// Webhooks that have something to be told now, at most `limit`; those that waited longest first.
    pub async fn due(&self, limit: u64, now: Timestamp) -> Result<Vec<WebhookId>, StoreError> {
        use webhook_message::Column;
        let rows: Vec<String> = webhook_message::Entity::find()
            .filter(claimable(now))
            .filter(is_first_in_lane())
            .select_only()
            .column(Column::WebhookId)
            .group_by(Column::WebhookId)
            .order_by_asc(Column::StateAt.min())
            .limit(limit)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        let ids = rows.iter().map(|id| id.parse().map_err(|_| StoreError::Corrupt { table: "webhooks", column: "id" }));
        ids.collect()
    }

    /// Takes up to `limit` messages of a webhook to send: the oldest of each connection, if it is due; those that wait
    /// longest first.
    pub async fn claim(
        &self,
        webhook: WebhookId,
        claim: Claim,
        limit: u64,
        now: Timestamp,
    ) -> Result<Vec<Claimed>, StoreError> {
        use webhook_message::{Column, Entity};
        let first = Query::select()
            .column((Entity, Column::Number))
            .from(Entity)
            .and_where(Column::WebhookId.eq(webhook.to_string()))
            .and_where(claimable(now))
            .and_where(is_first_in_lane())
            // As the index has them, so that nothing is read that is not taken.
            .order_by((Entity, Column::StateAt), sea_orm::Order::Asc)
            .order_by((Entity, Column::Number), sea_orm::Order::Asc)
            .limit(limit)
            .to_owned();
        let rows = Entity::update_many()
            .col_expr(Column::Claim, Expr::value(claim.as_bytes().to_vec()))
            .col_expr(Column::ClaimedUntil, Expr::value(after(now, LEASE).as_millisecond()))
            .filter(Column::Number.in_subquery(first))
            .filter(claimable(now))
            .exec_with_returning(self.store.writer())
            .await?;
        let claimed = |row| {
            let Delivery { message, attempts, .. } = Delivery::try_from(row)?;
            Ok(Claimed { message, attempts, claim })
        };
        // What a newer version of the program wrote is its own to send; it must not keep the rest.
        Ok(rows.into_iter().map(claimed).filter_map(Result::<Claimed, StoreError>::ok).collect())
    }

    /// Writes down what came of sending a message, and what becomes of it. Nothing where somebody else sends it by now.
    pub async fn settle(&self, claimed: &Claimed, attempt: &Attempt, state: DeliveryState) -> Result<(), StoreError> {
        use webhook_message::Column;
        let transaction = self.store.begin().await?;
        let at = match state {
            DeliveryState::Pending { next } => next,
            DeliveryState::Delivered { at } | DeliveryState::Parked { at } => at,
        };
        let updated = webhook_message::Entity::update_many()
            .col_expr(Column::State, Expr::value(state.stage().as_str()))
            .col_expr(Column::StateAt, Expr::value(at.as_millisecond()))
            .col_expr(Column::Attempts, Expr::value(i64::from(claimed.attempts) + 1))
            .col_expr(Column::Claim, Expr::value(None::<Vec<u8>>))
            .col_expr(Column::ClaimedUntil, Expr::value(None::<i64>))
            .filter(Column::Number.eq(claimed.message.number))
            .filter(Column::Claim.eq(claimed.claim.as_bytes().to_vec()))
            .exec_with_returning(&transaction)
            .await?;
        let Some(settled) = updated.into_iter().next() else { return Ok(()) };
        let lane = Lane { webhook: &settled.webhook_id, name: &settled.lane };
        match state {
            DeliveryState::Pending { next } => lane.wait(&transaction, next).await?,
            DeliveryState::Delivered { at } | DeliveryState::Parked { at } => lane.go_on(&transaction, at).await?,
        }
        let (status, said) = match &attempt.reply {
            Reply::Answered { status, body } => (Some(i64::from(*status)), body.clone()),
            Reply::Silent(silence) => (None, silence.as_str().to_owned()),
        };
        let row = webhook_attempt::ActiveModel {
            number: NotSet,
            message: Set(claimed.message.number),
            at: Set(attempt.at.as_millisecond()),
            millis: Set(i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX)),
            status: Set(status),
            said: Set(said),
        };
        webhook_attempt::Entity::insert(row).exec_without_returning(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// What a webhook was told, or is to be, newest first, at most `limit`, before the message of number `before`; only
    /// what is at a stage, if one is named.
    pub async fn deliveries(
        &self,
        webhook: WebhookId,
        stage: Option<DeliveryStage>,
        before: Option<i64>,
        limit: u64,
    ) -> Result<Page<Delivery, i64>, StoreError> {
        let mut select =
            webhook_message::Entity::find().filter(webhook_message::Column::WebhookId.eq(webhook.to_string()));
        if let Some(stage) = stage {
            select = select.filter(webhook_message::Column::State.eq(stage.as_str()));
        }
        if let Some(before) = before {
            select = select.filter(webhook_message::Column::Number.lt(before));
        }
        let rows = select
            .order_by_desc(webhook_message::Column::Number)
            .limit(limit.saturating_add(1))
            .all(self.store.reader())
            .await?;
        let deliveries = rows.into_iter().map(Delivery::try_from).collect::<Result<_, _>>()?;
        Ok(Page::of(deliveries, limit, |last: &Delivery| last.message.number))
    }

    /// One message of a webhook's, with every time that it was sent, the first first.
    pub async fn delivery(
        &self,
        webhook: WebhookId,
        number: i64,
    ) -> Result<Option<(Delivery, Vec<Attempt>)>, StoreError> {
        let row = webhook_message::Entity::find_by_id(number)
            .filter(webhook_message::Column::WebhookId.eq(webhook.to_string()))
            .one(self.store.reader())
            .await?;
        let Some(delivery) = row.map(Delivery::try_from).transpose()? else { return Ok(None) };
        let attempts = webhook_attempt::Entity::find()
            .filter(webhook_attempt::Column::Message.eq(number))
            .order_by_asc(webhook_attempt::Column::Number)
            .all(self.store.reader())
            .await?;
        let attempts = attempts.into_iter().map(Attempt::try_from).collect::<Result<_, _>>()?;
        Ok(Some((delivery, attempts)))
    }

    /// Sends a message once more, whether it arrived or not; says whether there is one. One that is on its way anyway is
    /// sent at once.
    pub async fn redeliver(
        &self,
        app: AppId,
        webhook: WebhookId,
        number: i64,
        change: &Change,
    ) -> Result<bool, StoreError> {
        use webhook_message::Column;
        let transaction = self.store.begin().await?;
        let updated = webhook_message::Entity::update_many()
            .col_expr(Column::State, Expr::value("pending"))
            .col_expr(Column::StateAt, Expr::value(change.at.as_millisecond()))
            .col_expr(Column::Attempts, Expr::value(0))
            .filter(Column::Number.eq(number))
            .filter(Column::WebhookId.eq(webhook.to_string()))
            .exec(&transaction)
            .await?;
        if updated.rows_affected == 0 {
            return Ok(false);
        }
        let subject = webhook.to_string();
        note(&transaction, app, change, Action::DeliveryRepeated, subject, number.to_string()).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Tells a webhook that somebody tries it, unless it was tried often and took nothing yet.
    pub async fn test(&self, app: AppId, id: WebhookId, change: &Change) -> Result<TestWebhook, StoreError> {
        use webhook_message::Column;
        let transaction = self.store.begin().await?;
        let row = webhook::Entity::find().filter(of(app, id)).one(&transaction).await?;
        let Some(known) = row.map(Webhook::try_from).transpose()? else { return Ok(TestWebhook::Unknown) };
        let waiting = webhook_message::Entity::find()
            .filter(Column::WebhookId.eq(id.to_string()))
            .filter(Column::State.eq("pending"))
            .filter(Column::Kind.eq(EventKind::Test.as_str()));
        if waiting.count(&transaction).await? >= MAX_TESTS {
            return Ok(TestWebhook::TooMany);
        }
        // Whoever tries it waits for nothing else.
        let now = change.at;
        let lane = ContentHash::of(format!("{id} {now}").as_bytes()).to_string();
        let happened = Happened { app, kind: EventKind::Test, at: now, lane: &lane, data: Nothing {}, secret: None };
        let number = tell_one(&transaction, known.id, &happened).await?;
        note(&transaction, app, change, Action::WebhookTested, id.to_string(), known.url.as_str()).await?;
        transaction.commit().await?;
        Ok(TestWebhook::Sent(number))
    }

    /// How many messages there are in each state, and since when the oldest waits.
    pub async fn queue(&self) -> Result<Queue, StoreError> {
        use webhook_message::Column;
        let counts: Vec<(String, i64)> = webhook_message::Entity::find()
            .select_only()
            .column(Column::State)
            .column_as(Column::Number.count(), "messages")
            .group_by(Column::State)
            .into_tuple()
            .all(self.store.reader())
            .await?;
        let oldest = webhook_message::Entity::find()
            .filter(Column::State.eq("pending"))
            .order_by_asc(Column::Number)
            .one(self.store.reader())
            .await?;
        let by_state = counts.into_iter().map(|(state, messages)| (state, u64::try_from(messages).unwrap_or(0)));
        let oldest_pending = oldest.map(|row| Delivery::try_from(row).map(|known| known.message.at)).transpose()?;
        Ok(Queue { by_state: by_state.collect(), oldest_pending })
    }

    /// Forgets up to `limit` messages that are older than [`RETENTION`]; says how many.
    pub async fn forget_old(&self, limit: u64, now: Timestamp) -> Result<u64, StoreError> {
        use webhook_message::Column;
        let old = Query::select()
            .column(Column::Number)
            .from(webhook_message::Entity)
            .and_where(Column::At.lt(before(now, RETENTION).as_millisecond()))
            .limit(limit)
            .to_owned();
        let deleted = webhook_message::Entity::delete_many()
            .filter(Column::Number.in_subquery(old))
            .exec(self.store.writer())
            .await?;
        Ok(deleted.rows_affected)
    }
}

/// What is told in order: of a webhook's messages, those about the same.
///
/// None of them is due before the first of them is, so that whoever looks for what is due does not read all that waits
/// for somebody who does not answer. That the first goes first is asked of each all the same ([`is_first_in_lane`]).
pub(super) struct Lane<'a> {
    pub(super) webhook: &'a str,
    pub(super) name: &'a str,
}

impl Lane<'_> {
    fn pending(&self) -> Expr {
        use webhook_message::Column;
        Column::WebhookId.eq(self.webhook).and(Column::Lane.eq(self.name)).and(Column::State.eq("pending"))
    }

    /// When one that happened at `at` can be due, as the last of them.
    pub(super) async fn due(&self, database: &impl ConnectionTrait, at: Timestamp) -> Result<i64, StoreError> {
        let last: Option<Option<i64>> = webhook_message::Entity::find()
            .filter(self.pending())
            .select_only()
            .column_as(webhook_message::Column::StateAt.max(), "last")
            .into_tuple()
            .one(database)
            .await?;
        Ok(Ord::max(last.flatten().unwrap_or_default(), at.as_millisecond()))
    }

    /// The first is tried again at `next`: the others wait as long.
    async fn wait(&self, database: &impl ConnectionTrait, next: Timestamp) -> Result<(), StoreError> {
        use webhook_message::Column;
        let next = next.as_millisecond();
        webhook_message::Entity::update_many()
            .col_expr(Column::StateAt, Expr::value(next))
            .filter(self.pending())
            .filter(Column::StateAt.lt(next))
            .exec(database)
            .await?;
        Ok(())
    }

    /// The first is out of the way: the next, if it was not tried itself, waits no longer.
    async fn go_on(&self, database: &impl ConnectionTrait, now: Timestamp) -> Result<(), StoreError> {
        use webhook_message::{Column, Entity};
        let next = Query::select().expr(Column::Number.min()).from(Entity).and_where(self.pending()).to_owned();
        Entity::update_many()
            .col_expr(Column::StateAt, Expr::value(now.as_millisecond()))
            .filter(Column::Number.in_subquery(next))
            .filter(Column::StateAt.gt(now.as_millisecond()))
            .filter(Column::Attempts.eq(0))
            .exec(database)
            .await?;
        Ok(())
    }
}

/// Due, and nobody's to send.
fn claimable(now: Timestamp) -> Expr {
    use webhook_message::Column;
    let now = now.as_millisecond();
    let is_free = Column::ClaimedUntil.is_null().or(Column::ClaimedUntil.lte(now));
    Column::State.eq("pending").and(Column::StateAt.lte(now)).and(is_free)
}

/// Of those of its lane that have not arrived.
fn is_first_in_lane() -> Expr {
    use webhook_message::{Column, Entity};
    let earlier = Alias::new("earlier");
    let of_earlier = |column| Expr::col((earlier.clone(), column));
    let before_it = Query::select()
        .expr(Expr::value(1))
        .from_as(Entity, earlier.clone())
        .and_where(of_earlier(Column::WebhookId).eq(Expr::col((Entity, Column::WebhookId))))
        .and_where(of_earlier(Column::Lane).eq(Expr::col((Entity, Column::Lane))))
        .and_where(of_earlier(Column::State).eq("pending"))
        .and_where(of_earlier(Column::Number).lt(Expr::col((Entity, Column::Number))))
        .to_owned();
    Expr::not_exists(before_it)
}
