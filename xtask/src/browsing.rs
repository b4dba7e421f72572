//! What the tasks that use a browser share.

use std::future::Future;

use banklink_journey::{Browser, JourneyError, Person, Place, Sandbox, person::Card};

use crate::Error;

/// Carries out what waits for browsers and servers.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, JourneyError>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    Ok(runtime.block_on(future)?)
}

/// Opens the widget as a page of its own.
pub(crate) async fn opens_widget_page<'browser>(
    browser: &'browser Browser,
    sandbox: &Sandbox,
    query: &str,
) -> Result<Person<'browser>, JourneyError> {
    browser.goto(&sandbox.widget_page(query).await?).await?;
    Ok(Person::new(browser, Place::Page))
}

/// Waits until the list answers: what is typed finds something.
pub(crate) async fn list_is_usable(person: Person<'_>) -> Result<(), JourneyError> {
    person.sees(Card::Institutions).await?;
    person.browser().await?.sees("[data-part='bank-box']").await
}
