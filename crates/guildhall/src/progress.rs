//! Shows on a terminal that long work goes on. Where standard error is no terminal, nothing is ever written.

use std::io::{self, Write};
use std::sync::LazyLock;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressFinish, ProgressStyle};

/// How long a person waits without being told.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often the sign of life moves.
const MOVES_EVERY: Duration = Duration::from_millis(120);

/// What is shown at the foot of the terminal: nothing where there is none.
static SHOWN: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Does the work. Where it takes longer than [`PATIENCE`] a terminal shows the words and the time until it is done.
pub(crate) async fn shown<T>(words: &'static str, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(PATIENCE, work.as_mut()).await {
        return done;
    }
    let bar = ProgressBar::new_spinner().with_finish(ProgressFinish::AndClear);
    let bar = SHOWN.add(bar.with_message(words).with_elapsed(PATIENCE));
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(MOVES_EVERY);
    let done = work.await;
    bar.finish_and_clear();
    done
}

/// Standard error, for lines that must not be torn by what is shown below them.
#[derive(Debug, Default)]
pub(crate) struct Screen;

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        SHOWN.suspend(|| io::stderr().lock().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}
