// The owner's desk in the hall: what waits for a word, what was agreed to and can be taken back, overrides.
// Loaded before demo.js, whose parts it uses.
"use strict";

const DOES = { take: "loses", give: "gets" };
const FROM = { kept: "held before the rule came, and kept by your decision" };
/** Why an undo left an override. */
const undone = (known) => `left by an undo, so that the rules do not ${!known.role_id ? "change it" : known.has ? "take it" : "give it"} again`;

const some = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Has something decided, and says what came of it in the words given. */
async function decide(body, words) {
  const done = await send("/act", body);
  if (done) tell(words(done), "good");
}

function drawWaiting(line, part) {
  const person = make("bdi", { dir: "auto", className: "short" }, line.who);
  const says = part.what === "rename" ? [person, " is called ", make("strong", { dir: "auto", className: "short" }, line.nickname || "by their own name")] : [person, ` ${DOES[part.what]} `, roleName(part.role, part.color)];
  return make("li", { className: part.what === "take" ? "take" : "give" }, make("span", { className: "sign", "aria-hidden": "true" }, part.what === "take" ? "−" : part.what === "give" ? "+" : "✎"),
    make("div", {}, make("p", {}, ...says), make("p", { className: "because" }, `because ${line.because}`)));
}

/** What waits, why, and the word for it: the number of its changes, typed as it was read. */
function drawWaits(waits) {
  const box = make("div", { className: "waits" });
  for (const reason of waits.reasons) box.append(make("p", { className: "reason" }, reason));
  box.append(make("ul", { className: "rows flow", "aria-label": "What waits" }, ...waits.parts.flatMap((part) => part.lines.map((line) => drawWaiting(line, part)))));
  const typed = make("input", { type: "text", inputMode: "numeric", autocomplete: "off", size: 4, "data-focus": `count-${waits.plan}` });
  const form = make("form", { className: "acts" }, make("label", { className: "small" }, `Type ${waits.count} to agree `, typed), make("button", { className: "main slight", "data-focus": `agree-${waits.plan}` }, `Apply ${some(waits.count, "change")}`));
  const wrong = make("p", { className: "note take small", role: "alert", hidden: true });
  form.onsubmit = (event) => {
    event.preventDefault();
    const count = Number.parseInt(typed.value, 10);
    wrong.hidden = count === waits.count;
    wrong.textContent = Number.isInteger(count) ? `Plan ${waits.plan} has ${some(waits.count, "change")}, not ${count}. Nothing was written.` : `Nothing was written. To agree, type how many changes there are: ${waits.count}.`;
    if (wrong.hidden) decide({ act: "apply", plan: waits.plan, count }, () => `You agreed to plan ${waits.plan}. What of it is still needed is written now.`);
  };
  box.append(form, wrong);
  for (const role of waits.keep) {
    const button = make("button", { type: "button", className: "plain slight" }, `Let everybody keep ${role}`);
    button.onclick = () => decide({ act: "keep", role }, () => `Whoever holds ${role} keeps it. Nothing was taken.`);
    form.append(button);
  }
  box.append(make("p", { className: "hint small" }, "The same on the owner's machine: ", make("code", {}, `guildhall apply --plan ${waits.plan} --count ${waits.count}`), "; in Discord: ", make("code", {}, "/apply"), "."));
  return box;
}

function drawRun(run) {
  const says = make("p", {}, `Plan ${run.plan}: ${some(run.changes, "change")}`);
  if (run.undone_by) return make("li", { className: "wait" }, make("span", { className: "sign", "aria-hidden": "true" }, "↺"), make("div", {}, says, make("p", { className: "because" }, `taken back as plan ${run.undone_by}; overrides keep it so`)));
  const button = make("button", { type: "button", className: "plain slight", "data-focus": `undo-${run.plan}` }, `Undo plan ${run.plan}`);
  button.onclick = () => decide({ act: "undo", plan: run.plan }, (done) => [`Plan ${run.plan} is taken back: ${some(done.changes, "change")}.`, ...done.left].join(" "));
  return make("li", { className: "give" }, make("span", { className: "sign", "aria-hidden": "true" }, "✓"), make("div", {}, says, make("div", { className: "acts" }, button)));
}

function drawOverride(known) {
  const person = make("bdi", { dir: "auto", className: "short" }, known.who);
  const says = known.role_id ? [person, known.has ? " has " : " does not get ", roleName(known.role, known.color), ", whatever the rule says"] : [person, " keeps the nickname as it is"];
  const from = known.by ? `done by hand by ${known.by}` : known.origin === "undo" ? undone(known) : FROM[known.origin] ?? "done by hand";
  const until = known.until_ms === null ? "until somebody ends it" : ["until ", time(known.until_ms, "D")];
  const button = make("button", { type: "button", className: "plain slight", "data-focus": `end-${known.user}-${known.role_id}`, "aria-label": `End it: the override for ${known.who}, ${known.role ?? "nickname"}` }, "End it");
  button.onclick = () => decide({ act: "end-override", user: known.user, role: known.role_id }, () => `The override for ${known.who}, ${known.role ?? "nickname"}, has ended: the rules say again what they have.`);
  return make("li", { className: "wait" }, make("span", { className: "sign", "aria-hidden": "true" }, "!"), make("div", {}, make("p", {}, ...says), make("p", { className: "because" }, from, "; ", ...[until].flat()), make("div", { className: "acts" }, button)));
}

function showDesk() {
  const { waits, runs, overrides } = view.hall.desk;
  at("waits").hidden = !waits;
  // On small screens this is all that is seen of it from elsewhere.
  tabs().find((tab) => tab.dataset.world === "hall").textContent = waits ? "The hall: a plan waits" : "The hall";
  if (waits) at("waits-title").textContent = `Waits for your word: plan ${waits.plan}`;
  keep(at("waits-body"), waits ? [waits] : [], (plan) => String(plan.plan), drawWaits);
  at("runs-part").hidden = !runs.length;
  keep(at("runs"), runs, (run) => String(run.plan), drawRun);
  at("overrides-part").hidden = !overrides.length;
  keep(at("overrides"), overrides, (known) => `${known.user} ${known.role_id}`, drawOverride);
}
