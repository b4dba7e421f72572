//! What is done to a login: `DeleteCard`, `SetScheduledRefresh`, `GetMFAQuestions`, `AnswerMFAQuestions` (`vendor-apis.md`,
//! 1.2).

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use banklink_domain::{
    activity::{Actor, Change},
    app::App,
};
use banklink_protocol::ids::ConnectionId;
use serde::Serialize;

use super::{body::Body, challenges, error::FlinksError, no_store};
use crate::{
    services::{connections, refreshing},
    state::AppState,
};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Done {
    http_status_code: u16,
    message: &'static str,
}

fn done(message: &'static str) -> Response {
    (StatusCode::OK, no_store(), Json(Done { http_status_code: 200, message })).into_response()
}

/// `DeleteCard`: the connection, its data and its consent.
pub(super) async fn delete_card(state: &AppState, app: &App, login: &str) -> Result<Response, FlinksError> {
    let connection = connections::of_app(state, app, &ConnectionId::new(login)).await?;
    connections::delete(state, app, &change(state), &connection.id).await?;
    Ok(done("The login and all of its data were deleted."))
}

/// `SetScheduledRefresh`: whether the login is refreshed at night.
pub(super) async fn set_scheduled_refresh(state: &AppState, app: &App, body: &Body) -> Result<Response, FlinksError> {
    let login = ConnectionId::new(body.required("LoginId")?);
    let activated = body.flag("IsActivated")?.ok_or_else(|| FlinksError::field("IsActivated", "true or false"))?;
    let connection = connections::of_app(state, app, &login).await?;
    refreshing::schedule(state, &connection, activated, &change(state)).await?;
    Ok(done(if activated { "The login is refreshed every night." } else { "The login is not refreshed any more." }))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MfaQuestions {
    message: &'static str,
    questions: Vec<MfaQuestion>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MfaQuestion {
    question: String,
}

/// `GetMFAQuestions`: what the login is asked each time, where that is nothing but security questions.
pub(super) async fn mfa_questions(state: &AppState, app: &App, login: &str) -> Result<Response, FlinksError> {
    let connection = connections::of_app(state, app, &ConnectionId::new(login)).await?;
    let questions = connections::questions(state, &connection).await?;
    let questions = questions.into_iter().map(|question| MfaQuestion { question: question.prompt }).collect();
    Ok((StatusCode::OK, no_store(), Json(MfaQuestions { message: "SUCCESS", questions })).into_response())
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MfaAnswers {
    message: &'static str,
}

/// `AnswerMFAQuestions`: what they are answered from now on when nobody is there.
pub(super) async fn answer_mfa_questions(state: &AppState, app: &App, body: &Body) -> Result<Response, FlinksError> {
    let login = ConnectionId::new(body.required("LoginId")?);
    let given = body.pairs("Questions", ["Question", "Answer"])?;
    if given.is_empty() {
        return Err(FlinksError::field("Questions", "a list of objects with Question and Answer"));
    }
    let connection = connections::of_app(state, app, &login).await?;
    let answers = challenges::kept(&connections::questions(state, &connection).await?, &given)?;
    connections::keep_answers(state, app, &login, &answers, &change(state)).await?;
    Ok((StatusCode::OK, no_store(), Json(MfaAnswers { message: "Answers updated" })).into_response())
}

fn change(state: &AppState) -> Change {
    Change { by: Actor::DataKey, at: state.clock.now() }
}
