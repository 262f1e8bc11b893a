//! Chromium's WebDriver, as a child that ends with the story, whatever the story came to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

/// How long the driver may take to end its browsers.
const ENDS_WITHIN: Duration = Duration::from_secs(20);
/// What the driver says about its port before the number.
const STARTED: &str = "started successfully on port ";

/// A running driver. It ends, with every browser it started, when it is dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    child: Child,
    port: u16,
    chromium: PathBuf,
    /// Kept, so that the driver never writes to nobody.
    _says: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts the driver on a port of its own choice; none where this machine has no Chromium or no driver.
    pub(crate) fn start() -> Option<Self> {
        let driver = program("GUILDHALL_TEST_CHROMEDRIVER", "/usr/bin/chromedriver")?;
        let chromium = program("GUILDHALL_TEST_CHROMIUM", "/usr/bin/chromium")?;
        let mut child = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let port = port(&mut says);
        Some(Self { child, port, chromium, _says: says })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The browser it drives.
    pub(crate) fn chromium(&self) -> &Path {
        &self.chromium
    }

    /// Asks it to end its browsers and itself.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut line = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        line.set_read_timeout(Some(ENDS_WITHIN))?;
        line.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        line.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            println!("the driver did not end by itself: {error}");
        }
        // Ended already, or not to be waited for any longer.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Says that a story was not told; where nothing may be left out, fails.
pub(crate) fn left_out() {
    assert!(std::env::var_os("CI").is_none(), "CI tells its stories in a real browser too");
    println!(
        "left out: no Chromium with its WebDriver (GUILDHALL_TEST_CHROMIUM, GUILDHALL_TEST_CHROMEDRIVER)"
    );
}

fn program(name: &str, otherwise: &str) -> Option<PathBuf> {
    let path = std::env::var_os(name).map_or_else(|| PathBuf::from(otherwise), PathBuf::from);
    path.is_file().then_some(path)
}

fn port(says: &mut impl BufRead) -> u16 {
    let mut said = String::new();
    while says.read_line(&mut said).unwrap() > 0 {
        if let Some((_, rest)) = said.split_once(STARTED) {
            return rest.trim().trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("the driver says no port, but:\n{said}");
}
