//! The `banklink` command.

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc};

use banklink_connectors::{ConnectorKind, Connectors, sandbox::Sandbox};
use banklink_domain::{ids::ClientId, theme::AppTheme};
use banklink_server::{
    address::ListenAddress,
    assets::Assets,
    cli::{
        AppCommand, AppCreateArgs, Cli, Command, DataArgs, InstitutionsCommand, OperatorArgs, OperatorCommand,
        SandboxArgs, ServeArgs, ThemeCommand,
    },
    clock::Clock,
    delivering,
    host_page::{self, HostPageConfig},
    limits::{Limits, PerMinute},
    locale::Locales,
    logging::{self, WithCauses},
    logos, metrics, refresher, router,
    sandbox::{self, toolbox},
    seal::{SealKey, Sealer},
    serve::{self, Signals, Stop},
    setup::{self, SetUpError},
    state::{AppState, Parts},
    theme_report::ThemeReport,
};
use banklink_store::{DatabaseUse, Durability, Store};
use banklink_theme::Finding;
use ipnet::IpNet;
use tokio::task::JoinSet;
use url::Url;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::read();
    logging::start(cli.log, cli.log_format);
    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            tell(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command says what went wrong")]
fn tell(error: &SetUpError) {
    eprintln!("banklink: {}", WithCauses(error));
}

#[expect(clippy::print_stdout, reason = "a command answers on standard output")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

async fn run(command: Command) -> Result<ExitCode, SetUpError> {
    match command {
        Command::Serve(args) => serve_for_real(args).await?,
        Command::Sandbox(args) => serve_sandbox(args).await?,
        Command::Backup { to, data } => setup::backup(&data, &to).await?,
        Command::Organisation { name, data } => organisation(&data, name.as_deref()).await?,
        Command::Operator(OperatorCommand::Invite(args)) => invite_operator(&args, false).await?,
        Command::Operator(OperatorCommand::Recover(args)) => invite_operator(&args, true).await?,
        Command::Operator(OperatorCommand::List { data }) => list_operators(&data).await?,
        Command::App(AppCommand::Create(args)) => create_app(&args).await?,
        Command::App(AppCommand::List { data }) => list_apps(&data).await?,
        Command::Institutions(InstitutionsCommand::Import { file, data }) => return import(&data, &file).await,
        Command::Institutions(InstitutionsCommand::Logos { folder, data }) => {
            return import_logos(&data, &folder).await;
        }
        Command::Theme(ThemeCommand::Check { file }) => return check_theme(&file),
        Command::Theme(ThemeCommand::Set { app, file, data }) => return set_theme(&data, app, &file).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn organisation(data: &DataArgs, name: Option<&str>) -> Result<(), SetUpError> {
    setup::with_data(data, async |store| {
        if let Some(name) = name {
            setup::name_organisation(store, name, Clock::system().now()).await?;
        }
        match store.settings().organisation_name().await? {
            Some(name) => say(name),
            None => say("The organisation has no name yet: give one to this command."),
        }
        Ok(())
    })
    .await
}

async fn invite_operator(args: &OperatorArgs, recovers: bool) -> Result<(), SetUpError> {
    let now = Clock::system().now();
    let url = setup::with_data(&args.data, async |store| {
        setup::invite_operator(store, &args.email, &args.public_url, recovers, now).await
    });
    say(url.await?.expose());
    Ok(())
}

async fn list_operators(data: &DataArgs) -> Result<(), SetUpError> {
    for operator in setup::with_data(data, async |store| Ok(store.operators().list().await?)).await? {
        say(format_args!("{}  {}", operator.email, operator.name));
    }
    Ok(())
}

async fn create_app(args: &AppCreateArgs) -> Result<(), SetUpError> {
    let created =
        setup::with_data(&args.data, async |store| setup::create_app(store, args, Clock::system().now()).await).await?;
    say(format_args!("client id      {}", created.app.client_id));
    say(format_args!("client secret  {}", created.client_secret.expose()));
    say(format_args!("data key       {}", created.data_key.expose()));
    say("Keep the secret and the key safe: they are shown only now.");
    Ok(())
}

async fn list_apps(data: &DataArgs) -> Result<(), SetUpError> {
    /// Apps that are read at once.
    const SOME: u64 = 500;
    setup::with_data(data, async |store| {
        let mut after = None;
        loop {
            let page = store.apps().list(after, SOME).await?;
            for app in page.items {
                say(format_args!("{}  {:7}  {}", app.client_id, app.mode.as_str(), app.name));
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    })
    .await
}

async fn import(data: &DataArgs, file: &Path) -> Result<ExitCode, SetUpError> {
    let done = setup::with_data(data, async |store| setup::import(store, file, say).await).await?;
    say(format_args!("{} imported, {} refused", done.imported, done.refused));
    Ok(if done.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn import_logos(data: &DataArgs, folder: &Path) -> Result<ExitCode, SetUpError> {
    let done = setup::with_data(data, async |store| logos::import(store, folder, say).await).await?;
    say(format_args!("{} imported, {} refused", done.imported, done.refused));
    Ok(if done.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check_theme(file: &Path) -> Result<ExitCode, SetUpError> {
    let (theme, findings) = setup::compile_theme(file)?;
    Ok(report_theme(file, &theme, &findings))
}

async fn set_theme(data: &DataArgs, client_id: uuid::Uuid, file: &Path) -> Result<ExitCode, SetUpError> {
    let (theme, findings) = setup::with_data(data, async |store| {
        let app = store.apps().by_client_id(ClientId::from_uuid(client_id)).await?;
        let app = app.ok_or_else(|| SetUpError::Other(format!("there is no app with the client id {client_id}")))?;
        setup::set_theme(store, &app, file, Clock::system().now()).await
    })
    .await?;
    Ok(report_theme(file, &theme, &findings))
}

fn report_theme(file: &Path, theme: &AppTheme, findings: &[Finding]) -> ExitCode {
    say(ThemeReport { file, theme, findings });
    if setup::is_refused(findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Few read numbers.
const METRICS_CONNECTIONS: usize = 16;

async fn serve_for_real(args: ServeArgs) -> Result<(), SetUpError> {
    let signals = Signals::listen().map_err(SetUpError::other)?;
    let (listener, got) = serve::listen(&args.listen, "listen").await?;
    let own_url = browser_url(&args.listen, got)?;
    let trusted = setup::trusted_proxies(&args.trusted_proxies)?;
    let limits = Limits::new(PerMinute::new(args.client_limit), PerMinute::new(args.app_limit));
    let metrics_listener = match &args.metrics_listen {
        Some(address) => Some(serve::listen(address, "metrics-listen").await?),
        None => None,
    };
    setup::with_data(&args.data, async |store| {
        setup::use_for(store, &args.data.database, DatabaseUse::Deployment).await?;
        let key_file = args.seal_key_file.unwrap_or_else(|| setup::key_beside(&args.data.database));
        let key = setup::unlock(store, &key_file).await?;
        setup::built_in_institutions(store).await?;
        let public_url = args.public_url.unwrap_or(own_url.clone());
        let manner = Manner { public_url, support: args.support, trusted_proxies: trusted, limits };
        let state = state(store.clone(), &key, manner).await?;
        say(format_args!("widget {}", bare(&own_url)));
        say(dashboard(store, &state.public_url).await?);
        let (stopping, stop) = Stop::new();
        let mut serving = JoinSet::new();
        serving.spawn(serve::keep_house(state.clone(), stop.clone()));
        serving.spawn(delivering::deliver(state.clone(), stop.clone()));
        serving.spawn(refresher::refresh_nightly(state.clone(), stop.clone()));
        let most = serve::most_connections(1);
        if let Some((listener, got)) = metrics_listener {
            say(format_args!("metrics http://{got}/metrics"));
            serving.spawn(serve::serve(listener, metrics::router(state.clone()), METRICS_CONNECTIONS, stop.clone()));
        }
        serving.spawn(serve::serve(listener, router::router(state), most, stop));
        signals.govern(stopping, serving).await.map_err(SetUpError::other)
    })
    .await
}

/// Where operators look after apps; as long as there is none, where the first one makes themselves one.
async fn dashboard(store: &Store, url: &Url) -> Result<String, SetUpError> {
    Ok(match setup::first_operator(store, url, Clock::system().now()).await? {
        Some(welcome) => format!("dashboard {} (for the first operator, once)", welcome.expose()),
        None => format!("dashboard {}/dashboard", bare(url)),
    })
}

async fn serve_sandbox(args: SandboxArgs) -> Result<(), SetUpError> {
    let signals = Signals::listen().map_err(SetUpError::other)?;
    let (listener, got) = serve::listen(&args.listen, "listen").await?;
    let widget_url = browser_url(&args.listen, got)?;
    let (host_listener, got) = serve::listen(&args.host_listen, "host-listen").await?;
    let host_url = browser_url(&args.host_listen, got)?;
    let folder = tempfile::tempdir().map_err(SetUpError::other)?;
    let file = args.database.clone().unwrap_or_else(|| folder.path().join("sandbox.db"));
    let durability = if args.durable { Durability::Durable } else { Durability::Ephemeral };
    setup::with_store(&file, durability, async |store| {
        setup::use_for(store, &file, DatabaseUse::Sandbox).await?;
        let key = setup::unlock(store, &setup::key_beside(&file)).await?;
        setup::built_in_institutions(store).await?;
        if let Some(institutions) = &args.institutions {
            let done = setup::import(store, institutions, say).await?;
            say(format_args!("{} imported, {} refused", done.imported, done.refused));
        }
        let demo = sandbox::seed(store, &host_url, args.theme.as_deref(), Clock::system().now()).await?;
        if let (Some(file), Some((theme, findings))) = (&args.theme, &demo.theme) {
            say(ThemeReport { file, theme, findings });
        }
        let public_url = widget_url.clone();
        let limits = Limits::default();
        let manner = Manner { public_url, support: args.support, trusted_proxies: Vec::new(), limits };
        let state = state(store.clone(), &key, manner).await?;
        let host = host_page::router(HostPageConfig {
            widget_base: widget_url.clone(),
            api_base: widget_url.clone(),
            client_secret: demo.client_secret,
            link_token: demo.link_token,
        });
        announce(&widget_url, &host_url, &dashboard(store, &widget_url).await?);
        let ((stopping, stop), most) = (Stop::new(), serve::most_connections(2));
        let mut serving = JoinSet::new();
        serving.spawn(serve::keep_house(state.clone(), stop.clone()));
        serving.spawn(delivering::deliver(state.clone(), stop.clone()));
        serving.spawn(refresher::refresh_nightly(state.clone(), stop.clone()));
        let widget = host_page::front_door(&host_url).merge(router::router(state));
        serving.spawn(serve::serve(listener, widget, most, stop.clone()));
        serving.spawn(serve::serve(host_listener, host, most, stop));
        signals.govern(stopping, serving).await.map_err(SetUpError::other)
    })
    .await
}

/// Where browsers find a listener.
fn browser_url(asked: &ListenAddress, got: SocketAddr) -> Result<Url, SetUpError> {
    Url::parse(&asked.browser_origin(got.port())).map_err(SetUpError::other)
}

/// A line for each listener, for machines; then what a person can do with them.
fn announce(widget: &Url, host: &Url, dashboard: &str) {
    say(format_args!("widget {}", bare(widget)));
    say(format_args!("host {}", bare(host)));
    say(format_args!("link {}/start-link", bare(host)));
    say(dashboard);
    say("");
    say(format_args!("Open {} in a browser and connect a bank account.", bare(host)));
    say(format_args!("{}/plain is the same without embed.js.", bare(host)));
    say("Flinks Capital: user Greatday, password Everyday; answers Montreal, Canada, Triangle.");
    say("TestBank: any user; the password chooses the scenario, such as SCA_SMS or INVALID_CREDENTIALS.");
    say(format_args!("Flinks toolbox: customerId {}, secret key {}.", toolbox::CUSTOMER_ID, toolbox::SECRET_KEY));
    say("Ctrl-C stops the sandbox.");
}

fn bare(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

/// How the server is run.
struct Manner {
    public_url: Url,
    support: Option<Url>,
    trusted_proxies: Vec<IpNet>,
    limits: Limits,
}

async fn state(store: Store, key: &SealKey, manner: Manner) -> Result<AppState, SetUpError> {
    let Manner { public_url, support, trusted_proxies, limits } = manner;
    let parts = Parts {
        store,
        connectors: Connectors::default().with(ConnectorKind::Sandbox, Arc::new(Sandbox)),
        sealer: Sealer::new(key),
        clock: Clock::system(),
        assets: Assets::load().map_err(SetUpError::other)?,
        locales: Locales::load().map_err(SetUpError::other)?,
        public_url,
        support,
        trusted_proxies,
        limits,
    };
    Ok(AppState::new(parts).await?)
}
