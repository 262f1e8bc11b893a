//! The handle of a running simulated Discord: start, addresses, bad days.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::calls::CallRecord;
use super::faults::FaultRule;
use super::http::router;
use super::ids::Snowflake;
use super::settings::DiscordSettings;
use super::shared::Shared;
use crate::clock::Clock;

/// A simulated Discord that listens on loopback until the last handle to it is dropped or
/// [`DiscordSim::stop`] is called.
#[derive(Clone, Debug)]
pub struct DiscordSim {
    pub(super) shared: Shared,
    pub(super) clock: Clock,
    address: SocketAddr,
    host: String,
    /// None in a handle that the listener lends out itself.
    ends: Option<Arc<Ends>>,
}

/// Ends the listener when dropped.
#[derive(Debug)]
struct Ends(CancellationToken);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl DiscordSim {
    /// A handle for the listener's own use, which does not keep it alive.
    pub(super) fn borrowed(shared: Shared) -> Self {
        let (clock, address, host) =
            shared.read(|state| (state.clock.clone(), state.listener, state.settings.host.clone()));
        Self { shared, clock, address, host, ends: None }
    }

    /// Listens on 127.0.0.1. The world is empty: create people, an application and a guild.
    pub async fn start(settings: DiscordSettings, clock: Clock) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", settings.port)).await?;
        let address = listener.local_addr()?;
        let host = settings.host.clone();
        let shared = Shared::new(settings, clock.clone());
        shared.act(|state| state.listens_at(address));
        let ends = CancellationToken::new();
        let served = axum::serve(listener, router(shared.clone()));
        // Without waiting for open connections: a gateway would never let go.
        tokio::spawn(ends.clone().run_until_cancelled_owned(async move {
            if let Err(error) = served.await {
                tracing::error!(%error, "the simulated Discord stopped listening");
            }
        }));
        Ok(Self { shared, clock, address, host, ends: Some(Arc::new(Ends(ends))) })
    }

    /// Stops listening and breaks every gateway connection.
    pub fn stop(&self) {
        self.ends.iter().for_each(|ends| ends.0.cancel());
        self.drop_gateway();
    }

    /// `http://127.0.0.1:1234`.
    pub fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.address.port())
    }

    /// Where the REST API is, with its version.
    pub fn api_url(&self) -> String {
        format!("{}/api/v10", self.url())
    }

    /// Where the gateway is.
    pub fn gateway_url(&self) -> String {
        format!("ws://{}:{}/gateway", self.host, self.address.port())
    }

    /// Where people sign in and agree.
    pub fn authorize_url(&self) -> String {
        format!("{}/oauth2/authorize", self.url())
    }

    /// Where codes become tokens.
    pub fn token_url(&self) -> String {
        format!("{}/oauth2/token", self.api_url())
    }

    /// Where pictures are.
    pub fn cdn_url(&self) -> String {
        format!("{}/cdn", self.url())
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Method and path of every REST route there is, such as `("GET", "/guilds/{guild}")`.
    pub fn routes() -> Vec<(&'static str, &'static str)> {
        super::rest::ROUTES.iter().map(|route| (route.method, route.path)).collect()
    }

    /// A number that grows with everything that happens; a page can follow it live.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes()
    }

    /// Every call clients made since the start or [`DiscordSim::forget_calls`], oldest first.
    pub fn calls(&self) -> Vec<CallRecord> {
        self.shared.read(|state| state.calls.all())
    }

    /// Begins the record anew.
    pub fn forget_calls(&self) {
        self.shared.act(|state| state.calls.forget());
    }

    /// Calls refused by 401, 403 or 429 in the present ten minutes.
    pub fn invalid_calls(&self) -> u32 {
        self.shared.read(|state| state.limits.invalid())
    }

    /// Switches limits on or off, and sets how many times shorter their windows are.
    pub fn set_limits(&self, on: bool, speed: u32) {
        self.shared.act(|state| {
            for settings in [&mut state.settings.limits, &mut state.limits.settings] {
                settings.on = on;
                settings.speed = speed;
            }
        });
    }

    /// Gives a bucket another size from now on; names are those of the route table, such as
    /// `member roles` or `edit member`. The window is in milliseconds before scaling.
    pub fn change_limit(&self, bucket: &str, uses: u32, window_ms: i64) {
        self.shared.act(|state| state.limits.change(bucket, uses, window_ms));
    }

    /// Makes answers go wrong.
    pub fn fault(&self, rule: FaultRule) {
        self.shared.act(|state| state.faults.add(rule));
    }

    /// Switches every fault off.
    pub fn clear_faults(&self) {
        self.shared.act(|state| state.faults.clear());
    }

    /// Discord loses the guild for a while (`true`) or has it again.
    pub fn set_unavailable(&self, guild: Snowflake, lost: bool) {
        // A guild that is not there has nothing to lose.
        let _ = self.shared.act(|state| state.set_unavailable(guild, lost));
    }
}
