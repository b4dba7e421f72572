//! What a run leaves behind.

use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use banklink_journey::{JourneyError, SandboxOptions};

use crate::stage::Outcome;

/// Set for the run that is killed.
const KILLED: &str = "BANKLINK_JOURNEY_IS_KILLED";

#[tokio::test]
async fn a_run_that_is_killed_leaves_no_process_and_no_file_behind() -> Outcome {
    if env::var_os(KILLED).is_some() {
        return stays().await;
    }
    let name = "leftovers::a_run_that_is_killed_leaves_no_process_and_no_file_behind";
    let not_started = |source| JourneyError::NotStarted { program: "the run that is killed".into(), source };
    let mut run = Command::new(env::current_exe().map_err(not_started)?);
    run.args([name, "--exact", "--nocapture"]).env(KILLED, "yes").stdout(Stdio::piped());
    let mut run = run.spawn().map_err(not_started)?;
    let said = BufReader::new(run.stdout.take().unwrap());
    let line = said.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("started ").map(str::to_owned));
    run.kill().unwrap();
    run.wait().unwrap();

    let line = line.expect("the run says what it started");
    let (address, database) = line.split_once(' ').unwrap();
    let address: SocketAddr = address.parse().unwrap();
    let folder = Path::new(database).parent().unwrap();
    let ends = async {
        while TcpStream::connect(address).is_ok() || folder.exists() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ends).await.expect("the server and its folder are gone");
    Ok(())
}

/// Starts a server, says where it is, and waits to be killed.
async fn stays() -> Outcome {
    let sandbox = SandboxOptions::default().start().await?;
    let address = sandbox.widget().trim_start_matches("http://");
    let said = writeln!(io::stdout().lock(), "\nstarted {address} {}", sandbox.database().display());
    said.map_err(|source| JourneyError::File { path: "standard output".into(), source })?;
    tokio::time::sleep(Duration::from_mins(1)).await;
    Ok(())
}
