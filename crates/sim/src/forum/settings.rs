//! What a simulated forum is started with, and the words that its language changes.

use super::limits::LimitSettings;

/// The forum's language. Names of automatic groups and the texts of errors follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Locale {
    /// `en`
    #[default]
    English,
    /// `de`
    German,
}

impl Locale {
    /// The two letters that the forum says.
    pub fn code(self) -> &'static str {
        match self {
            Locale::English => "en",
            Locale::German => "de",
        }
    }

    /// Numbers and names of the automatic groups.
    pub(crate) fn automatic_groups(self) -> [(i64, &'static str); 9] {
        match self {
            Locale::English => [
                (0, "everyone"),
                (1, "admins"),
                (2, "moderators"),
                (3, "staff"),
                (10, "trust_level_0"),
                (11, "trust_level_1"),
                (12, "trust_level_2"),
                (13, "trust_level_3"),
                (14, "trust_level_4"),
            ],
            Locale::German => [
                (0, "jeder"),
                (1, "Administratoren"),
                (2, "Moderatoren"),
                (3, "Team"),
                (10, "Vertrauensstufe_0"),
                (11, "Vertrauensstufe_1"),
                (12, "Vertrauensstufe_2"),
                (13, "Vertrauensstufe_3"),
                (14, "Vertrauensstufe_4"),
            ],
        }
    }

    pub(crate) fn not_found(self) -> &'static str {
        match self {
            Locale::English => "The requested URL or resource could not be found.",
            Locale::German => "Die angeforderte URL oder Ressource konnte nicht gefunden werden.",
        }
    }

    pub(crate) fn no_access(self) -> &'static str {
        match self {
            Locale::English => "You are not permitted to view the requested resource.",
            Locale::German => "Du bist nicht berechtigt, die angeforderte Ressource anzuzeigen.",
        }
    }

    pub(crate) fn bad_key(self) -> &'static str {
        match self {
            Locale::English => {
                "You are not permitted to view the requested resource. The API username or key is invalid."
            }
            Locale::German => {
                "Du bist nicht berechtigt, die angeforderte Ressource anzuzeigen. \
                 Der API-Benutzername oder -Schlüssel ist ungültig."
            }
        }
    }

    pub(crate) fn not_logged_in(self) -> &'static str {
        match self {
            Locale::English => "You need to be logged in to do that.",
            Locale::German => "Du musst angemeldet sein, um das zu tun.",
        }
    }

    pub(crate) fn wait(self, seconds: i64) -> String {
        match self {
            Locale::English => format!(
                "You’ve performed this action too many times. \
                 Please wait {seconds} seconds before trying again."
            ),
            Locale::German => {
                format!(
                    "Du hast das zu oft getan. Bitte warte {seconds} Sekunden und versuche es dann erneut."
                )
            }
        }
    }
}

/// What a simulated forum is started with. `ForumSettings::default()` is a forum named Harbor.
#[derive(Clone, Debug)]
pub struct ForumSettings {
    /// The forum's title.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Its language.
    pub locale: Locale,
    /// The version it says it is. From 2.10 on the provider knows `prompt` and `require_2fa`.
    pub version: String,
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// The host in every address the forum says (`forum.localhost`), which also loopback answers to.
    pub host: String,
    /// Addresses begin with `https://` and without a port, as behind a front server.
    pub https: bool,
    /// A key that may do everything, for all users.
    pub api_key: String,
    /// A key that may read everything (`global:read`), for all users.
    pub read_key: String,
    /// The admin in whose name the keys are used, made at the start.
    pub admin: String,
    /// The password of everybody who is made without one.
    pub password: String,
    /// The code that every second factor accepts.
    pub second_factor_code: String,
    /// Whether the forum is a DiscourseConnect provider.
    pub connect_enabled: bool,
    /// Its secrets: `(host or wildcard, secret)`, tried in order.
    pub connect_secrets: Vec<(String, String)>,
    /// The whole site stands behind a login.
    pub login_required: bool,
    /// A provider of identities to sign in with, by its name; none hides the button.
    pub identity_provider: Option<String>,
    /// Repeat deliveries that failed, as the forum's setting of that name does.
    pub retry_webhooks: bool,
    /// How many calls are allowed.
    pub limits: LimitSettings,
}

impl Default for ForumSettings {
    fn default() -> ForumSettings {
        ForumSettings {
            title: "Harbor".to_owned(),
            description: "Where boats and people rest".to_owned(),
            locale: Locale::English,
            version: "2.9.0.beta3".to_owned(),
            port: 0,
            host: "127.0.0.1".to_owned(),
            https: false,
            api_key: "harbor-global-key".to_owned(),
            read_key: "harbor-read-key".to_owned(),
            admin: "captain".to_owned(),
            password: "correct horse battery 9".to_owned(),
            second_factor_code: "123456".to_owned(),
            connect_enabled: true,
            connect_secrets: vec![("*".to_owned(), "harbor-provider-secret".to_owned())],
            login_required: false,
            identity_provider: Some("Example ID".to_owned()),
            retry_webhooks: false,
            limits: LimitSettings::default(),
        }
    }
}

impl ForumSettings {
    /// Whether the version knows `prompt=none` and `require_2fa` (2.10 and everything after 2).
    pub(crate) fn knows_prompt(&self) -> bool {
        let mut parts = self.version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
        let major = parts.next().unwrap_or_default();
        let minor = parts.next().unwrap_or_default();
        (major, minor) >= (2, 10)
    }
}
