//! One line asked, one line answered. A thread of its own reads standard input, so that a person who waits for
//! something else can still answer; secrets are not shown while they are typed.

use std::io::{self, BufRead, IsTerminal, Write};
use std::thread;

use console::Term;
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot};

/// The longest answer that is taken, in bytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Left {
    /// Nobody answers any more: the input ended, or the owner left.
    Ended,
    /// The terminal cannot be written.
    Broken(io::Error),
}

impl From<io::Error> for Left {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// How a line is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Seen,
    Unseen,
}

type Reply = oneshot::Sender<Option<String>>;

/// Standard input and output.
pub(super) struct Terminal {
    asks: mpsc::UnboundedSender<(Reading, Reply)>,
    /// A question that was asked and not answered yet.
    open: Option<oneshot::Receiver<Option<String>>>,
}

impl Terminal {
    /// Reads nothing before it is asked to.
    pub(super) fn start() -> Self {
        let (asks, mut asked) = mpsc::unbounded_channel::<(Reading, Reply)>();
        thread::spawn(move || {
            while let Some((reading, reply)) = asked.blocking_recv() {
                // Whoever asked may be gone.
                let _ = reply.send(line(reading));
            }
        });
        Self { asks, open: None }
    }

    /// Says something, with a line end.
    pub(super) fn say(&self, text: &str) -> io::Result<()> {
        writeln!(io::stdout().lock(), "{text}")
    }

    /// Asks for a line; blanks around it are taken off.
    pub(super) async fn ask(&mut self, question: &str) -> Result<String, Left> {
        self.put(question)?;
        let answer = self.read(Reading::Seen).await?;
        Ok(answer.trim().to_owned())
    }

    /// Asks for a secret. On a terminal it is not shown.
    pub(super) async fn ask_secret(&mut self, question: &str) -> Result<SecretString, Left> {
        self.put(question)?;
        let answer = self.read(Reading::Unseen).await?;
        // A terminal is at the beginning of a line again; nothing else is, since what is typed there is not shown.
        if !io::stdin().is_terminal() {
            self.say("")?;
        }
        Ok(SecretString::from(answer.trim()))
    }

    /// Returns when a line comes. What was typed is the answer to nothing else; whoever stops waiting before leaves
    /// the question open, and the next one takes its answer.
    pub(super) async fn enter(&mut self) -> Result<(), Left> {
        self.read(Reading::Seen).await.map(drop)
    }

    fn put(&self, question: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        write!(out, "{question}")?;
        out.flush()
    }

    async fn read(&mut self, reading: Reading) -> Result<String, Left> {
        if self.open.is_none() {
            let (reply, answer) = oneshot::channel();
            self.asks.send((reading, reply)).map_err(|_| Left::Ended)?;
            self.open = Some(answer);
        }
        let Some(open) = &mut self.open else { return Err(Left::Ended) };
        let answer = open.await;
        self.open = None;
        answer.ok().flatten().ok_or(Left::Ended)
    }
}

fn line(reading: Reading) -> Option<String> {
    let input = io::stdin();
    if reading == Reading::Unseen && input.is_terminal() {
        return Term::stdout().read_secure_line().ok();
    }
    let mut bytes = Vec::new();
    let mut limited = io::Read::take(input.lock(), u64::try_from(ANSWER_BYTES_MAX).unwrap_or(u64::MAX));
    match limited.read_until(b'\n', &mut bytes) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
