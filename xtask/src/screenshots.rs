//! `cargo xtask screenshots`: every screen of the widget and every page of the dashboard × look × width, as they really
//! are, into `docs/screens/`.

use banklink_journey::{
    Browser, Host, JourneyError, Place, Sandbox, SandboxOptions, Scheme, Viewport, operator_tour, person::Card, tour,
};
use clap::ValueEnum;
use std::collections::BTreeSet;

use crate::{
    Error, browsing, build,
    tools::Tools,
    workspace::{self, Profile, Workspace},
};

const SIZES: [Viewport; 3] = [
    Viewport { width: 360, height: 740 },
    Viewport { width: 768, height: 1024 },
    Viewport { width: 1280, height: 800 },
];

/// What pictures are taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// The widget, and the page that embeds it
    Widget,
    /// The dashboard
    Dashboard,
}

impl Subject {
    /// Whose picture a file is.
    fn of(name: &str) -> Self {
        if name.starts_with(DASHBOARD) { Self::Dashboard } else { Self::Widget }
    }
}

/// What the names of the dashboard's pictures begin with.
const DASHBOARD: &str = "dashboard-";

/// How a screen can look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Light,
    Dark,
    /// From right to left.
    Arabic,
}

impl Look {
    const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Arabic];

    const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Arabic => "arabic",
        }
    }

    const fn scheme(self) -> Scheme {
        match self {
            Self::Dark => Scheme::Dark,
            Self::Light | Self::Arabic => Scheme::Light,
        }
    }

    const fn language(self) -> &'static str {
        match self {
            Self::Light | Self::Dark => "en",
            Self::Arabic => "ar",
        }
    }

    /// What the widget is asked for.
    const fn parameters(self) -> &'static str {
        match self {
            Self::Light | Self::Dark => "",
            Self::Arabic => "language=ar",
        }
    }
}

/// Builds, goes through every screen, and leaves exactly their pictures in the folder. With a subject, pictures of others
/// stay as they are.
pub(crate) fn run(workspace: &Workspace, only: Option<Subject>) -> Result<(), Error> {
    Tools::for_browsing(workspace)?;
    build::run(workspace, Profile::Dev)?;
    let pictures = browsing::block_on(pictures(workspace, only))?;
    let folder = workspace.path("docs/screens");
    workspace::create_folder(&folder)?;
    let names: BTreeSet<&str> = pictures.iter().map(|(name, _)| name.as_str()).collect();
    for present in workspace::files_in(&folder)? {
        let name = present.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_ours = only.is_none_or(|only| Subject::of(name) == only);
        if is_ours && !names.contains(name) {
            workspace::remove(&present)?;
        }
    }
    for (name, picture) in &pictures {
        workspace::write_if_changed(&folder.join(name), picture)?;
    }
    let bytes: usize = pictures.iter().map(|(_, picture)| picture.len()).sum();
    println!("{} pictures, {} kB, in {}", pictures.len(), bytes / 1000, folder.display());
    Ok(())
}

/// In which looks and widths the dashboard is taken: as its journey looks at it.
const OF_THE_DASHBOARD: [(Look, u32); 3] = [(Look::Light, 1280), (Look::Dark, 360), (Look::Arabic, 360)];

async fn pictures(workspace: &Workspace, only: Option<Subject>) -> Result<Vec<(String, Vec<u8>)>, JourneyError> {
    let options = SandboxOptions { binary: Some(workspace.binary(Profile::Dev)), ..SandboxOptions::default() };
    let sandbox = options.start().await?;
    let mut pictures = Vec::new();
    for look in Look::ALL {
        for size in SIZES {
            println!("── {} at {} pixels", look.name(), size.width);
            if only != Some(Subject::Dashboard) {
                of_every_screen(&sandbox, look, size, &mut pictures).await?;
                of_the_host_page(&sandbox, look, size, &mut pictures).await?;
            }
            if only != Some(Subject::Widget) && OF_THE_DASHBOARD.contains(&(look, size.width)) {
                // Its first operator is made once.
                of_the_dashboard(&options.start().await?, look, size, &mut pictures).await?;
            }
        }
    }
    Ok(pictures)
}

async fn of_every_screen(
    sandbox: &Sandbox,
    look: Look,
    size: Viewport,
    pictures: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), JourneyError> {
    let browser = Browser::open().await?;
    browser.set_viewport(size).await?;
    browser.prefer(look.scheme()).await?;
    tour::of_every_screen_with(&browser, sandbox, Place::Page, look.parameters(), async |scene, _| {
        let name = format!("{}-{}-{}.png", scene.as_str(), look.name(), size.width);
        pictures.push((name, browser.picture().await?));
        Ok(())
    })
    .await
}

/// The widget where people meet it: in the app's page, and what that page shows afterwards.
async fn of_the_host_page(
    sandbox: &Sandbox,
    look: Look,
    size: Viewport,
    pictures: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), JourneyError> {
    let browser = Browser::open().await?;
    browser.set_viewport(size).await?;
    browser.prefer(look.scheme()).await?;
    let mut take = async |moment: &str| {
        browser.enter_top().await?;
        let name = format!("host-{moment}-{}-{}.png", look.name(), size.width);
        pictures.push((name, browser.picture().await?));
        Ok::<(), JourneyError>(())
    };
    let host = Host::load(&browser, sandbox, look.parameters()).await?;
    take("before").await?;
    browser.click("#connect").await?;
    let person = host.person();
    person.agrees().await?;
    person.finds("Flinks Capital").await?;
    person.sees(Card::Institutions).await?;
    take("linking").await?;
    person.chooses_institution("Flinks Capital").await?;
    person.types_credentials("greatday_nomfa", tour::FLINKS_CAPITAL.1).await?;
    person.continues().await?;
    host.connection().await?;
    take("linked").await
}

async fn of_the_dashboard(
    sandbox: &Sandbox,
    look: Look,
    size: Viewport,
    pictures: &mut Vec<(String, Vec<u8>)>,
) -> Result<(), JourneyError> {
    let browser = Browser::open().await?;
    browser.set_viewport(size).await?;
    browser.prefer(look.scheme()).await?;
    operator_tour::of_every_page(&browser, sandbox, look.language(), async |scene| {
        let name = format!("{DASHBOARD}{scene}-{}-{}.png", look.name(), size.width);
        pictures.push((name, browser.picture().await?));
        Ok(())
    })
    .await
}
