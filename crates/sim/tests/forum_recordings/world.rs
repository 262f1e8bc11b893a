//! The recorded Harbor, built again: the same people and groups under the same numbers.

use sim::clock::Clock;
use sim::forum::{
    ApiKey, Audience, ForumSettings, ForumSim, GroupId, GroupSpec, LimitSettings, Locale, PersonId,
    PersonSpec, ProfileChange, Scope, UserField,
};

use crate::recording::{Answered, Asked};

/// Where the recorded forum was.
const RECORDED: &str = "https://forum.discourse.test";

/// Deckhands, who fill the pages.
const DECKHANDS: usize = 230;

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) struct World {
    pub(crate) sim: ForumSim,
    pub(crate) client: reqwest::Client,
}

/// A client that follows nothing; dear to make, so that one serves for all worlds of a test.
pub(crate) fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().unwrap()
}

impl World {
    /// The world as it was when this was recorded.
    pub(crate) async fn for_recording(name: &str, client: &reqwest::Client) -> World {
        let settings = ForumSettings {
            locale: if name.starts_with("localised-de/") { Locale::German } else { Locale::English },
            connect_secrets: vec![("hall.discourse.test".to_owned(), "harbor-provider-secret".to_owned())],
            limits: LimitSettings { enabled: name.contains("limit"), factor: 1, front_per_second: None },
            login_required: name.contains("login-required"),
            connect_enabled: !name.contains("provider-off"),
            ..ForumSettings::default()
        };
        let sim = ForumSim::start(settings, Clock::default()).await.unwrap();
        people(&sim);
        groups(&sim);
        keys(&sim);
        crate::topics::write(&sim, name);
        let world = World { sim, client: client.clone() };
        world.history(name);
        world.sim.quiet().await;
        world.limits(name).await;
        world
    }

    pub(crate) async fn ask(&self, asked: &Asked) -> Answered {
        let url = asked.url.replace(RECORDED, &self.sim.url()).replace("/events/674/", "/events/1/");
        let mut request = self.client.request(asked.method.parse().unwrap(), url);
        for (name, value) in &asked.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &asked.body {
            request = request.body(body.clone());
        }
        let response = request.send().await.unwrap();
        let status = u64::from(response.status().as_u16());
        let headers = response
            .headers()
            .iter()
            // The recorder read header bytes as Latin-1.
            .map(|(name, value)| {
                (name.to_string(), value.as_bytes().iter().map(|byte| char::from(*byte)).collect())
            })
            .collect();
        let body = response.text().await.unwrap();
        Answered { status, headers, json: serde_json::from_str(&body).ok() }
    }

    /// What had happened before this was asked.
    fn history(&self, name: &str) {
        let sim = &self.sim;
        let captain = sim.admin();
        let now_ms = Clock::default().now_ms();
        let punished = !name.starts_with("actions/") && !name.contains("by-creation");
        if punished || name.contains("unsuspend") || name.contains("suspend-again") {
            sim.suspend(captain, PersonId(9), now_ms + 100 * DAY_MS, "For ever").unwrap();
        }
        if punished || name.contains("unsilence") || name.contains("by-silenced") {
            sim.silence(captain, PersonId(10), Some(now_ms + 100 * DAY_MS), "Quiet, please").unwrap();
        }
        sim.set_read_only(name.contains("read-only-mode"));
        if name.starts_with("setup/") || name.contains("webhook-list") {
            let hook = sim.add_webhook_for_all("http://127.0.0.1:9/hooks", "harbor-webhook-secret");
            let other = sim.add_webhook_for_all("http://127.0.0.1:9/other", "harbor-webhook-secret");
            assert_eq!((hook, other), (1, 2));
        }
        for (part, act) in HISTORY {
            if name.contains(part) {
                act(sim, captain);
            }
        }
        if name.starts_with("actions/") {
            let receiver = format!("{}/srv/status", sim.url());
            sim.add_webhook_for_all(&receiver, "harbor-webhook-secret");
        }
    }

    /// Calls that had been made before, where the recording is about too many.
    async fn limits(&self, name: &str) {
        let (times, url) = match name {
            _ if name.contains("limit-admin") => (60, "/srv/status"),
            _ if name.contains("limit-per-address") => (50, "/srv/status"),
            _ => return,
        };
        self.sim.set_limits(LimitSettings { enabled: true, factor: 1, front_per_second: None });
        for call in 0..times {
            // The budget of the address must not be the one that ends here.
            if name.contains("limit-admin") && call == 45 {
                self.sim.set_limits(LimitSettings { enabled: true, factor: 1, front_per_second: None });
                self.sim.forget_addresses();
            }
            let mut request = self.client.get(format!("{}{url}", self.sim.url()));
            if name.contains("limit-admin") {
                request = request.header("Api-Key", "harbor-global-key").header("Api-Username", "captain");
            }
            request.send().await.unwrap();
        }
    }
}

/// Something that had happened.
type Past = fn(&ForumSim, PersonId);

const HISTORY: &[(&str, Past)] = &[
    ("with-user-field", |sim, captain| answer(sim, captain)),
    ("user-field-set", |sim, captain| answer(sim, captain)),
    ("as-moderator", |sim, captain| answer(sim, captain)),
    ("read-only-key-u", |sim, captain| answer(sim, captain)),
    ("read-only-key-admin-user", |sim, captain| answer(sim, captain)),
    ("suspended-in-the-past", |sim, captain| answer(sim, captain)),
    ("created-as-staged", |sim, captain| {
        answer(sim, captain);
        staged(sim, "far2_social_test");
    }),
    ("user-trust-level-down", |sim, _| sim.edit_user(PersonId(6), |nils| nils.trust_level = 2).unwrap()),
    ("read-only-mode", |sim, captain| {
        sim.set_primary_group(captain, PersonId(1), Some(GroupId(41))).unwrap();
    }),
    ("user-activate", |sim, _| {
        for username in ["spare", "spare_too", "freshhand"] {
            sim.create_user(PersonSpec::new(username)).unwrap();
        }
        sim.create_user(PersonSpec { active: false, ..PersonSpec::new("dozyhand") }).unwrap();
    }),
    ("read-only-key-members", |sim, captain| sim.set_primary_group(captain, PersonId(5), None).unwrap()),
    ("localised-de/user-mira", |sim, captain| answer(sim, captain)),
    ("user-revoke-moderation", |sim, captain| sim.grant_moderation(captain, PersonId(5)).unwrap()),
    ("old-name-after-rename", |sim, captain| sim.rename(captain, PersonId(16), "renamed_sailor").unwrap()),
    ("user-anonymized", |sim, captain| drop(sim.anonymize(captain, PersonId(17)).unwrap())),
    ("user-destroyed", |sim, captain| sim.destroy(captain, PersonId(18)).unwrap()),
    ("merged-away", |sim, captain| sim.merge(captain, PersonId(19), PersonId(20)).unwrap()),
    ("group-add-member-again", |sim, captain| assert_eq!(divers(sim, captain, &[7, 8]), GroupId(45))),
    ("group-add-members", |sim, captain| assert_eq!(divers(sim, captain, &[4, 6]), GroupId(45))),
    ("group-rename", |sim, captain| assert_eq!(divers(sim, captain, &[4, 6]), GroupId(45))),
    ("group-destroy", |sim, captain| assert_eq!(divers(sim, captain, &[4, 6]), GroupId(45))),
    ("webhook-redeliver", |sim, _| assert!(sim.ping(2))),
    ("user-delete-and-block", |sim, _| {
        assert_eq!(sim.create_user(PersonSpec::new("spammer")), Ok(PersonId(252)));
    }),
    ("staff-log", |sim, captain| sim.set_trust_level(captain, PersonId(6), 3).unwrap()),
    ("staff-action-logs", |sim, captain| {
        sim.set_trust_level(captain, PersonId(6), 3).unwrap();
        sim.destroy(captain, PersonId(18)).unwrap();
        sim.merge(captain, PersonId(19), PersonId(20)).unwrap();
        sim.set_name(captain, PersonId(6), "Nils By Staff").unwrap();
    }),
];

fn divers(sim: &ForumSim, captain: PersonId, members: &[i64]) -> GroupId {
    let members = members.iter().map(|id| PersonId(*id)).collect();
    sim.create_group(captain, GroupSpec { members, ..GroupSpec::new("divers") }).unwrap()
}

fn answer(sim: &ForumSim, captain: PersonId) {
    sim.add_user_field(UserField {
        id: 0,
        name: "Discord nickname".to_owned(),
        description: "How the hall names you".to_owned(),
        field_type: "dropdown".to_owned(),
        editable: true,
        required: false,
        show_on_profile: false,
        show_on_user_card: false,
        options: vec!["leave it alone".to_owned()],
    });
    let user_fields = [(1, "leave it alone".to_owned())].into();
    let change = ProfileChange { user_fields, avatar: Some(true), ..ProfileChange::default() };
    sim.update_profile(captain, PersonId(4), &change).unwrap();
}

fn staged(sim: &ForumSim, username: &str) {
    sim.create_user(PersonSpec { staged: true, ..PersonSpec::new(username) }).unwrap();
}

fn person(username: &str, name: Option<&str>, level: u8) -> PersonSpec {
    let name = name.map(str::to_owned);
    PersonSpec { name, trust_level: level, locked: true, ..PersonSpec::new(username) }
}

fn people(sim: &ForumSim) {
    let captain = sim.admin();
    sim.edit_user(captain, |captain| {
        captain.name = Some("Ada Hafen".to_owned());
        captain.locked_level = Some(4);
    })
    .unwrap();
    let all = [
        PersonSpec { moderator: true, ..person("mate", Some("Bo Mate"), 4) },
        PersonSpec { admin: true, moderator: true, ..person("harbormaster", Some("Cy Master"), 4) },
        PersonSpec {
            bio_raw: Some("Hi, I *sail*. See [my boat](https://boat.test/) and @leo.".to_owned()),
            website: Some("https://mira.test".to_owned()),
            location: Some("Kiel".to_owned()),
            ..person("mira", Some("Mira Lind"), 2)
        },
        person("leo", Some("Leo Ström"), 4),
        person("nils", Some("Nils Holm"), 1),
        person("ana", None, 0),
        person("thea_3", Some("Thea Drei"), 3),
        person("sunk", Some("Sunk Ship"), 2),
        person("hush", Some("Hush Hush"), 1),
        PersonSpec { staged: true, ..person("mailperson", Some("Mail Person"), 2) },
        PersonSpec { active: false, ..person("sleeper", Some("Not Activated"), 0) },
        PersonSpec {
            email: Some("aero@people.test".to_owned()),
            ..person("Ærø", Some("Ærø Ø\u{202e}txt"), 1)
        },
        person("long_name_user", Some(&format!("{} {}", "Maximiliana".repeat(3), "von Hafen")), 1),
        PersonSpec {
            email: Some("bold-user-x_1@people.test".to_owned()),
            ..person("bold.user-x_1", Some("<b>Bold</b> & \"Quoted\" @everyone `code` **stars**"), 1)
        },
        person("to_rename", Some("Will Rename"), 1),
        person("to_anonymize", Some("Will Vanish"), 2),
        person("to_destroy", Some("Will Go"), 0),
        person("to_merge", Some("Merge From"), 1),
        person("merge_target", Some("Merge To"), 1),
        person("to_deactivate", Some("Will Deactivate"), 1),
    ];
    for spec in all {
        sim.create_user(spec).unwrap();
    }
    for number in 1..=DECKHANDS {
        let name = format!("Deck Hand {number}");
        let level = if number % 5 == 0 { 2 } else { 1 };
        sim.create_user(person(&format!("deckhand{number:03}"), Some(&name), level)).unwrap();
    }
}

fn groups(sim: &ForumSim) {
    let captain = sim.admin();
    let makers = GroupSpec {
        full_name: Some("The Makers".to_owned()),
        title: Some("Maker".to_owned()),
        primary: true,
        flair: Some(("hammer".to_owned(), "FFAA00".to_owned(), "111111".to_owned())),
        bio_raw: Some("We **make** things.".to_owned()),
        members: vec![PersonId(4), captain],
        owners: vec![PersonId(5)],
        ..GroupSpec::new("makers")
    };
    let deck = GroupSpec { members: (22..252).map(PersonId).collect(), ..GroupSpec::new("crew-deck") };
    let secret = GroupSpec {
        visibility: Audience::Staff,
        members_visibility: Audience::Staff,
        members: vec![PersonId(4)],
        ..GroupSpec::new("crew-secret")
    };
    let patrons = GroupSpec {
        title: Some("Patron".to_owned()),
        visibility: Audience::Members,
        members_visibility: Audience::Owners,
        members: vec![PersonId(8)],
        ..GroupSpec::new("patrons")
    };
    for (number, spec) in [(41, makers), (42, deck), (43, secret), (44, patrons)] {
        assert_eq!(sim.create_group(captain, spec).unwrap(), GroupId(number));
    }
}

fn keys(sim: &ForumSim) {
    let scope = |resource: &str, action: &str| Scope {
        resource: resource.to_owned(),
        action: action.to_owned(),
        allowed: Vec::new(),
    };
    let key = |secret: &str| ApiKey {
        id: 0,
        secret: secret.to_owned(),
        description: String::new(),
        only: None,
        scopes: Vec::new(),
        created_at_ms: 0,
        last_used_at_ms: None,
        revoked_at_ms: None,
    };
    let scopes = vec![scope("users", "show"), scope("users", "list"), scope("posts", "edit")];
    sim.add_key(ApiKey { scopes, ..key("harbor-scoped-key") });
    sim.add_key(ApiKey { only: Some(PersonId(4)), ..key("harbor-mira-key") });
    sim.add_key(ApiKey { revoked_at_ms: Some(1), ..key("harbor-revoked-key") });
}
