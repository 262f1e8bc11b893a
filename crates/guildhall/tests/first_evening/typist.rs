//! An owner at a terminal: reads what the program says, and types.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};

/// How long anything may take before the story gives up.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Typist {
    child: Child,
    types: ChildStdin,
    reads: Box<dyn AsyncRead + Unpin>,
    said: String,
    /// How much of what was said is read already, in bytes.
    read: usize,
}

impl Typist {
    /// Starts the program on a settings file that may not be there yet.
    pub(crate) fn runs(command: &str, settings: &Path) -> Self {
        let mut child = program(command, settings).stdout(Stdio::piped()).spawn().unwrap();
        let reads = Box::new(child.stdout.take().unwrap());
        Self::before(child, reads)
    }

    /// Starts the hall, and reads what it logs.
    pub(crate) fn serves(settings: &Path) -> Self {
        let mut child = program("serve", settings).stderr(Stdio::piped()).spawn().unwrap();
        let reads = Box::new(child.stderr.take().unwrap());
        Self::before(child, reads)
    }

    fn before(mut child: Child, reads: Box<dyn AsyncRead + Unpin>) -> Self {
        let types = child.stdin.take().unwrap();
        Self { child, types, reads, said: String::new(), read: 0 }
    }

    /// Reads on until the program says a text, and gives all that came before it.
    pub(crate) async fn reads(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.said[self.read..].find(text) {
                let before = self.said[self.read..self.read + at].to_owned();
                self.read += at + text.len();
                return before;
            }
            let mut piece = [0; 4096];
            let came = tokio::time::timeout(PATIENCE, self.reads.read(&mut piece)).await;
            let count = came.unwrap_or_else(|_| panic!("never said “{text}”:\n{}", self.said)).unwrap();
            assert!(count > 0, "ended without saying “{text}”:\n{}", self.said);
            self.said.push_str(&String::from_utf8_lossy(&piece[..count]));
        }
    }

    pub(crate) async fn types(&mut self, line: &str) {
        self.types.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// Waits for a question and answers it; gives what was said before the question.
    pub(crate) async fn answers(&mut self, question: &str, line: &str) -> String {
        let before = self.reads(question).await;
        self.types(line).await;
        before
    }

    /// Chooses a step in the menu.
    pub(crate) async fn chooses(&mut self, step: &str) -> String {
        self.answers("q to leave: ", step).await
    }

    /// Stops typing, and gives everything that was said when the program has ended well.
    pub(crate) async fn leaves(mut self) -> String {
        drop(self.types);
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, self.reads.read_to_end(&mut rest)).await.unwrap().unwrap();
        self.said.push_str(&String::from_utf8_lossy(&rest));
        let ended = self.child.wait().await.unwrap();
        assert!(ended.success(), "{ended}:\n{}", self.said);
        self.said
    }
}

fn program(command: &str, settings: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_guildhall"));
    program.args([command, "--settings"]).arg(settings).stdin(Stdio::piped()).kill_on_drop(true);
    program
}
