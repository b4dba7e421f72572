//! Operators: signing in, inviting, recovering.

use banklink_domain::{
    activity::{Actor, Change},
    ids::{InvitationId, OperatorId},
    operator::{Email, Guest, Invitation, Operator, OperatorSession, PasswordHash, password},
    text::{OperatorName, OrganisationName},
    token::{TokenHash, TokenKind},
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_store::{Accept, Accepting, Invite, Limit, RemoveOperator, Store, StoreError, Try};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{
    client_address::ClientAddress,
    problem::ApiError,
    random,
    services::{known_browser::KnownBrowser, texts},
    state::AppState,
};

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub operator: Operator,
    /// The hash of what their browser holds.
    pub session: TokenHash,
}

impl SignedIn {
    /// A change that they make now.
    pub fn change(&self, state: &AppState) -> Change {
        Change { by: Actor::Operator(self.operator.id), at: state.clock.now() }
    }
}

/// Somebody who just signed in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub operator: Operator,
    /// What their browser holds from now on.
    pub session: Secret,
    /// The browser, which is known from now on.
    pub browser: KnownBrowser,
}

/// Who is signed in with this.
pub async fn by_session(state: &AppState, session: &Secret) -> Result<SignedIn, ApiError> {
    let session = TokenHash::of(session);
    let found = state.store.operators().signed_in(&session, state.clock.now()).await?;
    let operator = found.ok_or_else(|| ApiError::new(ProblemCode::Unauthorized, "Sign in: you are not any more."))?;
    Ok(SignedIn { operator, session })
}

const QUARTER: SignedDuration = SignedDuration::from_mins(15);

/// How often anybody may be wrong: of one client about one address, of all clients about one address (more, so that
/// locking somebody out takes many), and of one client about all. Who comes in a browser that is known is not kept out
/// by what others do about their address.
fn sign_in_limits(email: &str, from: ClientAddress, browser: Option<&KnownBrowser>) -> Vec<Limit> {
    let of_client = Limit { subject: format!("sign-in from {from}"), most: 50, within: QUARTER };
    let few = |subject| Limit { subject, most: 5, within: QUARTER };
    if let Some(browser) = browser {
        return vec![few(format!("sign-in {email} {}", browser.name())), of_client];
    }
    let of_all = Limit { subject: format!("sign-in {email}"), most: 100, within: SignedDuration::from_hours(1) };
    vec![few(format!("sign-in {email} {from}")), of_all, of_client]
}

fn too_often(within: SignedDuration) -> ApiError {
    let detail = "The password was wrong too often: wait as long as `Retry-After` says, then try again.";
    ApiError::new(ProblemCode::TooManyRequests, detail).retry_after(within)
}

/// Signs somebody in who knows their password. `held` is what makes their browser a known one.
pub async fn sign_in(
    state: &AppState,
    from: ClientAddress,
    held: Option<&Secret>,
    email: &str,
    password: &Secret,
) -> Result<Entered, ApiError> {
    let email = Email::parse(email).map_err(|_| invalid_email())?;
    let (operators, now) = (state.store.operators(), state.clock.now());
    let known = operators.by_email(&email).await?;
    let browser = match (&known, held) {
        (Some(operator), Some(held)) => KnownBrowser::of(&state.sealer, operator, held)?,
        _ => None,
    };
    let limits = sign_in_limits(email.as_str(), from, browser.as_ref());
    let hash = known.as_ref().map(|operator| &operator.password);
    let is_right = compare(state, &limits, password, hash).await?;
    let wrong = || ApiError::new(ProblemCode::Unauthorized, "The address or the password is wrong.");
    let operator = known.filter(|_| is_right).ok_or_else(wrong)?;
    let session = TokenKind::OperatorSession.mint(random::bytes());
    let row = OperatorSession::new(TokenHash::of(&session), operator.id, now);
    // Whose password was changed meanwhile has another by now.
    if operators.sign_in(&row, &operator.password).await? {
        Ok(Entered { operator, session, browser: browser.unwrap_or_else(KnownBrowser::mint) })
    } else {
        Err(wrong())
    }
}

/// Makes sure that it is the operator who asks, and not somebody at their open browser.
pub async fn confirm(state: &AppState, operator: &Operator, password: &Secret) -> Result<(), ApiError> {
    let limits = [Limit { subject: format!("confirm {}", operator.id), most: 5, within: QUARTER }];
    if compare(state, &limits, password, Some(&operator.password)).await? {
        Ok(())
    } else {
        Err(ApiError::invalid("password", "This is not your password."))
    }
}

/// Whether a password is the one that was hashed, unless there were too many wrong ones. Only those count: one that is
/// right, or that nobody had the time to look at, is taken back.
async fn compare(
    state: &AppState,
    limits: &[Limit],
    password: &Secret,
    hash: Option<&PasswordHash>,
) -> Result<bool, ApiError> {
    let operators = state.store.operators();
    let attempt = match operators.may_try(limits, state.clock.now()).await? {
        Try::May(attempt) => attempt,
        Try::TooOften(within) => return Err(too_often(within)),
    };
    let is_right = state.passwords.is_right(password, hash).await;
    if !matches!(is_right, Ok(false)) {
        operators.take_back(attempt).await?;
    }
    if matches!(is_right, Ok(true)) {
        // Of one client about one address, what was wrong before counts no more.
        operators.was_right(&limits[..1]).await?;
    }
    is_right
}

/// Gives an operator another password, who is signed out everywhere else.
pub async fn change_password(
    state: &AppState,
    signed_in: &SignedIn,
    current: &Secret,
    new: &Secret,
) -> Result<(), ApiError> {
    let SignedIn { operator, session } = signed_in;
    check_password(new, &operator.email, "new_password")?;
    confirm(state, operator, current).await?;
    let hash = state.passwords.hash(new).await?;
    let change = signed_in.change(state);
    let (operators, compared) = (state.store.operators(), &operator.password);
    let changed = operators.change_password(operator.id, compared, &hash, Some(session), &change).await?;
    changed.map(drop).ok_or_else(no_such_operator)
}

fn check_password(password: &Secret, email: &Email, parameter: &str) -> Result<(), ApiError> {
    use password::WeakPassword;
    password::check(password.expose(), email).map_err(|weak| {
        let detail = match weak {
            WeakPassword::TooShort => format!("Choose at least {} characters: a few words will do.", password::MIN),
            WeakPassword::TooLong => format!("Choose at most {} bytes.", password::MAX),
            WeakPassword::Guessable => "Choose something that is harder to guess.".to_owned(),
        };
        ApiError::invalid(parameter, detail)
    })
}

fn invalid_email() -> ApiError {
    ApiError::invalid("email", "Send an address such as ana@example.com.")
}

/// An invitation with its token, which is shown this once.
#[derive(Clone, Debug)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// For the page that accepts it.
    pub token: Secret,
}

impl Invited {
    fn new(guest: Guest, now: Timestamp) -> Self {
        let token = TokenKind::Invitation.mint(random::bytes());
        let id = InvitationId::new(now, random::bytes());
        Self { invitation: Invitation::new(id, TokenHash::of(&token), guest, now), token }
    }

    /// The page that accepts it, of the server at this address. In a fragment no server, log or proxy sees the token.
    pub fn url(&self, public_url: &Url) -> Secret {
        let base = public_url.as_str().trim_end_matches('/');
        Secret::new(format!("{base}/dashboard/welcome#{}", self.token.expose()))
    }
}

/// Invites a guest.
pub async fn invite_guest(store: &Store, guest: Guest, change: &Change) -> Result<(Invited, Invite), StoreError> {
    let invited = Invited::new(guest, change.at);
    let outcome = store.operators().invite(&invited.invitation, change).await?;
    Ok((invited, outcome))
}

/// Invites somebody of this address.
pub async fn invite(state: &AppState, signed_in: &SignedIn, email: &str) -> Result<Invited, ApiError> {
    let guest = Guest::New(Email::parse(email).map_err(|_| invalid_email())?);
    let conflict = |detail: &str| Err(ApiError::new(ProblemCode::Conflict, detail));
    match invite_guest(&state.store, guest, &signed_in.change(state)).await? {
        (invited, Invite::Invited) => Ok(invited),
        (_, Invite::Taken) => conflict("Somebody signs in with this address already."),
        (_, Invite::TooMany) => conflict("There are as many operators and invitations as there may be: remove some."),
    }
}

/// Takes an invitation back.
pub async fn withdraw(state: &AppState, signed_in: &SignedIn, id: InvitationId) -> Result<(), ApiError> {
    if state.store.operators().withdraw(id, &signed_in.change(state)).await? {
        Ok(())
    } else {
        Err(ApiError::new(ProblemCode::NotFound, "There is no such invitation any more."))
    }
}

fn no_such_operator() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such operator any more.")
}

/// Ends somebody's access.
pub async fn remove(state: &AppState, signed_in: &SignedIn, id: OperatorId) -> Result<(), ApiError> {
    match state.store.operators().remove(id, &signed_in.change(state)).await? {
        RemoveOperator::Removed(_) => Ok(()),
        RemoveOperator::Last => {
            Err(ApiError::new(ProblemCode::Conflict, "Nobody could sign in any more: invite somebody else first."))
        }
        RemoveOperator::Unknown => Err(no_such_operator()),
    }
}

/// What somebody sees who opens an invitation.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// The invitation.
    pub invitation: Invitation,
    /// Who recovers, if somebody does.
    pub operator: Option<Operator>,
    /// What the organisation is called, if that was said.
    pub organisation: Option<OrganisationName>,
}

fn void() -> ApiError {
    let detail = "The invitation was used, taken back, or is too old: ask for another.";
    ApiError::new(ProblemCode::TokenInvalid, detail)
}

/// Reads an invitation that can be accepted.
pub async fn welcome(state: &AppState, token: &Secret) -> Result<Welcome, ApiError> {
    let operators = state.store.operators();
    let invitation = operators.invitation(&TokenHash::of(token), state.clock.now()).await?.ok_or_else(void)?;
    if invitation.guest == Guest::First && operators.are_there().await? {
        return Err(void());
    }
    let operator = match invitation.guest {
        Guest::Recovering(id) => operators.of_ids([id]).await?.pop(),
        Guest::First | Guest::New(_) => None,
    };
    let organisation = state.store.settings().organisation_name().await?;
    Ok(Welcome { invitation, operator, organisation })
}

/// What somebody sends who accepts an invitation.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The invitation's.
    pub token: Secret,
    /// From now on.
    pub password: Secret,
    /// The first operator's.
    pub email: Option<String>,
    /// Of who is new.
    pub name: Option<String>,
    /// What the organisation is called, if nobody said before.
    pub organisation: Option<String>,
}

/// Accepts an invitation, and signs in.
pub async fn accept(state: &AppState, acceptance: &Acceptance) -> Result<Entered, ApiError> {
    let Welcome { invitation, operator, .. } = welcome(state, &acceptance.token).await?;
    let given = acceptance.email.as_deref().map(Email::parse).transpose().map_err(|_| invalid_email())?;
    let email = match (&invitation.guest, &operator, &given) {
        (Guest::New(email), ..) | (Guest::First, _, Some(email)) => email,
        (Guest::Recovering(_), Some(operator), _) => &operator.email,
        (Guest::First, _, None) => return Err(invalid_email()),
        (Guest::Recovering(_), None, _) => return Err(void()),
    };
    check_password(&acceptance.password, email, "password")?;
    let name = acceptance.name.as_deref().map(OperatorName::parse).transpose();
    let organisation = acceptance.organisation.as_deref().map(OrganisationName::parse).transpose();
    let session = TokenKind::OperatorSession.mint(random::bytes());
    let now = state.clock.now();
    let accepting = Accepting {
        invitation: invitation.hash,
        id: OperatorId::new(now, random::bytes()),
        name: name.map_err(|error| texts::refused("name", error))?,
        organisation: organisation.map_err(|error| texts::refused("organisation", error))?,
        password: state.passwords.hash(&acceptance.password).await?,
        session: TokenHash::of(&session),
        email: given,
    };
    match state.store.operators().accept(&accepting, now).await? {
        Accept::Accepted(operator) => Ok(Entered { operator, session, browser: KnownBrowser::mint() }),
        Accept::Invalid => Err(void()),
        Accept::Incomplete => Err(ApiError::invalid("name", "Say what you are called.")),
        Accept::Taken => Err(ApiError::new(ProblemCode::Conflict, "Somebody signs in with this address already.")),
    }
}
