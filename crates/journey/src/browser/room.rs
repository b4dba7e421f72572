//! Where a journey takes place in its browser: a window with cookies, storage and a cache of its own. Who takes over a
//! browser gets another one, and finds nothing of what was done before.

use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use super::{
    reach::{Reach, Session, not_in_webkit},
    unexpected,
};
use crate::JourneyError;

/// A window and what it shares with those that it opens, and with no other.
#[derive(Debug)]
pub(super) struct Room {
    /// What the browser calls what they share; none for what it began with.
    context: Option<String>,
    pub(super) window: WindowHandle,
}

impl Room {
    /// That of a browser that was just opened.
    pub(super) const fn first(window: WindowHandle) -> Self {
        Self { context: None, window }
    }
}

impl Session<'_> {
    /// Opens another one.
    pub(super) async fn opens_room(self) -> Result<Room, JourneyError> {
        let (context, window) = match self.reach {
            Reach::DevTools(browser) => {
                let made = browser.command("Target.createBrowserContext", json!({})).await?;
                let context = &made["browserContextId"];
                let window = json!({ "url": "about:blank", "browserContextId": context, "newWindow": true });
                let opened = browser.command("Target.createTarget", window).await?;
                (context.clone(), opened["targetId"].clone())
            }
            Reach::Bidi(browser) => {
                let made = browser.command("browser.createUserContext", json!({})).await?;
                let context = &made["userContext"];
                let window = json!({ "type": "tab", "userContext": context });
                let opened = browser.command("browsingContext.create", window).await?;
                (context.clone(), opened["context"].clone())
            }
            Reach::WebKit(_) => return not_in_webkit("its windows share what they keep"),
        };
        let window = WindowHandle::try_from(text(&window)?).map_err(|_| unexpected("a window", &window))?;
        Ok(Room { context: Some(text(&context)?), window })
    }

    /// Turns to a room and closes every other window and what they shared, which is what was in this one.
    pub(super) async fn moves_to(self, room: &Room) -> Result<(), JourneyError> {
        for window in self.client.windows().await?.into_iter().filter(|window| *window != room.window) {
            self.client.switch_to_window(window).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(room.window.clone()).await?;
        let Some(context) = &self.room.context else { return Ok(()) };
        match self.reach {
            Reach::DevTools(browser) => {
                browser.command("Target.disposeBrowserContext", json!({ "browserContextId": context })).await?;
            }
            Reach::Bidi(browser) => {
                browser.command("browser.removeUserContext", json!({ "userContext": context })).await?;
            }
            Reach::WebKit(_) => {}
        }
        Ok(())
    }
}

fn text(name: &Value) -> Result<String, JourneyError> {
    name.as_str().map(str::to_owned).ok_or_else(|| unexpected("a window of its own", name))
}
