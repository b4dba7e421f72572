//! Invitations: how operators come to be, and come back who lost their password.

use banklink_domain::{
    activity::{Action, Actor, Change},
    ids::{InvitationId, OperatorId},
    operator::{Email, Guest, Invitation, Operator, OperatorSession, OperatorState, PasswordHash},
    text::{OperatorName, OrganisationName},
    token::TokenHash,
};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::{
    Operators, count, note_operator,
    sessions::{insert_session, sign_out_elsewhere},
    set_password,
};
use crate::{
    activities::note,
    entities::{invitation, operator},
    error::StoreError,
    settings,
};

/// What came of inviting somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Invite {
    /// They can accept.
    Invited,
    /// Somebody signs in with that address already.
    Taken,
    /// There are as many operators, or open invitations, as there may be.
    TooMany,
}

/// How somebody accepts an invitation.
#[derive(Clone, Debug)]
pub struct Accepting {
    /// The hash of the invitation's token.
    pub invitation: TokenHash,
    /// A new id, for who is new.
    pub id: OperatorId,
    /// The address of the first operator; others are invited under theirs.
    pub email: Option<Email>,
    /// What who is new is called.
    pub name: Option<OperatorName>,
    /// What the organisation is called, if who is new says so and nobody did before.
    pub organisation: Option<OrganisationName>,
    /// What they sign in with from now on.
    pub password: PasswordHash,
    /// What the browser that they accept with holds from now on.
    pub session: TokenHash,
}

/// What came of accepting an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Accept {
    /// They can sign in, and are signed in.
    Accepted(Operator),
    /// The invitation is unknown, used, withdrawn or expired.
    Invalid,
    /// A name or an address is missing that this invitation asks for.
    Incomplete,
    /// Somebody signs in with that address already.
    Taken,
}

impl Operators<'_> {
    /// Lets somebody become an operator, or be one again. An earlier invitation of the same person's is void.
    pub async fn invite(&self, invitation: &Invitation, change: &Change) -> Result<Invite, StoreError> {
        let transaction = self.store.begin().await?;
        if let Guest::New(email) = &invitation.guest {
            let taken = operator::Entity::find()
                .filter(operator::Column::Email.eq(email.as_str()))
                .filter(operator::Column::RemovedAt.is_null());
            if taken.count(&transaction).await? > 0 {
                return Ok(Invite::Taken);
            }
        }
        // Several servers may start at once before there is an operator; the invitation that each prints is good.
        if invitation.guest != Guest::First {
            invitation::Entity::delete_many().filter(same_guest(&invitation.guest)).exec(&transaction).await?;
        }
        // Who recovers is one of them already.
        if !matches!(invitation.guest, Guest::Recovering(_)) {
            let open = invitation::Entity::find()
                .filter(invitation::Column::Email.is_not_null())
                .filter(invitation::Column::ExpiresAt.gt(change.at.as_millisecond()))
                .count(&transaction)
                .await?;
            if open + count(&transaction).await? >= Operator::MAX_ACTIVE {
                return Ok(Invite::TooMany);
            }
        }
        let row = invitation::Model::from(invitation).into_active_model();
        invitation::Entity::insert(row).exec_without_returning(&transaction).await?;
        match &invitation.guest {
            Guest::First => {}
            Guest::New(email) => {
                let id = invitation.id.to_string();
                note(&transaction, None, change, Action::OperatorInvited, id, email.as_str()).await?;
            }
            Guest::Recovering(operator) => {
                let id = operator.to_string();
                note(&transaction, None, change, Action::OperatorRecoveryOffered, id, "").await?;
            }
        }
        transaction.commit().await?;
        Ok(Invite::Invited)
    }

    /// The invitation of this token, if it can be accepted.
    pub async fn invitation(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Invitation>, StoreError> {
        let row = invitation::Entity::find()
            .filter(invitation::Column::Hash.eq(hash.to_string()))
            .filter(invitation::Column::ExpiresAt.gt(now.as_millisecond()))
            .one(self.store.reader())
            .await?;
        row.map(Invitation::try_from).transpose()
    }

    /// The new people whose invitations can be accepted, in the order in which they were invited.
    pub async fn invitations(&self, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
        let rows = invitation::Entity::find()
            .filter(invitation::Column::Email.is_not_null())
            .filter(invitation::Column::ExpiresAt.gt(now.as_millisecond()))
            .order_by_asc(invitation::Column::Id)
            .all(self.store.reader())
            .await?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// Takes back the invitation of somebody new; says whether it could still be accepted.
    pub async fn withdraw(&self, id: InvitationId, change: &Change) -> Result<bool, StoreError> {
        let transaction = self.store.begin().await?;
        let rows = invitation::Entity::delete_many()
            .filter(invitation::Column::Id.eq(id.to_string()))
            .filter(invitation::Column::Email.is_not_null())
            .filter(invitation::Column::ExpiresAt.gt(change.at.as_millisecond()))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = rows.into_iter().next() else { return Ok(false) };
        let email = row.email.unwrap_or_default();
        note(&transaction, None, change, Action::InvitationWithdrawn, row.id, email).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Uses an invitation up: of any number who try, one becomes the operator, or gets the operator's new password.
    pub async fn accept(&self, accepting: &Accepting, now: Timestamp) -> Result<Accept, StoreError> {
        let transaction = self.store.begin().await?;
        let used = invitation::Entity::delete_many()
            .filter(invitation::Column::Hash.eq(accepting.invitation.to_string()))
            .filter(invitation::Column::ExpiresAt.gt(now.as_millisecond()))
            .exec_with_returning(&transaction)
            .await?;
        let Some(row) = used.into_iter().next() else { return Ok(Accept::Invalid) };
        let accepted = match Invitation::try_from(row)?.guest {
            Guest::Recovering(operator) => recover(&transaction, operator, accepting, now).await?,
            Guest::New(email) => join(&transaction, email, accepting, now).await?,
            Guest::First if count(&transaction).await? > 0 => return Ok(Accept::Invalid),
            Guest::First => match &accepting.email {
                Some(email) => join(&transaction, email.clone(), accepting, now).await?,
                None => return Ok(Accept::Incomplete),
            },
        };
        let Accept::Accepted(operator) = &accepted else { return Ok(accepted) };
        insert_session(&transaction, &OperatorSession::new(accepting.session, operator.id, now)).await?;
        transaction.commit().await?;
        Ok(accepted)
    }
}

fn same_guest(guest: &Guest) -> Expr {
    use invitation::Column::{Email, OperatorId};
    match guest {
        Guest::First => Email.is_null().and(OperatorId.is_null()),
        Guest::New(email) => Email.eq(email.as_str()),
        Guest::Recovering(operator) => OperatorId.eq(operator.to_string()),
    }
}

async fn join(
    transaction: &DatabaseTransaction,
    email: Email,
    accepting: &Accepting,
    now: Timestamp,
) -> Result<Accept, StoreError> {
    let Some(name) = accepting.name.clone() else { return Ok(Accept::Incomplete) };
    let operator = Operator {
        id: accepting.id,
        email,
        name,
        password: accepting.password.clone(),
        created_at: now,
        state: OperatorState::Active,
    };
    let row = operator::Model::from(&operator).into_active_model();
    let inserted = operator::Entity::insert(row).exec_without_returning(transaction).await;
    match inserted.map_err(|error| StoreError::from_insert(error, "operator")) {
        Err(StoreError::AlreadyExists { .. }) => return Ok(Accept::Taken),
        other => other?,
    };
    let change = by(&operator, now);
    note_operator(transaction, &change, Action::OperatorJoined, &operator).await?;
    if let Some(name) = &accepting.organisation {
        settings::name_first(transaction, name, &change).await?;
    }
    Ok(Accept::Accepted(operator))
}

async fn recover(
    transaction: &DatabaseTransaction,
    operator: OperatorId,
    accepting: &Accepting,
    now: Timestamp,
) -> Result<Accept, StoreError> {
    let Some(operator) = set_password(transaction, operator, None, &accepting.password).await? else {
        return Ok(Accept::Invalid);
    };
    sign_out_elsewhere(transaction, operator.id, None).await?;
    note_operator(transaction, &by(&operator, now), Action::PasswordChanged, &operator).await?;
    Ok(Accept::Accepted(operator))
}

const fn by(operator: &Operator, at: Timestamp) -> Change {
    Change { by: Actor::Operator(operator.id), at }
}
