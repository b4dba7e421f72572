//! Link sessions.

use std::time::Duration;

use banklink_domain::{authorize_token::AuthorizeTokenState, ids::LinkId, sealed::Sealed, session::Outcome};
use banklink_protocol::ids::SessionId;
use banklink_store::{
    Advance, At, ChangeLink, Claim, ConnectionChange, Effects, Finish, Move, Open, OpenedBy, SessionEnd, SessionRow,
    Store, StoreError,
};

use crate::support::{
    Database, NOW, a_connection, a_consent, a_link_code, a_new_session, app_in, at_once, authorize_token_in, claimed,
    later, link_in, linked_in, on_to, session_in, unique, unique_hash,
};

fn sealed(text: &str) -> Sealed {
    Sealed::new(text.as_bytes().to_vec())
}

#[tokio::test]
async fn an_authorize_token_opens_a_session_and_knows_which() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let token = authorize_token_in(&store, app.id).await;
    let new = a_new_session(app.id);
    let Open::Opened(row) = store.sessions().open_with_authorize_token(&new, &token.hash, later(2)).await.unwrap()
    else {
        panic!("not opened")
    };
    let expected = SessionRow {
        id: new.id.clone(),
        app_id: app.id,
        key_hash: new.key_hash,
        opened_by: OpenedBy::AuthorizeToken(token.hash),
        number: 0,
        revision: 0,
        state: Some(sealed("start")),
        busy_until: None,
        created_at: later(2),
        last_activity_at: later(2),
        expires_at: later(480),
        end: None,
    };
    assert_eq!(row, expected);
    assert_eq!(store.sessions().get(&new.id).await.unwrap().as_ref(), Some(&expected));
    assert_eq!(store.sessions().by_key_hash(&new.key_hash).await.unwrap(), Some(expected));
    assert_eq!(store.sessions().by_key_hash(&unique_hash()).await.unwrap(), None);
    let used = store.authorize_tokens().find(&token.hash).await.unwrap().unwrap();
    assert_eq!(used.state, AuthorizeTokenState::Used { at: later(2), session: new.id });
}

#[tokio::test]
async fn a_token_that_is_used_expired_unknown_or_anothers_opens_nothing() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let token = authorize_token_in(&store, app.id).await;
    let open = |app, hash, now| {
        let (sessions, new) = (store.sessions(), a_new_session(app));
        async move { sessions.open_with_authorize_token(&new, &hash, now).await.unwrap() }
    };
    assert_eq!(open(app.id, unique_hash(), NOW).await, Open::Invalid);
    assert_eq!(open(other.id, token.hash, NOW).await, Open::Invalid);
    assert_eq!(open(app.id, token.hash, token.expires_at).await, Open::Invalid);
    assert!(matches!(open(app.id, token.hash, NOW).await, Open::Opened(_)));
    assert_eq!(open(app.id, token.hash, NOW).await, Open::Invalid);
    assert_eq!(store.sessions().count_by_outcome().await.unwrap(), [(None, 1)]);
}

#[tokio::test]
async fn a_token_stays_unused_where_the_session_can_not_be_kept() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let existing = session_in(&store, app.id).await;
    let token = authorize_token_in(&store, app.id).await;
    let mut new = a_new_session(app.id);
    new.key_hash = existing.key_hash;
    let failed = store.sessions().open_with_authorize_token(&new, &token.hash, NOW).await;
    assert!(matches!(failed, Err(StoreError::AlreadyExists { entity: "link session" })));
    assert_eq!(store.authorize_tokens().find(&token.hash).await.unwrap(), Some(token));
}

#[tokio::test]
async fn an_active_link_opens_any_number_of_sessions_and_a_paused_one_none() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let link = link_in(&store, app.id).await;
    let open = |app, link| {
        let (sessions, new) = (store.sessions(), a_new_session(app));
        async move { sessions.open_with_link(&new, link, NOW).await.unwrap() }
    };
    for _ in 0..2 {
        let Open::Opened(row) = open(app.id, link.id).await else { panic!("not opened") };
        assert_eq!(row.opened_by, OpenedBy::Link(link.id));
    }
    assert_eq!(open(other.id, link.id).await, Open::Invalid);
    assert_eq!(open(app.id, LinkId::new(NOW, unique())).await, Open::Invalid);
    assert!(matches!(store.links().pause(app.id, link.id).await.unwrap(), ChangeLink::Changed(_)));
    assert_eq!(open(app.id, link.id).await, Open::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_sessions_opened_with_one_token_through_two_stores_one_is_open() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let token = authorize_token_in(&database, app.id).await;
    let results = at_once(1_000, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let new = a_new_session(app.id);
        async move { store.sessions().open_with_authorize_token(&new, &token.hash, NOW).await.unwrap() }
    })
    .await;
    let opened: Vec<_> = results.into_iter().filter(|result| *result != Open::Invalid).collect();
    let [Open::Opened(row)] = opened.as_slice() else { panic!("{} opened", opened.len()) };
    let used = database.authorize_tokens().find(&token.hash).await.unwrap().unwrap();
    assert_eq!(used.state, AuthorizeTokenState::Used { at: NOW, session: row.id.clone() });
    assert_eq!(database.sessions().count_by_outcome().await.unwrap(), [(None, 1)]);
}

#[tokio::test]
async fn a_claimed_session_advances_by_one() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, later(10)).await;
    assert_eq!(claim.row().busy_until, Some(later(55)));
    assert_eq!(claim.row().last_activity_at, later(10));
    let Advance::Advanced(row) = store.sessions().advance(&claim, &on_to("next", later(600)), later(12)).await.unwrap()
    else {
        panic!("claim lost")
    };
    let expected = SessionRow {
        number: 1,
        revision: 1,
        state: Some(sealed("next")),
        last_activity_at: later(12),
        expires_at: later(600),
        ..session
    };
    assert_eq!(row, expected);
    assert_eq!(store.sessions().get(&row.id).await.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_session_is_not_claimed_twice_at_another_number_or_after_its_time() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = |number, now| {
        let (sessions, id) = (store.sessions(), session.id.clone());
        async move { sessions.claim(&id, At::Number(number), later(9_999), now).await.unwrap() }
    };
    assert!(matches!(claim(1, NOW).await, Claim::NotClaimed(row) if row == session));
    assert!(matches!(claim(0, session.expires_at).await, Claim::NotClaimed(row) if row == session));
    assert!(matches!(claim(0, NOW).await, Claim::Claimed(_)));
    assert!(matches!(claim(0, NOW).await, Claim::NotClaimed(row) if row.busy_until == Some(later(9_999))));
    let unknown = store.sessions().claim(&SessionId::from("none"), At::Number(0), later(9), NOW).await.unwrap();
    assert!(matches!(unknown, Claim::Unknown));
}

#[tokio::test]
async fn what_changes_by_itself_keeps_the_number_and_raises_the_revision() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = async |at| store.sessions().claim(&session.id, at, later(45), NOW).await.unwrap();
    let Claim::Claimed(renewing) = claim(At::Revision(0)).await else { panic!("not claimed") };
    let renewed = Move { answers: false, ..on_to("renewed", later(480)) };
    let Advance::Advanced(row) = store.sessions().advance(&renewing, &renewed, NOW).await.unwrap() else {
        panic!("claim lost")
    };
    assert_eq!((row.number, row.revision, row.state), (0, 1, Some(sealed("renewed"))));

    assert!(matches!(claim(At::Revision(0)).await, Claim::NotClaimed(row) if row.revision == 1), "an old look");
    let Claim::Claimed(answering) = claim(At::Number(0)).await else { panic!("the answer still counts") };
    let answered = store.sessions().advance(&answering, &on_to("next", later(480)), NOW).await.unwrap();
    assert!(matches!(answered, Advance::Advanced(row) if (row.number, row.revision) == (1, 2)));
}

#[tokio::test]
async fn who_comes_back_from_the_bank_is_found_until_the_session_goes_on() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let (first, second) = (unique_hash(), unique_hash());
    let found = async |hash| store.sessions().by_return_hash(hash).await.unwrap().map(|row| row.id);
    let go = async |number, hash| {
        let claim = store.sessions().claim(&session.id, At::Number(number), later(45), NOW).await.unwrap();
        let Claim::Claimed(claim) = claim else { panic!("not claimed") };
        let to = Move { return_hash: hash, ..on_to("next", later(480)) };
        let moved = store.sessions().advance(&claim, &to, NOW).await.unwrap();
        assert!(matches!(moved, Advance::Advanced(_)));
    };
    go(0, Some(first)).await;
    assert_eq!(found(&first).await.as_ref(), Some(&session.id));
    go(1, Some(second)).await;
    assert_eq!((found(&first).await, found(&second).await), (None, Some(session.id.clone())));
    go(2, None).await;
    assert_eq!(found(&second).await, None);
}

#[tokio::test]
async fn a_session_that_begins_at_the_bank_is_found_and_no_more_once_it_is_over() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    for leaves in [true, false] {
        let hash = unique_hash();
        let mut new = a_new_session(app.id);
        new.return_hash = Some(hash);
        let token = authorize_token_in(&store, app.id).await;
        let opened = store.sessions().open_with_authorize_token(&new, &token.hash, NOW).await.unwrap();
        let Open::Opened(session) = opened else { panic!("not opened") };
        assert_eq!(store.sessions().by_return_hash(&hash).await.unwrap().as_ref(), Some(&session));
        if leaves {
            let left = store.sessions().leave(&session.id, &sealed("left"), Outcome::Exited, NOW).await.unwrap();
            assert!(left.is_some());
        } else {
            let claim = claimed(&store, &session, NOW).await;
            let (end, none) = (sealed("end"), Effects::default());
            let finished = store.sessions().finish(&claim, &end, Outcome::Failed, &none, NOW).await.unwrap();
            assert!(matches!(finished, Finish::Finished(_)));
        }
        assert_eq!(store.sessions().by_return_hash(&hash).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_session_handed_over_is_known_by_the_new_key_and_not_by_the_old_one() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let (session, other) = (session_in(&store, app.id).await, session_in(&store, app.id).await);
    let key = unique_hash();
    store.sessions().hand_over(&session.id, &key).await.unwrap();
    assert_eq!(store.sessions().by_key_hash(&session.key_hash).await.unwrap(), None);
    let handed = SessionRow { key_hash: key, ..session };
    assert_eq!(store.sessions().by_key_hash(&key).await.unwrap(), Some(handed));
    assert_eq!(store.sessions().by_key_hash(&other.key_hash).await.unwrap(), Some(other));
}

#[tokio::test]
async fn who_leaves_takes_the_claim_from_whoever_holds_it() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let (session, other) = (session_in(&store, app.id).await, session_in(&store, app.id).await);
    let claim = claimed(&store, &session, NOW).await;
    let left = store.sessions().leave(&session.id, &sealed("left"), Outcome::Exited, later(3)).await.unwrap();
    let end = Some(SessionEnd { outcome: Outcome::Exited, at: later(3) });
    let expected = SessionRow {
        number: 1,
        revision: 1,
        state: Some(sealed("left")),
        last_activity_at: later(3),
        end,
        ..session.clone()
    };
    assert_eq!(left.as_ref(), Some(&expected));

    let connection = Some(ConnectionChange::Insert(a_connection(app.id)));
    let effects = Effects { connection, ..Effects::default() };
    let lost = store.sessions().finish(&claim, &sealed("end"), Outcome::Linked, &effects, later(4)).await.unwrap();
    assert!(matches!(lost, Finish::ClaimLost));
    let lost = store.sessions().advance(&claim, &on_to("on", later(480)), later(4)).await.unwrap();
    assert_eq!(lost, Advance::ClaimLost);
    store.sessions().release(&claim).await.unwrap();
    assert_eq!(store.connections().list(app.id, None, None, 10).await.unwrap().items, []);

    let again = store.sessions().leave(&session.id, &sealed("again"), Outcome::Failed, later(5)).await.unwrap();
    assert_eq!(again, None);
    assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(expected));
    assert_eq!(store.sessions().get(&other.id).await.unwrap(), Some(other), "nobody else leaves");
}

#[tokio::test]
async fn a_claim_given_back_can_be_taken_at_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, NOW).await;
    store.sessions().release(&claim).await.unwrap();
    let again = claimed(&store, &session, NOW).await;
    assert_eq!(again.row().number, 0);
}

#[tokio::test]
async fn who_comes_back_after_the_lease_writes_nothing() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let late = claimed(&store, &session, NOW).await;
    let later_still = claimed(&store, &session, later(46)).await;
    let lost = store.sessions().advance(&late, &on_to("late", later(600)), later(47)).await.unwrap();
    assert_eq!(lost, Advance::ClaimLost);
    let moved = store.sessions().advance(&later_still, &on_to("in time", later(600)), later(48)).await.unwrap();
    assert!(matches!(moved, Advance::Advanced(row) if row.state == Some(sealed("in time")) && row.number == 1));
}

#[tokio::test]
async fn giving_back_a_lost_claim_does_not_free_the_other_ones() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let late = claimed(&store, &session, NOW).await;
    let holder = claimed(&store, &session, later(46)).await;
    store.sessions().release(&late).await.unwrap();
    let row = store.sessions().get(&session.id).await.unwrap().unwrap();
    assert_eq!(row.busy_until, holder.row().busy_until);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_five_hundred_claims_through_two_stores_exactly_one_wins_each_number() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let mut session = session_in(&database, app.id).await;
    for _ in 0..3 {
        let claims = at_once(500, |index| {
            let store = if index % 2 == 0 { database.clone() } else { another.clone() };
            let (id, number) = (session.id.clone(), session.number);
            async move { store.sessions().claim(&id, At::Number(number), later(45), NOW).await.unwrap() }
        })
        .await;
        let mut won: Vec<_> = claims
            .into_iter()
            .filter_map(|claim| match claim {
                Claim::Claimed(claim) => Some(claim),
                _ => None,
            })
            .collect();
        assert_eq!(won.len(), 1);
        let claim = won.remove(0);
        match database.sessions().advance(&claim, &on_to("next", later(480)), NOW).await.unwrap() {
            Advance::Advanced(row) => session = row,
            Advance::ClaimLost => panic!("the only claim is lost"),
        }
    }
    assert_eq!(session.number, 3);
}

#[tokio::test]
async fn a_session_ends_together_with_what_it_leaves_behind() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let connection = a_connection(app.id);
    let (consent, code) = (a_consent(&session, &connection), a_link_code(&connection));
    let effects = Effects {
        connection: Some(ConnectionChange::Insert(connection.clone())),
        consent: Some(consent.clone()),
        link_code: Some(code.clone()),
    };
    let claim = claimed(&store, &session, later(5)).await;
    let Finish::Finished(row) =
        store.sessions().finish(&claim, &sealed("end"), Outcome::Linked, &effects, later(6)).await.unwrap()
    else {
        panic!("not finished")
    };
    let end = Some(SessionEnd { outcome: Outcome::Linked, at: later(6) });
    let expected =
        SessionRow { number: 1, revision: 1, state: Some(sealed("end")), last_activity_at: later(6), end, ..session };
    assert_eq!(row, expected);
    assert_eq!(store.sessions().get(&row.id).await.unwrap(), Some(expected));
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap(), Some(connection));
    assert_eq!(store.consents().get(app.id, consent.id).await.unwrap(), Some(consent));
    assert_eq!(store.link_codes().find(&code.hash).await.unwrap(), Some(code));
}

#[tokio::test]
async fn an_end_that_can_not_be_written_whole_is_not_written_at_all() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let taken = linked_in(&store, app.id, a_connection(app.id)).await.code;
    let session = session_in(&store, app.id).await;
    let connection = a_connection(app.id);
    let consent = a_consent(&session, &connection);
    let mut code = a_link_code(&connection);
    code.hash = taken.hash;
    let effects = Effects {
        connection: Some(ConnectionChange::Insert(connection.clone())),
        consent: Some(consent.clone()),
        link_code: Some(code),
    };
    let claim = claimed(&store, &session, NOW).await;
    let busy = claim.row().clone();
    let failed = store.sessions().finish(&claim, &sealed("end"), Outcome::Linked, &effects, NOW).await;
    assert!(matches!(failed, Err(StoreError::AlreadyExists { entity: "link code" })));
    assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(busy));
    assert_eq!(store.connections().get(app.id, &connection.id).await.unwrap(), None);
    assert_eq!(store.consents().get(app.id, consent.id).await.unwrap(), None);
    assert_eq!(store.link_codes().find(&taken.hash).await.unwrap(), Some(taken));
}

#[tokio::test]
async fn a_session_ends_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let late = claimed(&store, &session, NOW).await;
    let claim = claimed(&store, &session, later(46)).await;
    let none = Effects::default();
    let finished = store.sessions().finish(&claim, &sealed("left"), Outcome::Exited, &none, later(47)).await.unwrap();
    assert!(matches!(finished, Finish::Finished(_)));

    let connection = Some(ConnectionChange::Insert(a_connection(app.id)));
    let effects = Effects { connection, ..Effects::default() };
    let lost = store.sessions().finish(&late, &sealed("end"), Outcome::Linked, &effects, later(48)).await.unwrap();
    assert!(matches!(lost, Finish::ClaimLost));
    assert_eq!(store.connections().list(app.id, None, None, 10).await.unwrap().items, []);
    let row = store.sessions().get(&session.id).await.unwrap().unwrap();
    assert_eq!(row.end.map(|end| end.outcome), Some(Outcome::Exited));
    assert!(matches!(
        store.sessions().claim(&row.id, At::Number(row.number), later(99), later(50)).await.unwrap(),
        Claim::NotClaimed(_)
    ));
    assert_eq!(store.sessions().expire_due(10, later(9_999)).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_sessions_that_link_one_person_at_once_one_makes_the_connection() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let identity = a_connection(app.id).identity;
    let results = at_once(20, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        async move {
            let mut connection = a_connection(app.id);
            connection.identity = identity;
            let session = session_in(&store, app.id).await;
            let claim = claimed(&store, &session, NOW).await;
            let effects = Effects { connection: Some(ConnectionChange::Insert(connection)), ..Effects::default() };
            store.sessions().finish(&claim, &sealed("end"), Outcome::Linked, &effects, NOW).await.unwrap()
        }
    })
    .await;
    let made = results.iter().filter(|result| matches!(result, Finish::Finished(_))).count();
    let refused = results.iter().filter(|result| matches!(result, Finish::AlreadyConnected(_))).count();
    assert_eq!((made, refused), (1, 19));
}

#[tokio::test]
async fn overdue_sessions_expire_oldest_first_and_lose_their_state() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let mut overdue = Vec::new();
    for _ in 0..3 {
        overdue.push(session_in(&store, app.id).await);
    }
    let claim = claimed(&store, &overdue[1], NOW).await;
    let kept = store.sessions().advance(&claim, &on_to("on", later(900)), NOW).await.unwrap();

    assert_eq!(store.sessions().expire_due(10, later(479)).await.unwrap(), []);
    let first = store.sessions().expire_due(1, later(480)).await.unwrap();
    assert_eq!(first.len(), 1);
    let second = store.sessions().expire_due(10, later(480)).await.unwrap();
    let mut expired: Vec<_> = first.into_iter().chain(second).collect();
    expired.sort_by(|left, right| left.id.cmp(&right.id));
    let ids: Vec<_> = expired.iter().map(|row| &row.id).collect();
    assert_eq!(ids, [&overdue[0].id, &overdue[2].id]);
    let end = Some(SessionEnd { outcome: Outcome::Expired, at: later(480) });
    assert!(expired.iter().all(|row| row.end == end && row.busy_until.is_none() && row.state.is_none()));

    let Advance::Advanced(kept) = kept else { panic!("claim lost") };
    assert_eq!(store.sessions().get(&kept.id).await.unwrap(), Some(kept));
}

#[tokio::test]
async fn a_session_does_not_end_while_a_step_is_carried_out_but_when_its_lease_is_over() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, later(470)).await;
    assert_eq!(claim.row().expires_at, later(515));
    assert_eq!(store.sessions().expire_due(10, later(514)).await.unwrap(), []);
    assert_eq!(store.sessions().expire_due(10, later(515)).await.unwrap().len(), 1);
    let lost = store.sessions().advance(&claim, &on_to("late", later(900)), later(516)).await.unwrap();
    assert_eq!(lost, Advance::ClaimLost);
}

#[tokio::test]
async fn using_a_session_puts_its_end_off_and_never_forward_or_after_it() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    assert!(store.sessions().touch(&session.id, later(700), later(220)).await.unwrap());
    let touched = SessionRow { expires_at: later(700), last_activity_at: later(220), ..session.clone() };
    assert_eq!(store.sessions().get(&session.id).await.unwrap().as_ref(), Some(&touched));
    assert!(!store.sessions().touch(&session.id, later(700), later(230)).await.unwrap());
    assert!(!store.sessions().touch(&session.id, later(600), later(230)).await.unwrap());
    assert!(!store.sessions().touch(&session.id, later(1180), later(700)).await.unwrap());
    assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(touched));

    let over = session_in(&store, app.id).await;
    let claim = claimed(&store, &over, NOW).await;
    let none = Effects::default();
    let finished = store.sessions().finish(&claim, &sealed("end"), Outcome::Exited, &none, NOW).await.unwrap();
    assert!(matches!(finished, Finish::Finished(_)));
    assert!(!store.sessions().touch(&over.id, later(700), later(220)).await.unwrap());
}

#[tokio::test]
async fn a_session_that_ended_keeps_its_state_until_its_time_is_up() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let mut ended = Vec::new();
    for _ in 0..3 {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let none = Effects::default();
        let finished = store.sessions().finish(&claim, &sealed("end"), Outcome::Exited, &none, NOW).await.unwrap();
        assert!(matches!(finished, Finish::Finished(_)));
        ended.push(session.id);
    }
    let on_the_way = session_in(&store, app.id).await;
    assert_eq!(store.sessions().erase_ended(10, later(479)).await.unwrap(), 0);
    assert_eq!(store.sessions().erase_ended(2, later(480)).await.unwrap(), 2);
    assert_eq!(store.sessions().erase_ended(2, later(480)).await.unwrap(), 1);
    for id in ended {
        assert_eq!(store.sessions().get(&id).await.unwrap().unwrap().state, None);
    }
    assert_eq!(store.sessions().get(&on_the_way.id).await.unwrap(), Some(on_the_way));
}

#[tokio::test]
async fn a_session_is_forgotten_thirty_days_after_its_time() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let days = |days: i64| later(480 + days * 86_400);
    for _ in 0..3 {
        session_in(&store, app.id).await;
    }
    assert_eq!(store.sessions().forget_old(10, days(31)).await.unwrap(), 0, "they never ended");
    assert_eq!(store.sessions().expire_due(10, days(1)).await.unwrap().len(), 3);
    assert_eq!(store.sessions().forget_old(10, days(30)).await.unwrap(), 0);
    assert_eq!(store.sessions().forget_old(2, days(31)).await.unwrap(), 2);
    assert_eq!(store.sessions().forget_old(2, days(31)).await.unwrap(), 1);
    assert_eq!(store.sessions().count_by_outcome().await.unwrap(), []);
}

#[tokio::test]
async fn sessions_are_counted_by_outcome() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    session_in(&store, app.id).await;
    for outcome in [Outcome::Linked, Outcome::Exited, Outcome::Failed, Outcome::Expired, Outcome::Linked] {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let end = store.sessions().finish(&claim, &sealed("end"), outcome, &Effects::default(), NOW).await.unwrap();
        assert!(matches!(end, Finish::Finished(_)));
    }
    let mut counts = store.sessions().count_by_outcome().await.unwrap();
    counts.sort_by_key(|(outcome, _)| outcome.map(Outcome::as_str));
    let expected = [
        (None, 1),
        (Some(Outcome::Exited), 1),
        (Some(Outcome::Expired), 1),
        (Some(Outcome::Failed), 1),
        (Some(Outcome::Linked), 2),
    ];
    assert_eq!(counts, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_that_go_away_in_the_middle_leave_all_or_nothing_and_the_database_usable() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let mut linked = 0;
    for round in 0..150 {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let connection = a_connection(app.id);
        let code = a_link_code(&connection);
        let change = Some(ConnectionChange::Insert(connection.clone()));
        let effects = Effects { connection: change, consent: None, link_code: Some(code.clone()) };
        let finishing = tokio::spawn({
            let store = Store::clone(&store);
            async move { store.sessions().finish(&claim, &sealed("end"), Outcome::Linked, &effects, NOW).await }
        });
        tokio::time::sleep(Duration::from_micros(round * 10)).await;
        finishing.abort();
        // Whether it was in time to stop it or not, the session, the connection and the code agree.
        drop(finishing.await);
        // A commit may still be under way: a write of our own stands in line behind it.
        app_in(&store).await;
        let ended = store.sessions().get(&session.id).await.unwrap().unwrap().end.is_some();
        let connected = store.connections().get(app.id, &connection.id).await.unwrap().is_some();
        let coded = store.link_codes().find(&code.hash).await.unwrap().is_some();
        assert_eq!((connected, coded), (ended, ended), "round {round}");
        linked += u64::from(ended);
    }
    assert!(linked < 150, "nothing was stopped, so nothing was shown");
}
