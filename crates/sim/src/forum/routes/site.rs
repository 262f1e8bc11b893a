//! The forum as a whole: `/site.json`, `/about.json`, and that it is up.

use serde_json::json;

use super::{Ask, Gate, Route, get};
use crate::forum::answer::Answer;
use crate::forum::state::Forum;
use crate::forum::views;

pub(super) const ROUTES: &[Route] = &[
    get("", "list/latest", Gate::Public, home),
    get("site", "site/site", Gate::Public, |forum, ask| Answer::ok(&views::site(forum, ask.viewer))),
    get("site/basic-info", "site/basic_info", Gate::Open, |forum, _| Answer::ok(&views::basic_info(forum))),
    get("site/statistics", "site/statistics", Gate::Open, |forum, _| Answer::ok(&views::statistics(forum))),
    get("about", "about/index", Gate::Public, |forum, _| Answer::ok(&views::about(forum))),
    get("srv/status", "forums/status", Gate::Open, |_, _| Answer::plain(200, "ok")),
    get("admin/dashboard", "dashboard/index", Gate::Staff, |forum, _| {
        let version = &forum.settings.version;
        Answer::ok(&json!({
            "updated_at": views::time(forum.now_ms()),
            "version_check": {
                "installed_version": version,
                "installed_sha": "simulated",
                "installed_describe": format!("v{version}"),
                "git_branch": "main",
                "updated_at": null,
                "version_check_pending": true,
                "stale_data": true,
            },
        }))
    }),
];

/// The front page: where a browser ends up that was sent nowhere else.
fn home(forum: &mut Forum, ask: &Ask) -> Answer {
    let words = match ask.viewer.person.and_then(|id| forum.person(id)) {
        Some(person) => format!("Signed in as {}.", crate::forum::answer::escaped(&person.username)),
        None => "<a href=\"/login\">Log in</a>".to_owned(),
    };
    Answer::html(200, &forum.page(&words))
}
