//! What takes more than a command in WebKit.

use std::{fs, path::Path, time::Duration};

use fantoccini::Client;

use super::{Engine, Viewport};
use crate::JourneyError;

/// How often is looked whether the window has its size.
const LOOKS: u32 = 50;

/// What MiniBrowser's person prefers, in the folder where it looks for that: a toolbar as small as it gets, or its
/// window could not become as narrow as a phone; and no motion, as in the other browsers.
pub(super) fn configure(folder: &Path) -> Result<(), JourneyError> {
    const NOTHING: &str = "* { min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; font-size: 1px }";
    const STILL: &str = "[Settings]\ngtk-enable-animations=0\n";
    let folder = folder.join("gtk-3.0");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("gtk.css"), NOTHING))
        .and_then(|()| fs::write(folder.join("settings.ini"), STILL));
    written.map_err(|source| JourneyError::File { path: folder, source })
}

/// Sets the size of the window so that the page has the size wanted. The toolbar takes its part of the height.
pub(super) async fn set_viewport(client: &Client, viewport: Viewport) -> Result<(), JourneyError> {
    let Viewport { width, height } = viewport;
    let page = sizes(client).await?;
    client.set_window_size(width + page.around.width, height + page.around.height).await?;
    for _ in 0..LOOKS {
        if sizes(client).await?.inside == viewport {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(JourneyError::Unable { engine: Engine::WebKit, reason: "its window can't become as narrow as a phone" })
}

struct Sizes {
    inside: Viewport,
    /// What the window takes for itself.
    around: Viewport,
}

async fn sizes(client: &Client) -> Result<Sizes, JourneyError> {
    let measured = client.execute("return [innerWidth, innerHeight, outerWidth, outerHeight]", vec![]).await?;
    let size = |index: usize| measured[index].as_u64().and_then(|size| u32::try_from(size).ok()).unwrap_or(0);
    let inside = Viewport { width: size(0), height: size(1) };
    let around =
        Viewport { width: size(2).saturating_sub(inside.width), height: size(3).saturating_sub(inside.height) };
    Ok(Sizes { inside, around })
}
