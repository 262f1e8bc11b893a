//! What holds for every page, on a phone and on a desk, by day and by night.

use std::path::PathBuf;

use data_encoding::BASE64;
use serde_json::json;

use crate::axe;
use crate::chromium::Chromium;

/// What a page may weigh with all that it loads, in bytes.
const PAGE_BYTES_MAX: f64 = 100_000.0;
/// A small phone: width and height in CSS pixels.
const PHONE: (u32, u32) = (360, 740);
/// A small desk.
const DESK: (u32, u32) = (1280, 800);

/// Looks at the page that a browser shows: it has this status, is light, asks nobody else, complains about
/// nothing, fits a phone, and axe-core finds nothing. Leaves pictures of it under that name.
pub(crate) async fn looks_right(chromium: &Chromium, name: &str, status: u64) {
    let page = chromium.address().await;
    let visit = chromium.visit().await;
    let (had, bytes) = visit.status_and_bytes(&page);
    assert_eq!(had, status, "the status of {name}, {page}");
    assert!(bytes > 0.0 && bytes < PAGE_BYTES_MAX, "{name} weighs {bytes} bytes");
    assert_eq!(visit.strangers(&page), Vec::<String>::new(), "{name} asks others");
    assert_eq!(visit.outside(), Vec::<String>::new(), "on the way to {name}, somebody outside was asked");
    assert_eq!(visit.complaints(&page), Vec::<&str>::new(), "the console about {name}");
    for (device, (width, height)) in [("desk", DESK), ("phone", PHONE)] {
        let phone = device == "phone";
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 2, "mobile": phone});
        chromium.orders("Emulation.setDeviceMetricsOverride", metrics).await;
        for scheme in ["light", "dark"] {
            let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            chromium.orders("Emulation.setEmulatedMedia", media).await;
            let needs = needs_width(chromium).await;
            assert!(needs <= width, "{name} on a {device} is {needs} pixels wide");
            let found = axe::violations(chromium).await;
            assert!(
                found.is_empty(),
                "axe-core about {name}, {scheme}, on a {device}:\n{}",
                found.join("\n")
            );
            keeps_picture(chromium, &format!("{name}-{device}-{scheme}")).await;
        }
    }
}

/// How wide the page is, in CSS pixels. The width of the window says nothing: on phones it grows with the page.
pub(crate) async fn needs_width(chromium: &Chromium) -> u32 {
    let needs = chromium.runs("return document.documentElement.scrollWidth").await;
    u32::try_from(needs.as_u64().unwrap()).unwrap()
}

async fn keeps_picture(chromium: &Chromium, name: &str) {
    let whole = json!({"format": "png", "captureBeyondViewport": true});
    let picture = chromium.orders("Page.captureScreenshot", whole).await;
    let picture = BASE64.decode(picture["data"].as_str().unwrap().as_bytes()).unwrap();
    let folder = screenshots();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
}

/// `screenshots/` in the folder that cargo builds into.
fn screenshots() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../screenshots")
}
