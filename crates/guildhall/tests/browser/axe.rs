//! axe-core, the engine behind most checks of accessible pages, run on what the browser shows.

use serde_json::Value;

use crate::chromium::Chromium;

/// Version and hash stand in `../assets/README.md`.
const AXE: &str = include_str!("../assets/axe.min.js");
/// Every rule it has, good practice included; it loads nothing by itself.
const RUN: &str = "axe.run(document, { preload: false, resultTypes: ['violations'] })";

/// What a person with a screen reader, a keyboard or weak eyes would stumble over, a line each.
pub(crate) async fn violations(chromium: &Chromium) -> Vec<String> {
    chromium.runs(AXE).await;
    let outcome = chromium.awaits(RUN).await;
    let found = outcome["violations"].as_array();
    let found = found.unwrap_or_else(|| panic!("axe-core did not run: {outcome}"));
    assert_ne!(outcome["passes"].as_array().unwrap().len(), 0, "axe-core looked at nothing");
    found.iter().flat_map(lines).collect()
}

fn lines(violation: &Value) -> Vec<String> {
    let rule = violation["id"].as_str().unwrap_or_default();
    let nodes = violation["nodes"].as_array().unwrap();
    nodes.iter().map(|node| format!("{rule}: {} ({})", node["html"], node["failureSummary"])).collect()
}
