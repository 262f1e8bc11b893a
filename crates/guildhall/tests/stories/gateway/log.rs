//! What the hall of one story says in its log.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::runtime::Builder;
use tracing::Dispatch;
use tracing::dispatcher;
use tracing_subscriber::fmt::MakeWriter;

use crate::Engine;
use crate::engines::on_sqlite;

/// The lines that were said so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Everything that was said, a line each.
    pub(crate) fn lines(&self) -> Vec<String> {
        let written = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        written.lines().map(str::to_owned).collect()
    }

    /// How often something was said.
    pub(crate) fn times(&self, words: &str) -> usize {
        self.lines().iter().filter(|line| line.contains(words)).count()
    }

    /// The warnings and errors about Discord's gateway, each as a person reads it.
    pub(crate) fn says(&self) -> String {
        self.says_of(&["discord::gateway", "guildhall::wire"])
    }

    /// The warnings and errors of some parts of the hall.
    pub(crate) fn says_of(&self, parts: &[&str]) -> String {
        let written = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let told = written.lines().filter_map(|line| {
            let spoken = |by: &&str| line.trim().split_once(format!(" {by}: ").as_str());
            parts.iter().find_map(spoken)
        });
        let told = told.filter(|(level, _)| *level != "INFO");
        told.map(|(level, words)| format!("{level}: {words}")).collect::<Vec<_>>().join("\n")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Tells a story whose log is its own, although other stories are told beside it: on threads of its own.
pub(crate) fn told_with_its_log<F>(story: impl FnOnce(Engine, Log) -> F)
where
    F: Future<Output = ()>,
{
    let log = Log::default();
    let lines = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).without_time();
    let dispatch = Dispatch::new(lines.with_max_level(tracing::Level::INFO).finish());
    // Of one dispatch alone tracing remembers for good what the thread that first says a line thinks of it, and that may
    // be a thread of another story.
    let beside = Dispatch::new(tracing_subscriber::fmt().with_writer(io::sink).finish());
    let own = dispatch.clone();
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        // For as long as the thread lives.
        .on_thread_start(move || std::mem::forget(dispatcher::set_default(&own)))
        .build()
        .unwrap();
    dispatcher::with_default(&dispatch, || runtime.block_on(on_sqlite(|engine| story(engine, log))));
    drop(beside);
}
