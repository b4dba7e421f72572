//! Browsers that go from journey to journey: starting one takes longer than many journeys do.

use std::{
    io,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

use tokio::runtime::{Builder, Runtime};

use super::{Browser, Engine, PATIENCE};
use crate::JourneyError;

/// Those of this process that no journey has. They end with it, as every `Process` does.
static POOL: Mutex<Vec<Browser>> = Mutex::new(Vec::new());

/// Where connections to browsers are served: a journey's own runtime ends with it.
static RUNTIME: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build());

/// Where connections to browsers are served.
pub(super) fn runtime() -> Result<&'static Runtime, JourneyError> {
    RUNTIME.as_ref().map_err(|error| JourneyError::NotStarted {
        program: "what serves the connections to browsers".into(),
        source: io::Error::new(error.kind(), error.to_string()),
    })
}

impl Browser {
    /// One that another journey of this process handed on, or else a new one as [`Self::open`] opens it. No difference
    /// is to be seen.
    pub async fn take() -> Result<Self, JourneyError> {
        let handed_on = pool().pop();
        match handed_on {
            Some(browser) => Ok(browser),
            None => Self::open().await,
        }
    }

    /// Leaves it to the next journey, without anything of this one. One that can't be handed on is closed.
    pub async fn hand_on(self) {
        if !goes_on(self.engine) {
            return;
        }
        if let Ok(Ok(renewed)) = tokio::time::timeout(PATIENCE, self.renewed()).await {
            pool().push(renewed);
        }
    }

    /// In another room, and with nothing that was set for the browser as a whole.
    async fn renewed(mut self) -> Result<Self, JourneyError> {
        let room = self.session().opens_room().await?;
        self.session().moves_to(&room).await?;
        self.room = room;
        self.session().forgets_settings().await?;
        Ok(self)
    }
}

/// Whether browsers of a kind are worth handing on.
const fn goes_on(engine: Engine) -> bool {
    match engine {
        Engine::Chromium | Engine::Firefox => true,
        // It starts in little more time than a window takes to open, and its driver can't tell windows' cookies apart.
        Engine::WebKit => false,
    }
}

fn pool() -> MutexGuard<'static, Vec<Browser>> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}
