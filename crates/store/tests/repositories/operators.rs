//! Who signs in, who is invited, and who tried too often.

use banklink_domain::{
    activity::{Action, Actor, Change},
    ids::{InvitationId, OperatorId},
    operator::{Email, Guest, Invitation, Operator, OperatorSession, PasswordHash},
    text::{OperatorName, OrganisationName},
    time::after,
    token::TokenHash,
};
use banklink_store::{Accept, Accepting, Invite, Limit, RemoveOperator, Store, Try};
use jiff::SignedDuration;

use crate::support::{CHANGE, Database, NOW, at_once, later, unique, unique_hash};

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn invitation(guest: Guest) -> Invitation {
    Invitation::new(InvitationId::new(NOW, unique()), unique_hash(), guest, NOW)
}

fn accepting(invitation: &Invitation) -> Accepting {
    Accepting {
        invitation: invitation.hash,
        id: OperatorId::new(NOW, unique()),
        email: Some(email("first@example.com")),
        name: Some(OperatorName::parse("Ana").unwrap()),
        organisation: Some(OrganisationName::parse("Caisse").unwrap()),
        password: PasswordHash::new("hash".to_owned()),
        session: unique_hash(),
    }
}

async fn invite(store: &Store, guest: Guest) -> Invitation {
    let invitation = invitation(guest);
    assert_eq!(store.operators().invite(&invitation, &CHANGE).await.unwrap(), Invite::Invited);
    invitation
}

/// Somebody who was invited under this address, and what they are signed in with.
async fn operator(store: &Store, address: &str) -> (Operator, TokenHash) {
    let accepting = accepting(&invite(store, Guest::New(email(address))).await);
    match store.operators().accept(&accepting, NOW).await.unwrap() {
        Accept::Accepted(operator) => (operator, accepting.session),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_first_operator_names_themselves_and_the_organisation() {
    let store = Database::new().await;
    let (one, other) = (invite(&store, Guest::First).await, invite(&store, Guest::First).await);
    assert!(!store.operators().are_there().await.unwrap());
    let nameless = Accepting { email: None, ..accepting(&one) };
    assert_eq!(store.operators().accept(&nameless, NOW).await.unwrap(), Accept::Incomplete);
    let Accept::Accepted(first) = store.operators().accept(&accepting(&one), NOW).await.unwrap() else { panic!() };
    assert_eq!(store.operators().list().await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(store.settings().organisation_name().await.unwrap().unwrap().as_str(), "Caisse");
    // Whoever has another address is too late.
    assert_eq!(store.operators().accept(&accepting(&other), NOW).await.unwrap(), Accept::Invalid);
    let log = store.activities().list(None, None, None, 10).await.unwrap().items;
    let by = Actor::Operator(first.id);
    let done: Vec<_> = log.iter().map(|activity| (activity.action, activity.app, activity.change.by)).collect();
    assert_eq!(done, [(Action::OrganisationNamed, None, by), (Action::OperatorJoined, None, by)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_who_accept_one_invitation_at_once_through_two_stores_one_is_let_in() {
    let database = Database::new().await;
    let another = database.another().await;
    let invitation = invite(&database, Guest::New(email("ana@example.com"))).await;
    let outcomes = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let accepting = accepting(&invitation);
        async move { store.operators().accept(&accepting, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Accept::Accepted(_))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Accept::Invalid).count(), 39);
}

#[tokio::test]
async fn an_invitation_is_void_when_it_is_old_withdrawn_or_followed_by_another() {
    let store = Database::new().await;
    let guest = || Guest::New(email("ana@example.com"));
    let (first, second) = (invite(&store, guest()).await, invite(&store, guest()).await);
    assert_eq!(store.operators().invitation(&first.hash, NOW).await.unwrap(), None);
    assert_eq!(store.operators().invitation(&second.hash, NOW).await.unwrap(), Some(second.clone()));
    assert_eq!(store.operators().invitations(NOW).await.unwrap(), std::slice::from_ref(&second));
    let week = after(NOW, SignedDuration::from_hours(24 * 7));
    assert_eq!(store.operators().accept(&accepting(&second), week).await.unwrap(), Accept::Invalid);
    assert_eq!(store.operators().invitations(week).await.unwrap(), []);
    assert!(store.operators().withdraw(second.id, &CHANGE).await.unwrap());
    assert!(!store.operators().withdraw(second.id, &CHANGE).await.unwrap());
    assert_eq!(store.operators().accept(&accepting(&second), NOW).await.unwrap(), Accept::Invalid);
}

#[tokio::test]
async fn an_address_signs_in_one_and_another_once_the_first_is_removed() {
    let store = Database::new().await;
    let (ana, _) = operator(&store, "ana@example.com").await;
    operator(&store, "bob@example.com").await;
    let again = invitation(Guest::New(email("Ana@example.com")));
    assert_eq!(store.operators().invite(&again, &CHANGE).await.unwrap(), Invite::Taken);
    assert!(matches!(store.operators().remove(ana.id, &CHANGE).await.unwrap(), RemoveOperator::Removed(_)));
    assert_eq!(store.operators().remove(ana.id, &CHANGE).await.unwrap(), RemoveOperator::Unknown);
    assert_eq!(store.operators().by_email(&ana.email).await.unwrap(), None);
    let (next, _) = operator(&store, "ana@example.com").await;
    assert_eq!(store.operators().by_email(&ana.email).await.unwrap(), Some(next));
    // Who was removed is still known by the log.
    assert_eq!(store.operators().of_ids([ana.id]).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_remove_each_other_at_once_one_stays() {
    let database = Database::new().await;
    let another = database.another().await;
    for round in 0..10 {
        let (one, _) = operator(&database, &format!("one{round}@example.com")).await;
        let (other, _) = operator(&database, &format!("other{round}@example.com")).await;
        for left in database.operators().list().await.unwrap() {
            if left.id != one.id && left.id != other.id {
                let _: RemoveOperator = database.operators().remove(left.id, &CHANGE).await.unwrap();
            }
        }
        let removed = at_once(2, |index| {
            let store = if index == 0 { database.clone() } else { another.clone() };
            let (id, by) = if index == 0 { (one.id, other.id) } else { (other.id, one.id) };
            let change = Change { by: Actor::Operator(by), at: NOW };
            async move { store.operators().remove(id, &change).await.unwrap() }
        })
        .await;
        assert_eq!(removed.iter().filter(|removed| **removed == RemoveOperator::Last).count(), 1, "{removed:?}");
        assert_eq!(database.operators().list().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn somebody_is_signed_in_until_they_sign_out_do_nothing_or_are_removed() {
    let store = Database::new().await;
    let (ana, session) = operator(&store, "ana@example.com").await;
    let (bob, of_bob) = operator(&store, "bob@example.com").await;
    let operators = store.operators();
    assert_eq!(operators.signed_in(&session, NOW).await.unwrap(), Some(ana.clone()));
    // Whoever asks every eleven hours stays, up to a week.
    for hours in (11..24 * 7).step_by(11) {
        assert!(operators.signed_in(&session, later(hours * 3600)).await.unwrap().is_some(), "{hours}");
    }
    assert_eq!(operators.signed_in(&session, later(7 * 24 * 3600)).await.unwrap(), None);
    assert_eq!(operators.signed_in(&of_bob, later(12 * 3600)).await.unwrap(), None);

    let fresh = OperatorSession::new(unique_hash(), bob.id, NOW);
    assert!(operators.sign_in(&fresh, &bob.password).await.unwrap());
    let other = OperatorSession::new(unique_hash(), bob.id, NOW);
    assert!(operators.sign_in(&other, &bob.password).await.unwrap());
    let changed = PasswordHash::new("other".to_owned());
    let change =
        async || operators.change_password(bob.id, &bob.password, &changed, Some(&fresh.hash), &CHANGE).await.unwrap();
    assert!(change().await.is_some());
    // Whose password was compared before it was changed comes too late with it.
    assert_eq!(change().await, None);
    let late = OperatorSession::new(unique_hash(), bob.id, NOW);
    assert!(!operators.sign_in(&late, &bob.password).await.unwrap());
    assert_eq!(operators.signed_in(&late.hash, NOW).await.unwrap(), None);
    assert_eq!(operators.signed_in(&other.hash, NOW).await.unwrap(), None);
    assert_eq!(operators.signed_in(&fresh.hash, NOW).await.unwrap().unwrap().password, changed);
    assert!(matches!(operators.remove(bob.id, &CHANGE).await.unwrap(), RemoveOperator::Removed(_)));
    assert_eq!(operators.signed_in(&fresh.hash, NOW).await.unwrap(), None);
    assert_eq!(operators.remove(ana.id, &CHANGE).await.unwrap(), RemoveOperator::Last);
    operators.sign_out_everywhere(ana.id).await.unwrap();
    assert_eq!(operators.signed_in(&session, NOW).await.unwrap(), None);
}

#[tokio::test]
async fn who_recovers_has_another_password_and_is_signed_out_everywhere_else() {
    let store = Database::new().await;
    let (ana, before) = operator(&store, "ana@example.com").await;
    let invitation = invite(&store, Guest::Recovering(ana.id)).await;
    // It is nobody new, so no list has it.
    assert_eq!(store.operators().invitations(NOW).await.unwrap(), []);
    let accepting = Accepting { password: PasswordHash::new("new".to_owned()), ..accepting(&invitation) };
    let Accept::Accepted(recovered) = store.operators().accept(&accepting, NOW).await.unwrap() else { panic!() };
    assert_eq!((recovered.id, recovered.name, recovered.password), (ana.id, ana.name, accepting.password.clone()));
    assert_eq!(store.operators().signed_in(&before, NOW).await.unwrap(), None);
    assert!(store.operators().signed_in(&accepting.session, NOW).await.unwrap().is_some());
    assert_eq!(store.operators().accept(&accepting, NOW).await.unwrap(), Accept::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_forty_attempts_at_once_through_two_stores_five_are_looked_at() {
    let database = Database::new().await;
    let another = database.another().await;
    let quarter = SignedDuration::from_mins(15);
    let limit = |subject: &str| Limit { subject: subject.to_owned(), most: 5, within: quarter };
    let tried = at_once(40, |index| {
        let store = if index % 2 == 0 { database.clone() } else { another.clone() };
        let limits = [limit("ana"), Limit { most: 50, ..limit("from") }];
        async move { store.operators().may_try(&limits, NOW).await.unwrap() }
    })
    .await;
    assert_eq!(tried.iter().filter(|tried| matches!(tried, Try::May(_))).count(), 5);
    let operators = database.operators();
    let may_try = async |subject: &str, now| operators.may_try(&[limit(subject)], now).await.unwrap();
    assert!(matches!(may_try("bob", NOW).await, Try::May(_)));
    assert_eq!(may_try("ana", later(15 * 60 - 1)).await, Try::TooOften(quarter));
    assert!(matches!(may_try("ana", later(15 * 60)).await, Try::May(_)));
    operators.was_right(&[limit("ana")]).await.unwrap();
    for number in 0..6 {
        let Try::May(attempt) = may_try("ana", NOW).await else { panic!("{number}") };
        // The first was right, so five more may be wrong.
        if number == 0 {
            operators.take_back(attempt).await.unwrap();
        }
    }
    assert_eq!(may_try("ana", NOW).await, Try::TooOften(quarter));
    operators.forget_old(later(3 * 3600)).await.unwrap();
    assert!(matches!(may_try("ana", NOW).await, Try::May(_)));
}
