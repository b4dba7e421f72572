//! Link sessions.

use banklink_domain::{
    authorize_token::AuthorizeTokenState,
    ids::LinkId,
    link::{Link, LinkState},
    sealed::Sealed,
    session::Place,
};
use banklink_protocol::{ids::SessionId, messages::Screen};
use banklink_store::{Advance, At, ChangeLink, Claim, Move, Open, OpenedBy, SessionRow, StoreError};

use crate::support::{
    CHANGE, Database, NOW, a_new_session, app_in, at_once, authorize_token_in, claimed, later, link_in, on_to,
    session_in, unique, unique_hash,
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
        place: Place { screen: Screen::Institutions, institution: None },
        end: None,
        searched: None,
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
    let pause = |link: Link| Ok::<_, ()>(Link { state: LinkState::Paused, ..link });
    let paused = store.links().change(app.id, link.id, &CHANGE, pause).await.unwrap();
    assert!(matches!(paused, ChangeLink::Changed(_)));
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
async fn a_claim_given_back_can_be_taken_at_once() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let claim = claimed(&store, &session, NOW).await;
    store.sessions().release(&claim).await.unwrap();
    let again = claimed(&store, &session, NOW).await;
    assert_eq!((again.row().number, again.follows_lost_step()), (0, false));
}

#[tokio::test]
async fn who_comes_back_after_the_lease_writes_nothing() {
    let store = Database::new().await;
    let app = app_in(&store).await;
    let session = session_in(&store, app.id).await;
    let late = claimed(&store, &session, NOW).await;
    assert!(!late.follows_lost_step());
    let later_still = claimed(&store, &session, later(46)).await;
    assert!(later_still.follows_lost_step(), "how far the first came nobody knows");
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
async fn an_apps_sessions_are_listed_oldest_first_a_page_at_a_time() {
    let store = Database::new().await;
    let (app, other) = (app_in(&store).await, app_in(&store).await);
    session_in(&store, other.id).await;
    let mut opened = Vec::new();
    for second in [3, 1, 2, 2] {
        let token = authorize_token_in(&store, app.id).await;
        let new = a_new_session(app.id);
        let session = store.sessions().open_with_authorize_token(&new, &token.hash, later(second)).await.unwrap();
        let Open::Opened(row) = session else { panic!("not opened") };
        opened.push(row);
    }
    opened.sort_by_key(|row| (row.created_at, row.id.clone()));
    for limit in [1, 2, 3, 4, 9] {
        let (mut listed, mut cursor) = (Vec::new(), None);
        loop {
            let page = store.sessions().list(app.id, cursor.as_ref(), limit).await.unwrap();
            assert!(page.items.len() as u64 <= limit);
            listed.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(listed, opened, "{limit} at a time");
    }
}
