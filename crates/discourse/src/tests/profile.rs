//! Profiles: what a visitor may see, what the person may see, and a biography that does no harm in Discord.

use domain::ids::Subject;
use serde_json::json;
use service::ports::{Profile, ProfileViewer, Source, WhoseProfile};

use super::stand_in::{Forum, Reply, recorded, recordings_here};

const PAGE: &[(&str, &str)] = &[("Content-Type", "application/json"), ("X-Discourse-Route", "users/show")];

fn named(name: &str) -> WhoseProfile {
    WhoseProfile::Username(name.to_owned())
}

async fn visit(forum: &Forum, name: &str) -> Option<Profile> {
    forum.source().profile(&named(name), ProfileViewer::Visitor).await.unwrap()
}

#[tokio::test]
async fn a_visitor_sees_what_the_forum_shows_without_the_key() {
    if !recordings_here() {
        return;
    }
    let forum = Forum::with([("/u/mira.json", recorded("read/user-mira-anonymous.json"))]).await;
    let profile = visit(&forum, "@mira").await.unwrap();
    assert_eq!(profile.subject, Some(Subject("4".to_owned())));
    assert_eq!((profile.name.as_deref(), profile.title.as_deref()), (Some("Mira Lind"), Some("Maker")));
    assert_eq!((profile.trust_level, profile.groups), (Some(2), vec!["makers".to_owned()]));
    assert_eq!(
        profile.picture,
        Some(format!("{}/letter_avatar_proxy/v4/letter/m/b5ac83/240.png", forum.url))
    );
    assert_eq!(profile.page, format!("{}/u/mira", forum.url));
    let bio = profile.bio.unwrap().replace(&forum.url, "FORUM");
    assert_eq!(
        bio,
        "Hi, I *sail*. See [my boat](https://boat.test/) and [@leo](FORUM/u/leo).\n\n> quoted\n\n- one\n- two\n\n`code` :ship: [img](https://boat.test/a.png)"
    );
    assert!(forum.calls().iter().all(|call| call.key.is_none()));
}

#[tokio::test]
async fn the_person_sees_their_groups_but_not_those_that_are_hidden_from_them() {
    if !recordings_here() {
        return;
    }
    let forum = Forum::with([
        ("/admin/users/4.json", recorded("read/admin-user-mira.json")),
        ("/u/mira.json", recorded("read/user-mira.json")),
    ])
    .await;
    let whose = WhoseProfile::Subject(Subject("4".to_owned()));
    let profile = forum.source().profile(&whose, ProfileViewer::Themselves).await.unwrap().unwrap();
    assert_eq!(profile.groups, ["makers"], "crew-secret is seen by staff alone");
    assert!(forum.calls().iter().all(|call| call.key.is_some()));
}

#[tokio::test]
async fn programs_are_told_from_people() {
    if !recordings_here() {
        return;
    }
    for (name, file) in [("discobot", "read/user-discobot.json"), ("system", "read/user-system.json")] {
        let forum = Forum::with([(format!("/u/{name}.json").as_str(), recorded(file))]).await;
        let profile = visit(&forum, name).await.unwrap();
        assert!(profile.automatic, "{name}");
    }
}

#[tokio::test]
async fn nobody_and_nothing_to_see_are_both_none() {
    if !recordings_here() {
        return;
    }
    for file in [
        "read/user-unknown.json",
        "read/user-by-old-name-after-rename.json",
        "errors/login-required-anonymous.json",
    ] {
        let forum = Forum::with([("/u/mira.json", recorded(file))]).await;
        assert_eq!(visit(&forum, "mira").await, None, "{file}");
    }
    let forum = Forum::with([]).await;
    for name in ["", "@", &"x".repeat(61)] {
        assert_eq!(visit(&forum, name).await, None, "{name}");
    }
    assert!(forum.calls().is_empty());
}

#[tokio::test]
async fn a_name_cannot_lead_to_another_page() {
    let forum = Forum::with([]).await;
    let _ = forum.source().profile(&named("../admin/x?y#z"), ProfileViewer::Visitor).await;
    let _ = forum.source().profile(&named("Ærø"), ProfileViewer::Visitor).await;
    let targets: Vec<String> = forum.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(targets, ["/u/..%2Fadmin%2Fx%3Fy%23z.json", "/u/%C3%86r%C3%B8.json"]);
}

async fn bio(html: &str) -> Option<String> {
    let user = json!({"user": {"id": 4, "username": "mira", "bio_cooked": html}});
    let forum = Forum::with([("/u/mira.json", Reply::new(200, PAGE, user.to_string()))]).await;
    visit(&forum, "mira").await.unwrap().bio.map(|bio| bio.replace(&forum.url, "FORUM"))
}

#[tokio::test]
async fn a_biography_becomes_markdown_that_notifies_and_hides_nothing() {
    let cases = [
        ("<p>plain</p>", "plain"),
        ("<p><a href=\"/t/5\">topic</a></p>", "[topic](FORUM/t/5)"),
        ("<p><a href=\"javascript:alert(1)\">x</a></p>", "x"),
        ("<p><a href=\"https://evil.test/\">https://bank.test</a></p>", "https://evil.test/"),
        ("<p><a href=\"https://a.test/x(y)\">a</a></p>", "[a](https://a.test/x%28y%29)"),
        (
            "<a class=\"lightbox\" href=\"/big.png\"><img src=\"/s.png\" alt=\"sea\"></a>",
            "[sea](FORUM/s.png)",
        ),
        ("<img src=\"data:image/png;base64,AAAA\" alt=\"x\">", ""),
        ("<script>alert(1)</script><style>p{}</style>", ""),
        ("@everyone and @here", "@\u{200b}everyone and @\u{200b}here"),
        ("@e\u{200b}veryone", "@\u{200b}everyone"),
        ("&lt;@123&gt; &lt;@&amp;5&gt;", "<\u{200b}@123> <\u{200b}@&5>"),
        ("\u{202e}desrever", "desrever"),
    ];
    for (html, expected) in cases {
        let bio = bio(html).await.unwrap_or_default().replace("\\<", "<");
        assert_eq!(bio, expected, "{html}");
    }
}

#[tokio::test]
async fn a_biography_that_is_too_intricate_is_left_out() {
    for depth in [601, 5_000, 100_000] {
        assert_eq!(bio(&"<div>".repeat(depth)).await, None, "{depth}");
    }
    let nested = format!("{}deep{}", "<div>".repeat(290), "</div>".repeat(290));
    assert_eq!(bio(&nested).await.as_deref(), Some("deep"));
}

#[tokio::test]
async fn a_long_biography_is_cut_between_words_and_never_in_a_link() {
    let words = bio(&"word ".repeat(500)).await.unwrap();
    assert!(words.chars().count() <= 1000 && words.ends_with("word…"), "{words}");
    let link = format!("{} <a href=\"https://a.test/{}\">two words</a>", "w ".repeat(480), "x".repeat(200));
    let cut = bio(&link).await.unwrap();
    assert!(cut.ends_with("w…"), "{cut}");
    let code = bio(&format!("<pre><code>{}</code></pre>", "line\n".repeat(400))).await.unwrap();
    assert!(code.chars().count() <= 1000 && code.ends_with("```"), "{code}");
}
