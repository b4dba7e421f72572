//! The `banklink` command.

use std::{path::Path, process::ExitCode, sync::Arc};

use banklink_connectors::{ConnectorKind, Connectors, sandbox::Sandbox};
use banklink_domain::ids::ClientId;
use banklink_server::{
    assets::Assets,
    cli::{AppCommand, Cli, Command, DataArgs, InstitutionsCommand, SandboxArgs, ServeArgs, ThemeCommand},
    clock::Clock,
    host_page::{self, HostPageConfig},
    locale::Locales,
    logging, router,
    sandbox::{self, toolbox},
    seal::{SealKey, Sealer},
    serve,
    setup::{self, SetUpError},
    state::{AppState, Parts},
};
use banklink_store::{Durability, Store};
use clap::Parser;
use url::Url;

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(cli.log, cli.log_format);
    match run(cli.command).await {
        Ok(code) => code,
        Err(error) => {
            tell(&*error);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command says what went wrong")]
fn tell(error: &dyn std::error::Error) {
    eprint!("banklink: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprint!(": {cause}");
        source = cause.source();
    }
    eprintln!();
}

#[expect(clippy::print_stdout, reason = "a command answers on standard output")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(args) => serve_for_real(args).await?,
        Command::Sandbox(args) => serve_sandbox(args).await?,
        Command::Organisation { name, data } => organisation(&data, name.as_deref()).await?,
        Command::App(AppCommand::Create(args)) => {
            let store = setup::open_data(&args.data).await?;
            let created = setup::create_app(&store, &args, Clock::system().now()).await?;
            say(format_args!("client id      {}", created.app.client_id));
            say(format_args!("client secret  {}", created.client_secret.expose()));
            say(format_args!("data key       {}", created.data_key.expose()));
            say("Keep the secret and the key safe: they are shown only now.");
        }
        Command::App(AppCommand::List { data }) => list_apps(&data).await?,
        Command::Institutions(InstitutionsCommand::Import { file, data }) => return import(&data, &file).await,
        Command::Theme(ThemeCommand::Check { file }) => return check_theme(&file),
        Command::Theme(ThemeCommand::Set { app, file, data }) => return set_theme(&data, app, &file).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn organisation(data: &DataArgs, name: Option<&str>) -> Result<(), Failure> {
    let store = setup::open_data(data).await?;
    if let Some(name) = name {
        setup::name_organisation(&store, name).await?;
    }
    match store.settings().organisation_name().await? {
        Some(name) => say(name),
        None => say("The organisation has no name yet: give one to this command."),
    }
    Ok(())
}

async fn list_apps(data: &DataArgs) -> Result<(), Failure> {
    for app in setup::open_data(data).await?.apps().list().await? {
        say(format_args!("{}  {:7}  {}", app.client_id, app.mode.as_str(), app.name));
    }
    Ok(())
}

async fn import(data: &DataArgs, file: &Path) -> Result<ExitCode, Failure> {
    let store = setup::open_data(data).await?;
    let done = setup::import(&store, file, say).await?;
    say(format_args!("{} imported, {} refused", done.imported, done.refused));
    Ok(if done.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check_theme(file: &Path) -> Result<ExitCode, Failure> {
    let (_, findings) = setup::compile_theme(file)?;
    for finding in &findings {
        say(format_args!("{}:{finding}", file.display()));
    }
    Ok(if setup::is_refused(&findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn set_theme(data: &DataArgs, client_id: uuid::Uuid, file: &Path) -> Result<ExitCode, Failure> {
    let store = setup::open_data(data).await?;
    let app = store.apps().by_client_id(ClientId::from_uuid(client_id)).await?;
    let app = app.ok_or_else(|| SetUpError::Other(format!("there is no app with the client id {client_id}")))?;
    let findings = setup::set_theme(&store, &app, file, Clock::system().now()).await?;
    for finding in &findings {
        say(format_args!("{}:{finding}", file.display()));
    }
    Ok(if setup::is_refused(&findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn serve_for_real(args: ServeArgs) -> Result<(), Failure> {
    let listener = serve::listen(&args.listen.to_string(), "listen").await?;
    let (store, key) = setup::open(&args.data).await?;
    setup::built_in_institutions(&store).await?;
    let address = serve::address(&listener)?;
    let own_url = sandbox::browser_url(&args.listen.to_string(), address)?;
    let state = state(store, &key, args.public_url.unwrap_or(own_url.clone())).await?;
    say(format_args!("widget {}", bare(&own_url)));
    let house = tokio::spawn(serve::keep_house(state.clone()));
    serve::serve(listener, router::router(state), serve::asked_to_stop()).await;
    house.abort();
    Ok(())
}

async fn serve_sandbox(args: SandboxArgs) -> Result<(), Failure> {
    let listener = serve::listen(&args.listen.to_string(), "listen").await?;
    let host_listener = serve::listen(&args.host_listen, "host-listen").await?;
    let folder = tempfile::tempdir()?;
    // What is kept must be readable the next time; what is thrown away need not be.
    let (file, key) = match args.database {
        Some(file) => (file.clone(), setup::seal_key(&file.with_extension("key"))?),
        None => (folder.path().join("sandbox.db"), SealKey::generate()),
    };
    let store = setup::open_store(&file, Durability::Ephemeral).await?;
    setup::built_in_institutions(&store).await?;
    if let Some(institutions) = &args.institutions {
        let done = setup::import(&store, institutions, say).await?;
        say(format_args!("{} imported, {} refused", done.imported, done.refused));
    }
    let widget_url = sandbox::browser_url(&args.listen.to_string(), serve::address(&listener)?)?;
    let host_url = sandbox::browser_url(&args.host_listen, serve::address(&host_listener)?)?;
    let demo = sandbox::seed(&store, &host_url, args.theme.as_deref(), Clock::system().now()).await?;
    let state = state(store, &key, widget_url.clone()).await?;
    let host = host_page::router(HostPageConfig {
        widget_base: widget_url.clone(),
        api_base: widget_url.clone(),
        client_secret: demo.client_secret,
    });
    announce(&widget_url, &host_url, &demo.link_token);
    let (stop, _) = tokio::sync::watch::channel(());
    let stopped = |mut stop: tokio::sync::watch::Receiver<()>| async move { drop(stop.changed().await) };
    let house = tokio::spawn(serve::keep_house(state.clone()));
    let widget = tokio::spawn(serve::serve(listener, router::router(state), stopped(stop.subscribe())));
    let host = tokio::spawn(serve::serve(host_listener, host, stopped(stop.subscribe())));
    serve::asked_to_stop().await;
    stop.send_replace(());
    house.abort();
    widget.await?;
    host.await?;
    Ok(())
}

/// A line for each listener, for machines; then what a person can do with them.
fn announce(widget: &Url, host: &Url, link_token: &str) {
    say(format_args!("widget {}", bare(widget)));
    say(format_args!("host {}", bare(host)));
    say(format_args!("link {}/link?token={link_token}", bare(widget)));
    say("");
    say(format_args!("Open {} in a browser and connect a bank account.", bare(host)));
    say("Flinks Capital: user Greatday, password Everyday; answers Montreal, Canada, Triangle.");
    say("TestBank: any user; the password chooses the scenario, such as SCA_SMS or INVALID_CREDENTIALS.");
    say(format_args!("Flinks toolbox: customerId {}, secret key {}.", toolbox::CUSTOMER_ID, toolbox::SECRET_KEY));
    say("Ctrl-C stops the sandbox.");
}

fn bare(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

async fn state(store: Store, key: &SealKey, public_url: Url) -> Result<AppState, Failure> {
    let parts = Parts {
        store,
        connectors: Connectors::default().with(ConnectorKind::Sandbox, Arc::new(Sandbox)),
        sealer: Sealer::new(key),
        clock: Clock::system(),
        assets: Assets::load()?,
        locales: Locales::load()?,
        public_url,
    };
    Ok(AppState::new(parts).await?)
}
