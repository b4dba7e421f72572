//! The command line. Every flag is an environment variable too.

use std::{convert::Infallible, env, path::PathBuf, str::FromStr};

use clap::{
    Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum,
    builder::{BoolishValueParser, Resettable},
};
use url::Url;

use crate::address::{self, ListenAddress};

/// The open bank link widget and its server, in one binary.
#[derive(Debug, Parser)]
#[command(name = "banklink", version, about, max_term_width = 100)]
pub struct Cli {
    /// How much to log: off, error, warn, info, debug or trace. Libraries never log more than info, whatever is asked:
    /// what they would write at debug was not checked for secrets
    #[arg(long, env = "BANKLINK_LOG", default_value = "info", global = true)]
    pub log: tracing_subscriber::filter::LevelFilter,

    /// How to write the log
    #[arg(long, env = "BANKLINK_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text, global = true)]
    pub log_format: LogFormat,

    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line and the environment; where they are wrong, says so and ends the process.
    pub fn read() -> Self {
        let mut command = without_empty_variables(Self::command());
        let read = Self::from_arg_matches(&command.get_matches_mut());
        read.unwrap_or_else(|error| error.format(&mut command).exit())
    }
}

/// A variable that is empty counts as not set: compose files and unit files set what they leave out like that.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |argument: &Arg| argument.get_env().and_then(env::var_os).is_some_and(|value| value.is_empty());
    let reset = |argument: Arg| if is_empty(&argument) { argument.env(Resettable::Reset) } else { argument };
    command.mut_args(reset).mut_subcommands(without_empty_variables)
}

/// Words with any space around and between them, none of them empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl FromStr for Words {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.split_whitespace().map(str::to_owned).collect()))
    }
}

/// All words of a flag that was given several times.
pub fn words(given: &[Words]) -> impl Iterator<Item = &str> {
    given.iter().flat_map(|words| &words.0).map(String::as_str)
}

/// How to write the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// For machines, one object a line
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the widget and the API from a database file
    Serve(ServeArgs),
    /// Serve a throw-away sandbox with demo data and a host page beside it
    Sandbox(SandboxArgs),
    /// Copy the database to another file, whole and as of one moment, while it is served
    Backup {
        /// The copy; must not be there yet
        to: PathBuf,
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
    /// Say who runs this deployment, or show who does
    Organisation {
        /// Its name, as people know it
        #[arg(env = "BANKLINK_ORGANISATION")]
        name: Option<String>,
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
    /// Operators: the people who sign in to the dashboard
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Apps
    #[command(subcommand)]
    App(AppCommand),
    /// Institutions
    #[command(subcommand)]
    Institutions(InstitutionsCommand),
    /// Themes
    #[command(subcommand)]
    Theme(ThemeCommand),
}

/// `banklink serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Address to listen on
    #[arg(long, env = "BANKLINK_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: ListenAddress,
    /// The address that people and apps see, as `https://link.example.com`, if a proxy stands before the server
    #[arg(long, env = "BANKLINK_PUBLIC_URL", value_parser = address::public_url)]
    pub public_url: Option<Url>,
    /// Where operators turn for help, as `mailto:help@example.com` or an https address; the dashboard names it
    #[arg(long, env = "BANKLINK_SUPPORT", value_parser = address::support)]
    pub support: Option<Url>,
    /// Network of a proxy that is believed where it names who asks (`X-Forwarded-For`), as `10.0.0.0/8`; may be given
    /// several times, or several at once with spaces between
    #[arg(long = "trusted-proxy", env = "BANKLINK_TRUSTED_PROXIES")]
    pub trusted_proxies: Vec<Words>,
    /// Most requests a minute of each client address, IPv6 networks of 64 bits counting as one; 0 for no limit. Many
    /// people of one mobile network can have one address
    #[arg(long, env = "BANKLINK_CLIENT_LIMIT", default_value_t = 3000)]
    pub client_limit: u32,
    /// Most requests a minute of each app's own server; 0 for no limit
    #[arg(long, env = "BANKLINK_APP_LIMIT", default_value_t = 6000)]
    pub app_limit: u32,
    /// Address at which Prometheus reads `/metrics`, such as 127.0.0.1:9090; nowhere unless it is given. Keep it from
    /// the public
    #[arg(long, env = "BANKLINK_METRICS_LISTEN")]
    pub metrics_listen: Option<ListenAddress>,
    /// Where the data is
    #[command(flatten)]
    pub data: DataArgs,
    /// File with the key that seals credentials and codes: 64 hexadecimal digits; made with a new database, beside it
    /// (`.key`) unless this says where. Without it what was sealed is lost. Keep it apart from backups of the database
    #[arg(long, env = "BANKLINK_SEAL_KEY_FILE")]
    pub seal_key_file: Option<PathBuf>,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct DataArgs {
    /// SQLite file; made if it is not there
    #[arg(long, env = "BANKLINK_DATABASE", default_value = "banklink.db")]
    pub database: PathBuf,
}

/// `banklink sandbox`
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Address of the widget and the API
    #[arg(long, env = "BANKLINK_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: ListenAddress,
    /// Address of the host page, as `localhost:8081`: a site of its own, so that frames cross sites as in real life
    #[arg(
        long,
        env = "BANKLINK_HOST_LISTEN",
        default_value = "localhost:8081",
        value_parser = ListenAddress::of_host_page
    )]
    pub host_listen: ListenAddress,
    /// Keep the data in this file instead of a temporary one, and the key that opens it beside it (`.key`). It can
    /// never be served as real data: its credentials are known to everyone
    #[arg(long, env = "BANKLINK_SANDBOX_DATABASE")]
    pub database: Option<PathBuf>,
    /// Wait for the disk with everything that is acknowledged, as `serve` does: slower, and nothing is lost where the power
    /// fails
    #[arg(long, env = "BANKLINK_SANDBOX_DURABLE")]
    pub durable: bool,
    /// Institutions to list beside the built-in ones, a JSON object a line
    #[arg(long, env = "BANKLINK_INSTITUTIONS")]
    pub institutions: Option<PathBuf>,
    /// Stylesheet of the demo app
    #[arg(long, env = "BANKLINK_THEME")]
    pub theme: Option<PathBuf>,
    /// Where operators turn for help, as `mailto:help@example.com` or an https address; the dashboard names it
    #[arg(long, env = "BANKLINK_SUPPORT", value_parser = address::support)]
    pub support: Option<Url>,
}

/// `banklink operator`
#[derive(Debug, Subcommand)]
pub enum OperatorCommand {
    /// Invite somebody; prints the address at which they choose their password
    Invite(OperatorArgs),
    /// Let somebody choose another password; prints the address at which they do, within an hour
    Recover(OperatorArgs),
    /// List who signs in
    List {
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
}

/// `banklink operator invite`, `banklink operator recover`
#[derive(Debug, Args)]
pub struct OperatorArgs {
    /// What they sign in with, as `ana@example.com`
    #[arg(env = "BANKLINK_OPERATOR_EMAIL")]
    pub email: String,
    /// The address that people see of the server
    #[arg(long, env = "BANKLINK_PUBLIC_URL", default_value = "http://127.0.0.1:8080", value_parser = address::public_url)]
    pub public_url: Url,
    /// Where the data is
    #[command(flatten)]
    pub data: DataArgs,
}

/// `banklink app`
#[derive(Debug, Subcommand)]
pub enum AppCommand {
    /// Make an app; prints its client id and secret, the secret only now
    Create(AppCreateArgs),
    /// List the apps
    List {
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
}

/// `banklink app create`
#[derive(Debug, Args)]
pub struct AppCreateArgs {
    /// Name, as people see it
    #[arg(long, env = "BANKLINK_APP_NAME")]
    pub name: String,
    /// Sandbox or live: fixed for ever
    #[arg(long, env = "BANKLINK_APP_MODE", value_enum, default_value_t = Mode::Sandbox)]
    pub mode: Mode,
    /// Where people go at the end; may be given several times, or several at once with spaces between
    #[arg(long = "redirect-uri", env = "BANKLINK_APP_REDIRECT_URIS", required = true)]
    pub redirect_uris: Vec<Words>,
    /// Origin of a page that embeds the widget, as `https://app.example`; may be given several times, or several at
    /// once with spaces between
    #[arg(long = "origin", env = "BANKLINK_APP_ORIGINS")]
    pub origins: Vec<Words>,
    /// Let links and pages be opened without an authorize token
    #[arg(long, env = "BANKLINK_APP_ALLOW_WITHOUT_TOKEN", value_parser = BoolishValueParser::new())]
    pub allow_without_token: bool,
    /// Where the data is
    #[command(flatten)]
    pub data: DataArgs,
}

/// What an app is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Sandbox institutions, made-up data
    Sandbox,
    /// Real institutions
    Live,
}

/// `banklink institutions`
#[derive(Debug, Subcommand)]
pub enum InstitutionsCommand {
    /// Bring in a directory of institutions, a JSON object a line: `id`, `name`, `country`, and where known `bic`,
    /// `short_name`, `aliases`
    Import {
        /// The file
        file: PathBuf,
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
    /// Bring in logos: a folder of PNG, JPEG or WebP pictures, each named as its institution's id
    Logos {
        /// The folder
        folder: PathBuf,
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
}

/// `banklink theme`
#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// Say what is wrong with a stylesheet; exits with 1 if something is refused
    Check {
        /// The stylesheet
        file: PathBuf,
    },
    /// Give an app a stylesheet
    Set {
        /// The app's client id
        #[arg(long, env = "BANKLINK_APP_CLIENT_ID")]
        app: uuid::Uuid,
        /// The stylesheet
        file: PathBuf,
        /// Where the data is
        #[command(flatten)]
        data: DataArgs,
    },
}
