//! How link sessions end: once, with what they leave behind, and what is forgotten of them when.

use std::{collections::BTreeSet, time::Duration};

use banklink_domain::{
    sealed::Sealed,
    session::{End, Outcome, Place},
};
use banklink_protocol::{failures::FailureCode, messages::Screen, session::LeaveReason};
use banklink_store::{
    Advance, At, Claim, ConnectionChange, ConnectionSearch, Effects, Finish, Move, Open, SessionEnd, SessionRow, Store,
    StoreError,
};
use jiff::SignedDuration;

use crate::support::{
    Database, NOW, a_connection, a_consent, a_link_code, a_new_session, app_in, at_once, authorize_token_in, claimed,
    later, linked, linked_in, on_to, session_in, unique_hash,
};

const CLOSED: End = End::Exited(LeaveReason::Closed);

const FAILED: End = End::Failed(FailureCode::RetryLater);

fn sealed(text: &str) -> Sealed {
    Sealed::new(text.as_bytes().to_vec())
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
            let left = store.sessions().leave(&session, &sealed("left"), &CLOSED, None, NOW).await.unwrap();
            assert!(left.is_some());
        } else {
            let claim = claimed(&store, &session, NOW).await;
            let (end, none) = (sealed("end"), Effects::default());
            let finished = store.sessions().finish(&claim, &end, &FAILED, &none, NOW).await.unwrap();
            assert!(matches!(finished, Finish::Finished(_)));
        }
        assert_eq!(store.sessions().by_return_hash(&hash).await.unwrap(), None);
    }
}

#[tokio::test]
async fn who_leaves_takes_the_claim_from_whoever_holds_it() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let (session, other) = (session_in(&store, app.id).await, session_in(&store, app.id).await);
    let claim = claimed(&store, &session, NOW).await;
    let left = store.sessions().leave(&session, &sealed("left"), &CLOSED, None, later(3)).await.unwrap();
    let end = Some(SessionEnd { end: CLOSED, at: later(3) });
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
    let lost = store.sessions().finish(&claim, &sealed("end"), &linked(), &effects, later(4)).await.unwrap();
    assert!(matches!(lost, Finish::ClaimLost));
    let lost = store.sessions().advance(&claim, &on_to("on", later(480)), later(4)).await.unwrap();
    assert_eq!(lost, Advance::ClaimLost);
    store.sessions().release(&claim).await.unwrap();
    assert_eq!(store.connections().list(app.id, &ConnectionSearch::default(), None, 10).await.unwrap().items, []);

    let again = store.sessions().leave(&session, &sealed("again"), &FAILED, None, later(5)).await.unwrap();
    assert_eq!(again, None);
    assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(expected));
    assert_eq!(store.sessions().get(&other.id).await.unwrap(), Some(other), "nobody else leaves");
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
        store.sessions().finish(&claim, &sealed("end"), &linked(), &effects, later(6)).await.unwrap()
    else {
        panic!("not finished")
    };
    let end = Some(SessionEnd { end: linked(), at: later(6) });
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
    let failed = store.sessions().finish(&claim, &sealed("end"), &linked(), &effects, NOW).await;
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
    let finished = store.sessions().finish(&claim, &sealed("left"), &CLOSED, &none, later(47)).await.unwrap();
    assert!(matches!(finished, Finish::Finished(_)));

    let connection = Some(ConnectionChange::Insert(a_connection(app.id)));
    let effects = Effects { connection, ..Effects::default() };
    let lost = store.sessions().finish(&late, &sealed("end"), &linked(), &effects, later(48)).await.unwrap();
    assert!(matches!(lost, Finish::ClaimLost));
    assert_eq!(store.connections().list(app.id, &ConnectionSearch::default(), None, 10).await.unwrap().items, []);
    let row = store.sessions().get(&session.id).await.unwrap().unwrap();
    assert_eq!(row.end.map(|end| end.end), Some(CLOSED));
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
            store.sessions().finish(&claim, &sealed("end"), &linked(), &effects, NOW).await.unwrap()
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
    let end = Some(SessionEnd { end: End::Expired, at: later(480) });
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
    let finished = store.sessions().finish(&claim, &sealed("end"), &CLOSED, &none, NOW).await.unwrap();
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
        let finished = store.sessions().finish(&claim, &sealed("end"), &CLOSED, &none, NOW).await.unwrap();
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
    for end in [linked(), CLOSED, FAILED, End::Expired, linked()] {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let finished = store.sessions().finish(&claim, &sealed("end"), &end, &Effects::default(), NOW).await.unwrap();
        assert!(matches!(finished, Finish::Finished(_)));
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
    let mut whole = 0;
    for round in 0..150 {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let connection = a_connection(app.id);
        let code = a_link_code(&connection);
        let change = Some(ConnectionChange::Insert(connection.clone()));
        let effects = Effects { connection: change, consent: None, link_code: Some(code.clone()) };
        let finishing = tokio::spawn({
            let store = Store::clone(&store);
            async move { store.sessions().finish(&claim, &sealed("end"), &linked(), &effects, NOW).await }
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
        whole += u64::from(ended);
    }
    assert!(whole < 150, "nothing was stopped, so nothing was shown");
}

#[tokio::test]
async fn what_is_known_of_an_end_is_kept_with_where_the_person_was() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    for end in [linked(), CLOSED, FAILED] {
        let session = session_in(&store, app.id).await;
        let claim = claimed(&store, &session, NOW).await;
        let there = Place { screen: Screen::Credentials, institution: Some("testbank".into()) };
        let to = Move { place: there.clone(), ..on_to("form", later(480)) };
        let Advance::Advanced(moved) = store.sessions().advance(&claim, &to, NOW).await.unwrap() else {
            panic!("claim lost")
        };
        assert_eq!(moved.place, there);
        let claim = claimed(&store, &moved, NOW).await;
        let finished =
            store.sessions().finish(&claim, &sealed("end"), &end, &Effects::default(), later(2)).await.unwrap();
        let Finish::Finished(row) = finished else { panic!("not finished") };
        assert_eq!((&row.place, row.end.clone()), (&there, Some(SessionEnd { end, at: later(2) })));
        assert_eq!(store.sessions().get(&session.id).await.unwrap(), Some(row));
    }
}

#[tokio::test]
async fn who_leaves_another_step_than_the_session_stands_at_looks_again() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, NOW).await;
    let Advance::Advanced(moved) = store.sessions().advance(&claim, &on_to("on", later(480)), NOW).await.unwrap()
    else {
        panic!("claim lost")
    };
    assert_eq!(store.sessions().leave(&session, &sealed("left"), &CLOSED, None, later(1)).await.unwrap(), None);
    assert_eq!(store.sessions().get(&session.id).await.unwrap().as_ref(), Some(&moved));
    let left = store.sessions().leave(&moved, &sealed("left"), &CLOSED, None, later(1)).await.unwrap();
    assert!(left.is_some_and(|row| row.end.is_some()));
}

#[tokio::test]
async fn once_its_time_is_up_nothing_but_expiry_ends_a_session() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, later(470)).await;
    let over = claim.row().expires_at;
    let none = Effects::default();
    let late = store.sessions().finish(&claim, &sealed("end"), &linked(), &none, over).await.unwrap();
    assert!(matches!(late, Finish::ClaimLost), "{late:?}");
    assert_eq!(store.sessions().leave(claim.row(), &sealed("left"), &CLOSED, None, over).await.unwrap(), None);

    let expired = SessionEnd { end: End::Expired, at: over };
    let row = store.sessions().get(&session.id).await.unwrap().unwrap();
    assert_eq!((row.end.clone(), row.ended(over)), (None, Some(expired.clone())), "before anybody wrote it");
    assert_eq!(row.ended(over - SignedDuration::from_millis(1)), None);
    let written = store.sessions().expire_due(10, over + SignedDuration::from_secs(60)).await.unwrap();
    assert_eq!(
        written.into_iter().map(|row| row.end).collect::<Vec<_>>(),
        [Some(expired)],
        "it ended when its time was up"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_that_would_end_a_session_at_once_exactly_one_does() {
    let database = Database::new().await;
    let another = database.another().await;
    let app = app_in(&database).await;
    let mut seen = BTreeSet::new();
    for round in 0..60_u64 {
        let session = session_in(&database, app.id).await;
        let claim = claimed(&database, &session, later(470)).await;
        let connection = a_connection(app.id);
        let code = a_link_code(&connection);
        let over = claim.row().expires_at;
        let last = over - SignedDuration::from_millis(1);
        let (row, change) = (claim.row().clone(), Some(ConnectionChange::Insert(connection.clone())));
        let effects = Effects { connection: change, consent: None, link_code: Some(code.clone()) };
        let (first, second, third) = (Store::clone(&database), another.clone(), Store::clone(&database));
        // Each is first now and then.
        let pause = move |turn: u64| Duration::from_micros((round + turn) % 3 * 400);
        let finishing = tokio::spawn(async move {
            tokio::time::sleep(pause(0)).await;
            let finished = first.sessions().finish(&claim, &sealed("end"), &linked(), &effects, last).await;
            matches!(finished.unwrap(), Finish::Finished(_))
        });
        let leaving = tokio::spawn(async move {
            tokio::time::sleep(pause(1)).await;
            second.sessions().leave(&row, &sealed("left"), &CLOSED, None, last).await.unwrap().is_some()
        });
        let expiring = tokio::spawn(async move {
            tokio::time::sleep(pause(2)).await;
            !third.sessions().expire_due(10, over).await.unwrap().is_empty()
        });
        let won = [finishing.await.unwrap(), leaving.await.unwrap(), expiring.await.unwrap()];
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "round {round}: {won:?}");

        let end = database.sessions().get(&session.id).await.unwrap().unwrap().end.unwrap().end;
        let expected = [linked(), CLOSED, End::Expired].into_iter().zip(won).find_map(|(end, won)| won.then_some(end));
        assert_eq!(Some(&end), expected.as_ref());
        let coded = database.link_codes().find(&code.hash).await.unwrap().is_some();
        let connected = database.connections().get(app.id, &connection.id).await.unwrap().is_some();
        assert_eq!((coded, connected), (won[0], won[0]), "round {round}");
        seen.insert(end.outcome().as_str());
    }
    assert!(seen.len() > 1, "only {seen:?} ever came first, so nothing was shown");
}

#[tokio::test]
async fn searches_are_listed_in_the_order_in_which_they_were_given_up_and_forgotten_with_their_session() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    let mut left = Vec::new();
    for (app, second, searched) in [
        (app.id, 3, Some("c")),
        (app.id, 1, Some("a")),
        (other.id, 2, Some("x")),
        (app.id, 2, None),
        (app.id, 3, Some("d")),
    ] {
        let session = session_in(&store, app).await;
        let searched = searched.map(sealed);
        let row = store.sessions().leave(&session, &sealed("left"), &CLOSED, searched.as_ref(), later(second)).await;
        let row = row.unwrap().unwrap();
        assert_eq!(row.searched, searched);
        left.push(row);
    }
    let own = |index: usize| left[index].clone();
    let mut expected = vec![own(1), own(0), own(4)];
    expected[1..].sort_by_key(|row| row.id.clone());
    let first = store.sessions().with_search(app.id, None, 2).await.unwrap();
    let second = store.sessions().with_search(app.id, first.next.as_ref(), 2).await.unwrap();
    assert_eq!([first.items, second.items].concat(), expected);
    assert_eq!(second.next, None);

    store.sessions().erase_ended(10, later(480)).await.unwrap();
    assert_eq!(store.sessions().with_search(app.id, None, 9).await.unwrap().items.len(), 3);
    store.sessions().forget_old(10, later(481 + 30 * 86_400)).await.unwrap();
    assert_eq!(store.sessions().with_search(app.id, None, 9).await.unwrap().items, []);
}
