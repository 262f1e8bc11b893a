//! The whole site behind a login, and read-only mode.

use crate::harbor::Harbor;

#[tokio::test]
async fn behind_a_login_data_is_refused_and_pages_lead_to_the_sign_in() {
    let harbor = Harbor::open(|settings| settings.login_required = true).await;
    for path in ["/u/mira", "/groups", "/latest", "/site", "/about"] {
        let data = harbor.visit(&format!("{path}.json")).await;
        assert_eq!((data.status, &data.json()["error_type"]), (403, &"not_logged_in".into()), "{path}");
        let page = harbor.visit(path).await;
        let login = format!("{}/login", harbor.sim.url());
        assert_eq!((page.status, page.header("Location")), (302, login.as_str()), "{path}");
        assert_eq!(page.header("Discourse-No-Onebox"), "1", "{path}");
    }
    for path in ["/srv/status", "/site/basic-info.json", "/session/csrf.json", "/login"] {
        assert_eq!(harbor.visit(path).await.status, 200, "{path} stays open");
    }
    for path in ["/u/mira.json", "/groups.json", "/admin/users/list/active.json"] {
        assert_eq!(harbor.get(path).await.status, 200, "{path} with a key");
    }
    harbor.sim.set(|settings| settings.login_required = false);
    assert_eq!(harbor.visit("/u/mira.json").await.status, 200);
}

#[tokio::test]
async fn a_key_that_does_not_count_is_told_so_before_the_wall() {
    let harbor = Harbor::open(|settings| settings.login_required = true).await;
    let seen = harbor.ask("GET", "/u/mira.json", "no such key").await;
    assert_eq!((seen.status, &seen.json()["error_type"]), (403, &"invalid_access".into()));
}

#[tokio::test]
async fn in_read_only_mode_reads_say_so_and_writes_are_refused() {
    let harbor = Harbor::plain().await;
    harbor.sim.set_read_only(true);
    for path in ["/u/mira.json", "/groups.json", "/admin/users/2.json"] {
        let seen = harbor.get(path).await;
        assert_eq!((seen.status, seen.header("Discourse-Readonly")), (200, "true"), "{path}");
    }
    let key = harbor.sim.api_key();
    for (method, path) in [
        ("PUT", "/admin/users/2/trust_level.json?level=4"),
        ("PUT", "/groups/41/members.json?usernames=captain"),
        ("POST", "/posts.json?raw=Hello+to+everybody&title=Hello+to+everybody"),
    ] {
        let seen = harbor.ask(method, path, &key).await;
        assert_eq!((seen.status, &seen.json()["error_type"]), (503, &"read_only".into()), "{path}");
    }
    harbor.sim.set_read_only(false);
    let seen = harbor.ask("PUT", "/admin/users/2/trust_level.json?level=4", &key).await;
    assert_eq!((seen.status, seen.header("Discourse-Readonly")), (200, ""));
    assert_eq!(harbor.sim.user(harbor.mira).unwrap().trust_level, 4);
}
