//! Every page of the hall as a browser shows it.

use crate::axe::violations;
use crate::chromium::Chromium;
use crate::looks::{looks_right, needs_width};
use crate::told;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_that_anybody_may_open_look_right() {
    told(|_world, hall, driver| async move {
        let chromium = Chromium::fresh(&driver).await;
        for (name, path, status) in [
            ("what-is-kept", "/what-is-kept", 200),
            ("not-found", "/there/is/no/such/page", 404),
            ("nothing-begun", "/link", 401),
        ] {
            chromium.opens(&hall.address(path)).await;
            looks_right(&chromium, name, status).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_linking_look_right() {
    told(|world, hall, driver| async move {
        let mira = world.discord("mira_d").unwrap();
        let link = mira.runs("/link").await.unwrap().address().unwrap();
        let chromium = Chromium::fresh(&driver).await;
        chromium.proves_both(&link, "mira_d", "mira").await;
        let callback = chromium.visit().await.to_path("/link/discord").unwrap().address.clone();
        chromium.opens(&hall.address("/link")).await;
        looks_right(&chromium, "confirm", 200).await;
        chromium.clicks("Link my accounts").await;
        looks_right(&chromium, "done", 200).await;
        chromium.opens(&callback).await;
        looks_right(&chromium, "used", 401).await;
        hall.settle().await;
        world.transcript();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_names_and_refusals_look_right() {
    told(|world, hall, driver| async move {
        let username = "tove_with_32_letters_in_her_name";
        let (mira, tove) = (world.discord("mira_d").unwrap(), world.discord(username).unwrap());
        let forwarded = mira.runs("/link").await.unwrap().address().unwrap();
        let chromium = Chromium::fresh(&driver).await;
        chromium.proves_discord(&forwarded, username).await;
        looks_right(&chromium, "not-yours", 403).await;
        let link = tove.runs("/link").await.unwrap().address().unwrap();
        chromium.opens(&link).await;
        chromium.clicks("Authorise").await;
        chromium.fills("Username or email", "tove_with_twenty_abc").await;
        chromium.fills("Password", crate::PASSWORD).await;
        chromium.clicks("Log in").await;
        looks_right(&chromium, "confirm-long", 200).await;
        chromium.clicks("This is not me").await;
        looks_right(&chromium, "declined", 200).await;
        hall.settle().await;
        world.transcript();
    })
    .await;
}

/// A picture from elsewhere that nothing describes, in a table too wide for a phone.
const SPOILS: &str = "document.body.insertAdjacentHTML('beforeend', \
     '<table width=900><td><img src=http://elsewhere.localhost/picture></table>')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_page_is_noticed() {
    told(|_world, hall, driver| async move {
        let chromium = Chromium::fresh(&driver).await;
        chromium.opens(&hall.address("/")).await;
        looks_right(&chromium, "home", 200).await;
        chromium.runs(SPOILS).await;
        assert!(needs_width(&chromium).await >= 900);
        let found = violations(&chromium).await;
        assert!(found.iter().any(|line| line.starts_with("image-alt")), "{found:?}");
        let page = chromium.address().await;
        assert_ne!(chromium.visit().await.complaints(&page), Vec::<&str>::new());
    })
    .await;
}
