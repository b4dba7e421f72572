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

/// Waits until the list answers: it is drawn by the widget, and the session is open, so that what is typed finds
/// something.
pub(crate) async fn list_is_usable(person: Person<'_>) -> Result<(), JourneyError> {
    const IS_OPEN: &str = "return performance.getEntriesByType('resource')
        .some(({ name, responseEnd }) => name.endsWith('/open') && responseEnd > 0)";
    person.sees(Card::Institutions).await?;
    let browser = person.browser().await?;
    browser.sees("[data-part='bank-box']").await?;
    let is_open = async || Ok((browser.run(IS_OPEN, vec![]).await? == true).then_some(()));
    browser.until("the session to be open", is_open).await
}
