//! The real server.

use std::{
    env,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use sea_orm::ConnectionTrait;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    App, JourneyError,
    browser::{GLANCE, PATIENCE},
    process::{self, Process},
};

/// The toolbox's customer, as seed 002 prints it.
pub const TOOLBOX_CUSTOMER: &str = "43387ca6-0391-4c82-857d-70d95f087ecb";

/// The toolbox's secret key, as seed 002 prints it.
pub const TOOLBOX_SECRET: &str = "c4569c54-e167-4d34-8de6-f4113bc82414";

/// How to start a sandbox.
#[derive(Clone, Debug, Default)]
pub struct SandboxOptions {
    /// The binary; `None` takes the environment's `BANKLINK_BIN`.
    pub binary: Option<PathBuf>,
    /// Keep the data here instead of in a temporary file.
    pub database: Option<PathBuf>,
    /// Wait for the disk, as a real server does.
    pub durable: bool,
    /// Institutions to import.
    pub institutions: Option<PathBuf>,
    /// Stylesheet of the demo app.
    pub theme: Option<PathBuf>,
    /// Where operators turn for help.
    pub support: Option<&'static str>,
    /// How much to log; `None`: as it does by itself.
    pub log: Option<&'static str>,
}

impl SandboxOptions {
    /// Starts it.
    pub async fn start(&self) -> Result<Sandbox, JourneyError> {
        Sandbox::start(self).await
    }
}

/// `banklink sandbox`, running on free ports until dropped.
#[derive(Debug)]
pub struct Sandbox {
    /// None while it is stopped.
    process: Mutex<Option<Process>>,
    binary: PathBuf,
    options: SandboxOptions,
    widget: String,
    host: String,
    dashboard: String,
    database: PathBuf,
    // Removed when dropped, after the process that uses it.
    folder: TempDir,
}

impl Sandbox {
    /// Starts it and waits until it listens.
    pub async fn start(options: &SandboxOptions) -> Result<Self, JourneyError> {
        let folder = tempfile::tempdir().map_err(|source| JourneyError::File { path: env::temp_dir(), source })?;
        let database = options.database.clone().unwrap_or_else(|| folder.path().join("sandbox.db"));
        let binary = match &options.binary {
            Some(binary) => binary.clone(),
            None => env::var_os("BANKLINK_BIN").map(PathBuf::from).ok_or(JourneyError::NoBinary)?,
        };
        let mut sandbox = Self {
            process: Mutex::default(),
            binary,
            options: options.clone(),
            widget: "http://127.0.0.1:0".to_owned(),
            host: "http://localhost:0".to_owned(),
            dashboard: String::new(),
            database,
            folder,
        };
        let mut process = sandbox.process()?;
        sandbox.widget = process.says(|line| address(line, "widget")).await?;
        sandbox.host = process.says(|line| address(line, "host")).await?;
        sandbox.dashboard = process.says(|line| address(line, "dashboard")).await?;
        *sandbox.process.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(sandbox)
    }

    /// Kills it, as a machine that fails does.
    pub fn stops(&self) {
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Starts it again where it was, on its data.
    pub async fn starts_again(&self) -> Result<(), JourneyError> {
        let mut process = self.process()?;
        process.says(|line| address(line, "host")).await?;
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Some(process);
        Ok(())
    }

    /// The program, on the addresses that are known.
    fn process(&self) -> Result<Process, JourneyError> {
        let options = &self.options;
        Process::start(&self.binary, &[self.folder.path()], |command| {
            command.arg("sandbox");
            for (flag, origin) in [("--listen", &self.widget), ("--host-listen", &self.host)] {
                command.args([flag, origin.trim_start_matches("http://")]);
            }
            // It is killed in the end, so it can't clear up by itself.
            command.env("TMPDIR", self.folder.path());
            command.arg("--database").arg(&self.database);
            if options.durable {
                command.arg("--durable");
            }
            for (flag, value) in [("--institutions", &options.institutions), ("--theme", &options.theme)] {
                if let Some(value) = value {
                    command.arg(flag).arg(value);
                }
            }
            if let Some(support) = options.support {
                command.args(["--support", support]);
            }
            if let Some(log) = options.log {
                // The second is what libraries listen to by themselves.
                command.args(["--log", log]).env("RUST_LOG", log);
            }
        })
    }

    /// Origin of the widget and the API, as `http://127.0.0.1:41234`.
    pub fn widget(&self) -> &str {
        &self.widget
    }

    /// Origin of the host page, as `http://localhost:41235`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Where the first operator makes themselves one.
    pub fn dashboard(&self) -> &str {
        &self.dashboard
    }

    /// The program that runs.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Where its data is.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// A new authorize token, as seed 002 gets one: with the public credentials of the toolbox.
    pub async fn authorize_token(&self) -> Result<String, JourneyError> {
        let url = format!("{}/v3/{TOOLBOX_CUSTOMER}/BankingServices/GenerateAuthorizeToken", self.widget);
        let failed = |problem: String| JourneyError::Request { method: "POST", url: url.clone(), problem };
        let request = reqwest::Client::new().post(&url).header("flinks-auth-key", TOOLBOX_SECRET);
        let answer = request.send().await.map_err(|error| failed(error.to_string()))?;
        let body: Value = answer.json().await.map_err(|error| failed(error.to_string()))?;
        body["Token"].as_str().map(str::to_owned).ok_or_else(|| failed(body.to_string()))
    }

    /// Registers a redirect URI of the toolbox.
    pub async fn may_lead_to(&self, uri: &str) -> Result<(), JourneyError> {
        let app = App::with_secret(self, TOOLBOX_SECRET);
        app.post("app/redirect_uris", serde_json::json!({ "uri": uri })).await.map(drop)
    }

    /// Exchanges the newest of the toolbox's unused codes, as an app's server does, and returns the connection's token.
    pub async fn exchanges_the_newest_code(&self) -> Result<String, JourneyError> {
        let app = App::with_secret(self, TOOLBOX_SECRET);
        let unused = app.get("link_codes").await?;
        let exchanged = app.exchange(unused["items"][0]["code"].as_str().unwrap_or_default()).await?;
        let wrong = || JourneyError::Unexpected { asked: "the newest code", answer: exchanged.to_string() };
        exchanged["connection_token"].as_str().map(str::to_owned).ok_or_else(wrong)
    }

    /// Address of the widget as a page of its own, with a new token and further parameters.
    pub async fn widget_page(&self, query: &str) -> Result<String, JourneyError> {
        let token = self.authorize_token().await?;
        Ok(format!("{}/v2/?demo=true&authorizeToken={token}&{query}", self.widget))
    }

    /// Lets the time of all open sessions run out, as if nobody had done anything for too long. Waits until there is one:
    /// a screen is there before its session is.
    pub async fn lets_sessions_expire(&self) -> Result<(), JourneyError> {
        let expire = "UPDATE link_sessions SET expires_at = 1 WHERE outcome IS NULL AND expires_at > 1";
        let expired = async {
            while self.changes(expire).await? == 0 {
                tokio::time::sleep(GLANCE).await;
            }
            Ok(())
        };
        let none = JourneyError::Unexpected { asked: "a session that is open", answer: "none".to_owned() };
        tokio::time::timeout(PATIENCE, expired).await.unwrap_or(Err(none))
    }

    /// Lets the time of all authorize tokens run out.
    pub async fn lets_tokens_expire(&self) -> Result<(), JourneyError> {
        self.changes("UPDATE authorize_tokens SET expires_at = 1").await.map(|_| ())
    }

    /// Does to the database what only time does. How many rows it concerned.
    async fn changes(&self, statement: &str) -> Result<u64, JourneyError> {
        let failed = |error: sea_orm::DbErr| JourneyError::Database(error.to_string());
        let database = self.opens_database().await?;
        let changed = database.execute_unprepared(statement).await.map_err(failed)?.rows_affected();
        database.close().await.map_err(failed)?;
        Ok(changed)
    }

    /// How many rows a table has where this holds.
    pub async fn counts(&self, table: &str, condition: &str) -> Result<i64, JourneyError> {
        let failed = |error: sea_orm::DbErr| JourneyError::Database(error.to_string());
        let database = self.opens_database().await?;
        let count = format!("SELECT COUNT(*) AS rows FROM {table} WHERE {condition}");
        let statement = sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, count);
        let row = database.query_one_raw(statement).await.map_err(failed)?;
        let counted = row.map_or(Ok(0), |row| row.try_get("", "rows")).map_err(failed)?;
        database.close().await.map_err(failed)?;
        Ok(counted)
    }

    /// Allows the toolbox's app another origin.
    pub async fn allows_toolbox_origin(&self, origin: &str) -> Result<(), JourneyError> {
        let failed = |error: sea_orm::DbErr| JourneyError::Database(error.to_string());
        let database = self.opens_database().await?;
        let sql = "INSERT INTO allowed_origins (app_id, origin, created_at) \
             SELECT app_id, ?, created_at FROM allowed_origins WHERE origin = 'http://localhost:*'";
        let statement = sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql, [origin.into()]);
        database.execute_raw(statement).await.map_err(failed)?;
        database.close().await.map_err(failed)
    }

    /// Gives the toolbox's app the stylesheet of the demo app.
    pub async fn gives_the_toolbox_the_theme(&self) -> Result<(), JourneyError> {
        self.changes(
            "INSERT INTO themes (app_id, source, css, hash, updated_at) \
             SELECT allowed_origins.app_id, source, css, hash, updated_at FROM themes, allowed_origins \
             WHERE origin = 'http://localhost:*'",
        )
        .await
        .map(|_| ())
    }

    async fn opens_database(&self) -> Result<sea_orm::DatabaseConnection, JourneyError> {
        let address = format!("sqlite://{}", self.database.display());
        sea_orm::Database::connect(address).await.map_err(|error| JourneyError::Database(error.to_string()))
    }

    /// All it wrote until now, since it was last started: its log.
    pub fn log(&self) -> String {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.as_ref().map(Process::output).unwrap_or_default()
    }

    /// Memory it holds now, in bytes, where the system tells (Linux).
    pub fn memory(&self) -> Option<u64> {
        let id = self.process.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.id();
        process::memory(id)
    }
}

/// The address in a line such as `widget http://127.0.0.1:41234`.
fn address(line: &str, listener: &str) -> Option<String> {
    let address = line.strip_prefix(listener)?.strip_prefix(' ')?.split(' ').next()?;
    address.starts_with("http").then(|| address.trim_end_matches('/').to_owned())
}
