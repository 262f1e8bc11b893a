//! A throw-away PostgreSQL: made for one run, on a free loopback port, ended with it whatever happens.
//!
//! `initdb` refuses root, so as root the server runs as an unprivileged user. It is ended by its own process id
//! when dropped; where `setpriv` exists the kernel ends it too if this program is killed.

use std::fs::{self, File};
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Outcome, program, say};

/// How long a server may take to answer, or to end: a loaded machine with two cores needs a few seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is asked.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// Test binaries run side by side, each test with a pool of its own.
const CONNECTIONS_MAX: u16 = 300;
/// Folders of earlier runs begin with this, followed by the process id of the run.
const FOLDER_PREFIX: &str = "guildhall-postgres-";
/// Who may run the server when we are root, best first.
const UNPRIVILEGED_USERS: &[&str] = &["postgres", "nobody"];

/// A running server; dropping it ends the server and removes its files.
pub(super) struct Cluster {
    server: Child,
    folder: PathBuf,
    port: u16,
    password: String,
}

impl Cluster {
    /// Make and start a server with the programs in this folder. Refuses when it does not answer within a minute.
    pub(super) fn start(programs: &Path) -> Result<Self, String> {
        let begun = Instant::now();
        remove_left_behind();
        let user = unprivileged_user()?;
        let folder = make_folder(user)?;
        let password = random_password()?;
        let started = initialise(programs, &folder, user, &password).and_then(|()| {
            let port = free_port()?;
            let server = launch(programs, &folder, user, port)?;
            let mut cluster = Self { server, folder: folder.clone(), port, password };
            cluster.wait_until_ready(programs).map(|()| cluster)
        });
        match started {
            Ok(cluster) => {
                let took = say::duration(begun.elapsed());
                say::line(&format!("PostgreSQL answers on 127.0.0.1:{} after {took}.", cluster.port));
                Ok(cluster)
            }
            Err(reason) => {
                drop(fs::remove_dir_all(&folder));
                Err(format!("could not start a PostgreSQL for the tests: {reason}"))
            }
        }
    }

    /// The address of the database that a test may use to make its own.
    pub(super) fn address(&self) -> String {
        format!("postgres://guildhall:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Outcome {
        let port = self.port.to_string();
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let mut ask = Command::new(programs.join("pg_isready"));
            if program::output(ask.args(["--host", "127.0.0.1", "--port", &port])).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.server.try_wait() {
                return Err(format!("the server ended with {status}: {}", last_words(&self.folder)));
            }
            pause();
        }
        Err(format!("the server did not answer within {}", say::duration(PATIENCE)))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is "fast shutdown": it ends the connections of tests that are still there.
        // By the shell, because `kill` as a program is not on every Debian.
        let asked = program::run(Command::new("sh").args(["-c", &format!("kill -INT {}", self.server.id())]));
        let begun = Instant::now();
        while asked.is_ok() && begun.elapsed() < PATIENCE && matches!(self.server.try_wait(), Ok(None)) {
            pause();
        }
        drop(self.server.kill());
        drop(self.server.wait());
        drop(fs::remove_dir_all(&self.folder));
    }
}

#[expect(clippy::disallowed_methods, reason = "another program is waited for, which no Clock of ours moves")]
fn pause() {
    std::thread::sleep(BETWEEN_LOOKS);
}

/// `None` when we are not root and need nobody else.
fn unprivileged_user() -> Result<Option<&'static str>, String> {
    if !program::is_root() {
        return Ok(None);
    }
    let exists = |user: &&&str| program::output(Command::new("id").args(["-u", user])).is_ok();
    let user = UNPRIVILEGED_USERS.iter().find(exists).copied();
    user.map(Some).ok_or_else(|| format!("none of the users {} exists", UNPRIVILEGED_USERS.join(", ")))
}

/// As that user; the kernel ends it when we end. Without `setpriv` (not Linux) it is started as it is.
fn as_user(user: Option<&str>, file: &Path) -> Command {
    let Some(setpriv) = program::find("setpriv") else {
        return Command::new(file);
    };
    let mut command = Command::new(setpriv);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", &primary_group(user), "--clear-groups"]);
    }
    command.args(["--pdeathsig", "INT"]).arg(file);
    command
}

fn primary_group(user: &str) -> String {
    program::output(Command::new("id").args(["-g", user]))
        .map_or_else(|_| user.to_owned(), |id| id.trim().to_owned())
}

fn make_folder(user: Option<&str>) -> Result<PathBuf, String> {
    let folder = temporary().join(format!("{FOLDER_PREFIX}{}", std::process::id()));
    fs::create_dir(&folder).map_err(|reason| format!("could not make {}: {reason}", folder.display()))?;
    if let Some(user) = user {
        program::run(Command::new("chown").arg(user).arg(&folder))?;
    }
    Ok(folder)
}

/// Root's own temporary folder may be closed to the user that runs the server.
fn temporary() -> PathBuf {
    let everybodys = PathBuf::from("/tmp");
    if program::is_root() && everybodys.is_dir() { everybodys } else { std::env::temp_dir() }
}

fn initialise(programs: &Path, folder: &Path, user: Option<&str>, password: &str) -> Outcome {
    let password_file = folder.join("password");
    fs::write(&password_file, password)
        .map_err(|reason| format!("could not write the password: {reason}"))?;
    if let Some(user) = user {
        program::run(Command::new("chown").arg(user).arg(&password_file))?;
    }
    let mut initdb = as_user(user, &programs.join("initdb"));
    initdb.current_dir(folder).args([
        "--username",
        "guildhall",
        "--encoding",
        "UTF8",
        "--locale",
        "C",
        "--no-sync",
    ]);
    initdb.args(["--auth-local", "reject", "--auth-host", "password", "--pwfile"]).arg(&password_file);
    program::output(initdb.arg("--pgdata").arg(folder.join("data"))).map(drop)
}

fn launch(programs: &Path, folder: &Path, user: Option<&str>, port: u16) -> Result<Child, String> {
    let log =
        File::create(folder.join("log")).map_err(|reason| format!("could not make its log: {reason}"))?;
    let mut server = as_user(user, &programs.join("postgres"));
    server.current_dir(folder).arg("-D").arg(folder.join("data"));
    // What a test loses with the machine is the test: no waiting for the disk.
    for setting in ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories="]
    {
        server.args(["-c", setting]);
    }
    server.args(["-c", "listen_addresses=127.0.0.1", "-c", &format!("port={port}")]);
    server.args(["-c", &format!("max_connections={CONNECTIONS_MAX}")]);
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    server.spawn().map_err(|reason| format!("could not start postgres: {reason}"))
}

/// A port that was free a moment ago; the system does not hand it out again at once.
fn free_port() -> Result<u16, String> {
    let address = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|reason| format!("no free loopback port: {reason}"))
}

/// Others on this machine can reach the port, and a superuser of PostgreSQL may start programs.
fn random_password() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    let read = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes));
    read.map_err(|reason| format!("no randomness for a password: {reason}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn last_words(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(3).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
}

/// Folders of runs that were killed before they could tidy up: their process is gone.
fn remove_left_behind() {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in temporary().read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX)).map(str::to_owned);
        if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{self, Strictness};

    #[test]
    fn a_server_answers_and_nothing_of_it_is_left_when_it_is_dropped() {
        let Some(programs) = setup::look().postgres_programs else {
            assert_eq!(Strictness::from_environment(), Strictness::MayLeaveOut, "PostgreSQL is missing");
            say::note("PostgreSQL is missing: its start and end are not tested");
            return;
        };
        let cluster = Cluster::start(&programs).unwrap();
        let (folder, process) = (cluster.folder.clone(), cluster.server.id());
        let mut ask = Command::new(programs.join("psql"));
        let said = program::output(ask.args([&cluster.address(), "-Atc", "show fsync"])).unwrap();
        assert_eq!(said.trim(), "off");
        drop(cluster);
        assert!(!folder.exists());
        assert!(program::output(Command::new("sh").args(["-c", &format!("kill -0 {process}")])).is_err());
    }
}
