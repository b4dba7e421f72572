//! The page that embeds the widget: the demo's host page.

use serde_json::Value;

use crate::{Browser, JourneyError, Person, Place, Sandbox};

/// The frame with the widget in it: the pages that embed it have no other.
pub const FRAME: &str = "iframe";

/// The host page in a browser.
#[derive(Clone, Copy, Debug)]
pub struct Host<'browser> {
    browser: &'browser Browser,
}

/// The connection that the host's server holds, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownConnection {
    /// The institution.
    pub title: String,
    /// The connection's status.
    pub status: String,
    /// Each account: name with its last digits on a line below, and balance.
    pub accounts: Vec<Vec<String>>,
    /// Each transaction: text with its day on a line below, and amount.
    pub transactions: Vec<Vec<String>>,
}

impl<'browser> Host<'browser> {
    /// The host page that a browser is at.
    pub const fn at(browser: &'browser Browser) -> Self {
        Self { browser }
    }

    /// Loads the host page. Its parameters go on to the widget.
    pub async fn load(browser: &'browser Browser, sandbox: &Sandbox, query: &str) -> Result<Self, JourneyError> {
        browser.goto(&format!("{}/?{query}", sandbox.host())).await?;
        Ok(Self { browser })
    }

    /// Loads the host page and clicks its button: the widget opens.
    pub async fn open(
        browser: &'browser Browser,
        sandbox: &Sandbox,
        query: &str,
    ) -> Result<(Self, Person<'browser>), JourneyError> {
        let host = Self::load(browser, sandbox, query).await?;
        browser.click("#connect").await?;
        Ok((host, host.person()))
    }

    /// Whoever uses the widget in the page's frame.
    pub fn person(self) -> Person<'browser> {
        Person::new(self.browser, Place::Frame)
    }

    /// Every message that came, in order.
    pub async fn messages(self) -> Result<Vec<Value>, JourneyError> {
        self.browser.enter_top().await?;
        let script = "return [...document.querySelectorAll('#messages li')].map((item) => item.dataset.message)";
        let items = self.browser.run(script, vec![]).await?;
        let texts = items.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts
            .map(|text| {
                serde_json::from_str(text)
                    .map_err(|_| JourneyError::Unexpected { asked: "a message", answer: text.to_owned() })
            })
            .collect()
    }

    /// `step` of every message that came, in order.
    pub async fn steps(self) -> Result<Vec<String>, JourneyError> {
        let messages = self.messages().await?;
        Ok(messages.iter().map(|message| message["step"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Waits for a message and returns it; the last of them, if several came.
    pub async fn hears(self, step: &str) -> Result<Value, JourneyError> {
        self.browser
            .until(&format!("the message {step}"), async || {
                Ok(self.messages().await?.into_iter().rfind(|message| message["step"] == step))
            })
            .await
    }

    /// Waits until the page says something, and returns it.
    pub async fn says(self) -> Result<String, JourneyError> {
        self.browser.enter_top().await?;
        self.browser
            .until("words of the host page", async || {
                let said = self.browser.text_of("#notice").await?;
                // It says so while it waits.
                Ok((!said.is_empty() && !said.ends_with('…')).then_some(said))
            })
            .await
    }

    /// Whether the widget's frame is on the page.
    pub async fn has_widget(self) -> Result<bool, JourneyError> {
        self.browser.enter_top().await?;
        Ok(!self.browser.all(FRAME).await?.is_empty())
    }

    /// Whether the page shows the connection now.
    pub async fn is_connected(self) -> Result<bool, JourneyError> {
        self.browser.enter_top().await?;
        self.browser.shows("#connection").await
    }

    /// Waits until the page shows the connection.
    pub async fn connection(self) -> Result<ShownConnection, JourneyError> {
        self.browser.enter_top().await?;
        self.browser.sees("#connection").await?;
        Ok(ShownConnection {
            title: self.browser.text_of("#connection-title").await?,
            status: self.browser.text_of("#connection-status").await?,
            accounts: self.rows("accounts").await?,
            transactions: self.rows("transactions").await?,
        })
    }

    /// Address of the widget in the frame, as it was opened.
    pub async fn frame_address(self) -> Result<String, JourneyError> {
        self.browser.enter_top().await?;
        let script = "return document.querySelector(arguments[0]).src";
        let address = self.browser.run(script, vec![FRAME.into()]).await?;
        Ok(address.as_str().unwrap_or_default().to_owned())
    }

    async fn rows(self, table: &str) -> Result<Vec<Vec<String>>, JourneyError> {
        let script = "return [...document.getElementById(arguments[0]).tBodies[0].rows]
            .map((row) => [...row.cells].map((cell) => cell.innerText))";
        let rows = self.browser.run(script, vec![table.into()]).await?;
        serde_json::from_value(rows.clone())
            .map_err(|_| JourneyError::Unexpected { asked: "the rows of a table", answer: rows.to_string() })
    }
}
