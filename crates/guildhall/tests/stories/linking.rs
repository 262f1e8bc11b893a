//! Linking, the whole way and every way it can go.

use std::time::Duration;

use aws_lc_rs::hmac;
use sim::world::ForumPlan;
use url::{Url, form_urlencoded};

use crate::people::opens;
use crate::{Hall, World, nickname, person, role};

/// A forum with two people and a guild with theirs.
async fn harbor() -> World {
    harbor_with(|forum| forum).await
}

async fn harbor_with(more: impl FnOnce(ForumPlan) -> ForumPlan) -> World {
    let plan = World::plan()
        .forum("Harbor", |forum| {
            more(forum)
                .user("mira", |mira| {
                    (mira.name, mira.title) = (Some("Mira Vale".to_owned()), Some("Keeper".to_owned()));
                    mira.trust_level = 2;
                })
                .user("tove", |tove| tove.trust_level = 1)
        })
        .guild("Harbor", |guild| guild.role("Regular").role("Staff").member("mira_d").member("tove_d"));
    plan.start().await.unwrap()
}

fn rules() -> [String; 3] {
    [
        role("Regular", "forum.trust_level >= 2"),
        role("Staff", "forum.admin || forum.moderator"),
        nickname("{forum.title} {forum.name}"),
    ]
}

stories! {
    async fn a_person_links_by_password_and_has_their_role_and_name(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await;
        assert_told!(confirm.says(), @"
        200
        Harbor on Guildhall
        Discord proven
        Forum proven
        Confirm
        Are both of these you?
        Nothing is linked until you press the button. If somebody else sent you here, close this page.
        mira_d mira_d on Discord
        Mira Vale @mira on 127.0.0.1
        What changes for you in Harbor on Discord
        + Get Regular because your trust level is 2
        ✎ Nickname becomes Keeper Mira Vale; it comes back as it was if you unlink
        [Link my accounts]
        [This is not me]
        Harbor keeps the two ids, your forum name, title, trust level and groups while you are linked. Unlinking deletes them; ids stay in the log for 90 days. What is kept, and why
        ");
        let done = confirm.presses("Link my accounts").await;
        assert_told!(done.says(), @"
        200
        Harbor on Guildhall
        Your accounts are linked
        Your roles are on their way; they follow the forum by themselves from now on.
        In Discord, /why shows each role and its reason, /unlink takes everything back.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        assert_eq!(mira.nickname().as_deref(), Some("Keeper Mira Vale"));
        assert_told!(world.transcript(), @r#"
        mira_d runs /link
          Sign in to Discord and to http\://127.0.0.1 in one browser, and your roles and your name here follow it.
          The address is for you alone and works until <t:…:t>; forwarding it links nobody else.
          [Link my account]
        the hall gives mira_d Regular: Harbor: trust level 2 on forum
        the hall calls mira_d "Keeper Mira Vale": Harbor: the name in the forum
        "#);
    }

    async fn who_is_signed_in_already_only_confirms(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        opens(&mira.browser(), &forum_login(&world)).await.signs_in("mira").await;
        let confirm = mira.reaches_the_forum().await;
        assert_eq!(confirm.0.title(), "Link your accounts · Harbor");
        confirm.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_second_factor_is_the_forums_own_affair(engine) {
        let world = harbor_with(|forum| forum.user("saga", |saga| saga.second_factor = true)).await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let tove = person(&world, "tove_d");
        let login = tove.reaches_the_forum().await;
        let confirm = login.fills("Authentication code", "123456").signs_in("saga").await;
        confirm.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn a_person_may_sign_in_to_the_forum_through_somebody_else(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let provider = mira.reaches_the_forum().await.presses("Sign in with Example ID").await;
        provider.clicks("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_forum_behind_a_login_links_like_any_other(engine) {
        let world = harbor_with(|forum| forum.set(|settings| settings.login_required = true)).await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn a_forwarded_address_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        let address = tove.runs("/link").await.address();
        let page = opens(&mira.browser(), &address).await.signs_in_to_discord("mira_d").await;
        assert_told!(page.says(), @"
        403
        Harbor on Guildhall
        This address was made for somebody else
        It was made for tove_d on Discord, and you are signed in there as mira_d. Nothing was linked.
        If both are you, sign in to Discord as the first and type /link again. If somebody sent you this address, they may have wanted their Discord account to get your roles: tell a moderator.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        assert_eq!((mira.roles(), tove.roles()), (vec![], vec![]));
        world.transcript();
    }

    async fn a_phone_that_comes_back_in_another_browser_starts_again_there(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let app = mira.browser();
        app.stops_before(Some("/link/discord"));
        let stopped = mira.reaches_the_forum().await;
        let other = mira.other_browser("what the phone opens");
        let page = opens(&other, stopped.0.address().as_str()).await;
        assert_told!(page.says(), @"
        401
        Harbor on Guildhall
        You came back in another browser
        You began in one browser or app and came back in this one. Nothing was changed.
        Start again here and stay in this browser. You will be asked to sign in to Discord once more. If somebody else sent you this address, close the page.
        Start again hereBack to Discord
        ");
        let login = page.clicks("Start again here").await.signs_in_to_discord("mira_d").await;
        login.signs_in("mira").await.presses("Link my accounts").await;
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn starting_again_still_asks_for_the_same_discord_account(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.browser().stops_before(Some("/link/discord"));
        let stopped = mira.reaches_the_forum().await;
        let page = opens(&tove.browser(), stopped.0.address().as_str()).await;
        let page = page.clicks("Start again here").await.signs_in_to_discord("tove_d").await;
        assert_eq!(page.0.status(), 403);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn a_refreshed_callback_says_what_to_do(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for path in ["/link/discord", "/link/forum/forum"] {
            browser.stops_before(Some(path));
            let mut page = mira.reaches_the_forum().await;
            if path == "/link/forum/forum" && page.0.status() != 0 {
                page = page.signs_in("mira").await;
            }
            let callback = page.0.address().clone();
            assert_eq!(callback.path(), path);
            browser.stops_before(None);
            opens(&browser, callback.as_str()).await;
            let again = opens(&browser, callback.as_str()).await;
            assert_eq!((again.0.status(), again.0.title()), (401, "This address has been used · Harbor"));
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn a_changed_callback_of_the_forum_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for change in [changed_payload, changed_signature, without_payload, reflected] {
            browser.stops_before(Some("/link/forum/forum"));
            let mut page = mira.reaches_the_forum().await;
            if page.0.status() != 0 {
                page = page.signs_in("mira").await;
            }
            let mut callback = page.0.address().clone();
            change(&mut callback, &world);
            browser.stops_before(None);
            let page = opens(&browser, callback.as_str()).await;
            assert_eq!(page.0.status(), 401, "{}", page.says());
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn a_changed_callback_of_discord_links_nobody(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let browser = mira.browser();
        for (key, value) in [("state", "somebody-elses"), ("state", ""), ("code", "made-up")] {
            browser.stops_before(Some("/link/discord"));
            let page = mira.reaches_the_forum().await;
            let callback = replaced(page.0.address(), key, value);
            browser.stops_before(None);
            let page = opens(&browser, callback.as_str()).await;
            assert_eq!(page.0.status(), 401, "{key}: {}", page.says());
        }
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn an_address_works_for_ten_minutes(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let answer = mira.runs("/link").await;
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await;
        hall.passes(Duration::from_secs(601)).await;
        // The cookie lasts as long as the attempt.
        let late = confirm.presses("Link my accounts").await;
        assert_eq!((late.0.status(), late.0.title()), (401, "Nothing was begun in this browser · Harbor"));
        let late = answer.opens_link().await;
        assert_eq!(late.0.status(), 401);
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn of_two_people_who_race_for_one_account_one_gets_it(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        let one = mira.reaches_the_forum().await.signs_in("mira").await;
        let other = tove.reaches_the_forum().await.signs_in("mira").await;
        let (one, other) = tokio::join!(one.presses("Link my accounts"), other.presses("Link my accounts"));
        let mut outcomes = [one.0.status(), other.0.status()];
        outcomes.sort_unstable();
        assert_eq!(outcomes, [200, 409]);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn who_is_linked_already_is_told_to_whom(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        world.transcript();
        mira.runs("/link").await;
        assert_told!(world.transcript(), @r"
        mira_d runs /link
          You are linked to **mira** on [127.0.0.1](http://127.0.0.1), since <t:…:D>.
          [Unlink]
        ");
    }

    async fn an_account_of_somebody_else_is_refused_in_words(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.links_with("mira").await;
        let page = tove.reaches_the_forum().await.signs_in("mira").await;
        assert_told!(page.says(), @"
        409
        Harbor on Guildhall
        That account is linked already
        @mira in the forum is linked to another Discord account. Nothing was changed.
        If that Discord account is yours, type /unlink there first. If it is not, tell a moderator.
        Back to Discord
        ");
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn who_says_no_is_not_linked(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let declined = mira.reaches_the_forum().await.signs_in("mira").await.presses("This is not me").await;
        assert_eq!((declined.0.status(), declined.0.title()), (200, "Nothing was linked · Harbor"));
        let consent = mira.runs("/link").await.opens_link().await;
        let declined = consent.presses("Cancel").await;
        assert_eq!((declined.0.status(), declined.0.title()), (200, "Nothing was linked · Harbor"));
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 0);
        world.transcript();
    }

    async fn success_ends_every_other_address_of_the_person(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let (early, open) = (mira.runs("/link").await, mira.runs("/link").await);
        let phone = mira.other_browser("phone");
        let half = opens(&phone, &open.address()).await.signs_in_to_discord("mira_d").await;
        mira.links_with("mira").await;
        assert_eq!(early.opens_link().await.0.status(), 401);
        assert_eq!(half.signs_in("tove").await.0.status(), 401);
        hall.settle().await;
        assert_eq!(engine.count("select count(*) from links").await, 1);
        world.transcript();
    }

    async fn unlinking_takes_everything_back_and_forgets(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        mira.links_with("mira").await;
        hall.settle().await;
        world.transcript();
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        assert_eq!((mira.roles(), mira.nickname()), (vec![], None));
        assert_told!(world.transcript(), @r"
        mira_d runs /unlink
          Unlink **mira** on [127.0.0.1](http://127.0.0.1)?
          The roles that it gave you here are taken back, and so is the name, unless you changed it since. What the hall knows of you from there is deleted. The buttons work until <t:…:t>.
          [Unlink] [Stay linked]
        mira_d presses [Unlink]
          **mira** on [127.0.0.1](http://127.0.0.1) is not linked any more. What it gave you here is being taken back. /link links again.
        the hall takes Regular from mira_d: Harbor: unlinked
        the hall takes the nickname of mira_d: Harbor: unlinked
        ");
        for table in ["links", "members", "accounts", "facts", "nicknames", "given_roles", "tickets", "flows"] {
            assert_eq!(engine.count(&format!("select count(*) from {table}")).await, 0, "{table}");
        }
        let names = "select count(*) from audit where details like '%mira%' or subject like '%mira%'";
        assert_eq!(engine.count(names).await, 0);
    }

    async fn what_a_person_changed_since_is_left_to_them(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let discord = world.discord_sim();
        let owner = discord.user_named("owner").unwrap();
        discord.set_nick(owner, world.guild(), mira.person.user(), Some("Mimi")).unwrap();
        mira.links_with("mira").await;
        hall.settle().await;
        assert_eq!(mira.nickname().as_deref(), Some("Keeper Mira Vale"));
        mira.runs("/unlink").await.presses("Unlink").await;
        hall.settle().await;
        assert_eq!(mira.nickname().as_deref(), Some("Mimi"));
        world.transcript();
    }

    async fn nobody_presses_the_button_of_somebody_else(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let (mira, tove) = (person(&world, "mira_d"), person(&world, "tove_d"));
        mira.links_with("mira").await;
        hall.settle().await;
        let asked = mira.runs("/unlink").await;
        let answer = asked.is_pressed_by(&tove, "Unlink").await;
        assert_eq!(answer.text(), "This button was made for somebody else.");
        hall.settle().await;
        assert_eq!(mira.roles(), ["Regular"]);
        world.transcript();
    }

    async fn the_pages_ask_nobody_else_for_anything(engine) {
        let world = harbor().await;
        let hall = Hall::start(&world, &engine, &rules()).await;
        let mira = person(&world, "mira_d");
        let confirm = mira.reaches_the_forum().await.signs_in("mira").await;
        let parts = confirm.0.parts();
        assert!(parts.iter().any(|part| part.path() == "/link/picture/forum"), "{parts:?}");
        for part in parts.iter().filter(|part| part.scheme() != "data") {
            assert_eq!(part.host_str(), Some("hall.localhost"), "{part}");
            let loaded = opens(&mira.browser(), part.as_str()).await;
            assert_eq!(loaded.0.status(), 200, "{part}");
        }
        hall.settle().await;
        world.transcript();
    }

    async fn behind_https_the_cookie_is_bound_to_the_host(engine) {
        let world = harbor().await;
        let hall = Hall::begin(&world, &engine, &rules(), "https").await;
        hall.settle().await;
        let mira = person(&world, "mira_d");
        let public = mira.runs("/link").await.address();
        assert!(public.starts_with("https://hall.localhost/l/"), "{public}");
        let browser = mira.browser();
        // Nobody speaks TLS for the hall here: asked directly, it answers as it would to the one who does.
        browser.stops_before(Some("/oauth2/authorize"));
        let path = public.trim_start_matches("https://hall.localhost");
        let page = opens(&browser, &hall.address(path)).await;
        let set = page.0.cookies_set().join("\n");
        assert!(set.starts_with("__Host-guildhall-link="), "{set}");
        assert!(set.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure"), "{set}");
        world.transcript();
    }
}

fn forum_login(world: &World) -> String {
    format!("{}/login", world.forums()[0].1.url())
}

/// The address with another value under a key.
fn replaced(address: &Url, key: &str, value: &str) -> Url {
    let pairs = address.query_pairs().into_owned();
    let pairs: Vec<(String, String)> = pairs
        .map(|(known, old)| if known == key { (known, value.to_owned()) } else { (known, old) })
        .collect();
    let mut address = address.clone();
    address.query_pairs_mut().clear().extend_pairs(pairs);
    address
}

fn value(address: &Url, key: &str) -> String {
    address.query_pairs().find(|(known, _)| known == key).unwrap().1.into_owned()
}

/// Says that somebody else is signed in, under the old signature.
fn changed_payload(callback: &mut Url, _: &World) {
    let payload = data_encoding::BASE64.decode(value(callback, "sso").as_bytes()).unwrap();
    let payload = String::from_utf8(payload).unwrap().replace("external_id=", "external_id=9");
    *callback = replaced(callback, "sso", &data_encoding::BASE64.encode(payload.as_bytes()));
}

fn changed_signature(callback: &mut Url, _: &World) {
    let signature = value(callback, "sig");
    let last = if signature.ends_with('0') { "1" } else { "0" };
    *callback = replaced(callback, "sig", &format!("{}{last}", &signature[..signature.len() - 1]));
}

fn without_payload(callback: &mut Url, _: &World) {
    callback.set_query(None);
}

/// Brings the hall's own request back as if it were the answer: rightly signed, and about nobody.
fn reflected(callback: &mut Url, world: &World) {
    let payload = data_encoding::BASE64.decode(value(callback, "sso").as_bytes()).unwrap();
    let answer: Vec<(String, String)> = form_urlencoded::parse(&payload).into_owned().collect();
    let mut request = form_urlencoded::Serializer::new(String::new());
    for (key, value) in answer.iter().filter(|(key, _)| key == "nonce" || key == "return_sso_url") {
        request.append_pair(key, value);
    }
    let request = data_encoding::BASE64.encode(request.finish().as_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA256, world.forums()[0].1.connect_secret().as_bytes());
    let signature = data_encoding::HEXLOWER.encode(hmac::sign(&key, request.as_bytes()).as_ref());
    *callback = replaced(&replaced(callback, "sso", &request), "sig", &signature);
}
