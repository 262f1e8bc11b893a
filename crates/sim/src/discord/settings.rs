//! What can be set before a simulated Discord starts.

/// The settings of a simulated Discord; the default is the real one's manners.
#[derive(Clone, Debug)]
pub struct DiscordSettings {
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Tokens and codes are drawn from it: the same seed gives the same ones.
    pub seed: u64,
    /// Rate limits.
    pub limits: LimitSettings,
    /// How often the gateway asks for a heartbeat, in milliseconds.
    pub heartbeat_ms: u64,
    /// How long a dropped gateway session can be resumed, in milliseconds of the simulated clock.
    pub resumable_ms: i64,
    /// Starts of a gateway session that one bot has in 24 hours.
    pub identifies_a_day: usize,
    /// The name under which the browser and the clients reach this listener; a name that ends in
    /// `localhost` keeps cookies apart from those of others on the same machine.
    pub host: String,
}

impl Default for DiscordSettings {
    fn default() -> Self {
        Self {
            port: 0,
            seed: 1,
            limits: LimitSettings::default(),
            heartbeat_ms: 41_250,
            resumable_ms: 180_000,
            identifies_a_day: 1_000,
            host: "127.0.0.1".into(),
        }
    }
}

/// How the limits behave.
#[derive(Clone, Debug)]
pub struct LimitSettings {
    /// Without them every call is let through, without limit headers.
    pub on: bool,
    /// How many times shorter than Discord's all windows are; 1 is the real thing.
    pub speed: u32,
    /// Calls a second that one token may make in all.
    pub global_a_second: u32,
    /// Refused calls (401, 403, 429 of one's own making) in ten minutes before everything is refused.
    pub invalid_in_ten_minutes: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { on: true, speed: 1, global_a_second: 50, invalid_in_ten_minutes: 10_000 }
    }
}
