// The demo's page: shows what the events say, and sends each click. Text from outside only ever becomes text.
"use strict";

const at = (id) => document.getElementById(id);
const TITLES = ["", "Maker", "Pilot", "Keeper of the Light", "Honorary Harbour Seal of the Northern Breakwater"];
const SWITCHES = ["makers", "crew", "moderator", "admin", "suspended", "silenced"];
/** How many of the hall's deeds are shown before one asks for more. */
const SHORTLY = 9;
let view = null;
let clockAhead = 0;
const answers = new Map();
const linkedBefore = new Set();
let shownDeeds = SHORTLY;
let newestDeed = null;

/** An element with properties, `data-…` and `aria-…` attributes, and what is inside it. */
function make(tag, properties, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.includes("-")) element.setAttribute(name, value);
    else if (name === "color") paint(element, value);
    else element[name] = value;
  }
  element.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
  return element;
}

function paint(element, color) {
  if (color) element.style.setProperty("--role", "#" + color.toString(16).padStart(6, "0"));
}

/** Shows a list, one element a row: rows that say the same stay, so that focus and open menus do. */
function keep(list, rows, key, draw) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  const focused = document.activeElement?.dataset?.focus;
  const isFirst = list.dataset.drawn === undefined;
  list.dataset.drawn = "";
  let before = null;
  for (const row of rows) {
    const name = key(row);
    const said = JSON.stringify(row);
    let element = old.get(name);
    if (!element || element.said !== said) {
      const fresh = draw(row);
      fresh.dataset.key = name;
      fresh.said = said;
      if (element) element.replaceWith(fresh);
      else if (!isFirst) flash(fresh);
      element = fresh;
    }
    old.delete(name);
    const place = before ? before.nextSibling : list.firstChild;
    if (element !== place) list.insertBefore(element, place);
    before = element;
  }
  for (const gone of old.values()) gone.remove();
  if (focused && document.activeElement?.dataset?.focus !== focused) {
    list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** Marks what is new for a moment. */
function flash(element) {
  element.classList.add("new");
  element.onanimationend = () => element.classList.remove("new");
}

async function send(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) {
      tell(said.refused ?? "That did not work.", "bad");
      return null;
    }
    return said;
  } catch {
    tell("The demo does not answer any more. Is it still running?", "bad");
    return null;
  }
}

function tell(words, kind) {
  at("latest").className = "latest " + kind;
  at("latest").textContent = words;
}

async function change(person, body, words) {
  const done = await send("/act", { ...body, person: person.id });
  if (done) tell(`${words} ${whatFollows(person, body, done)}`, "good");
}

/** What a person may expect of a click, in one sentence. */
function whatFollows(person, body, done) {
  if (!person.on_discord) return `${person.username} is not on Discord: nothing changes there.`;
  if (!done.linked) return `${person.username} is not linked: nothing changes on Discord.`;
  if (done.broken) return "The forum does not answer the hall, so Discord stays as it is.";
  if (body.act === "title" && !done.title_fits) return "Discord's names have at most 32 characters, so the nickname goes without it.";
  if (!done.told) return "The forum sends no webhook for this: the hall reads it in the staff log.";
  return "";
}

// The forum

const nameOf = (person) => person.name || person.username;

function face(name) {
  const letters = name.split(/\s+/).filter(Boolean).map((word) => [...word].find((letter) => /\p{L}|\p{N}/u.test(letter))).filter(Boolean);
  return make("div", { className: "face", "aria-hidden": "true" }, letters.slice(0, 2).join("").toUpperCase() || "?");
}

function who(name, under, extra) {
  return make("div", { className: "who" }, face(name), make("div", {}, make("strong", { className: "tall", dir: "auto" }, name), make("span", {}, under), extra));
}

function drawPerson({ person, member }) {
  const name = nameOf(person);
  const state = !person.on_discord ? " · not on Discord" : person.linked ? "" : " · not linked yet";
  const about = person.about ? make("span", { className: "about" }, person.about) : null;
  const unread = person.unread ? make("span", { className: "unread" }, "The hall has not read the last change yet.") : null;
  const levels = make("div", { className: "levels", role: "group", "aria-label": `Trust level of ${person.username}` });
  for (const level of [0, 1, 2, 3, 4]) {
    const button = make("button", { type: "button", "aria-pressed": String(level === person.level), "data-focus": `level-${person.id}-${level}`, title: `Trust level ${level}` }, String(level));
    button.onclick = () => level !== person.level && change(person, { act: "level", value: level }, `${person.username} has trust level ${level} now.`);
    levels.append(button);
  }
  const chips = make("div", { className: "chips", role: "group", "aria-label": `Groups and standing of ${person.username}` });
  for (const what of SWITCHES) {
    const on = what in person ? person[what] : person.groups.includes(what);
    const hard = what === "suspended" || what === "silenced";
    const chip = make("button", { type: "button", className: hard ? "chip hard" : "chip", "aria-pressed": String(on), "data-focus": `${what}-${person.id}` }, what);
    if (person.fixed && !["makers", "crew"].includes(what)) chip.disabled = true;
    chip.onclick = () => change(person, { act: "switch", what, on: !on }, `${person.username} is ${on ? "not " : ""}${["makers", "crew"].includes(what) ? "in " : ""}${what} ${on ? "any more" : "now"}.`);
    chips.append(chip);
  }
  const titles = make("select", { "aria-label": `Title of ${person.username}`, "data-focus": `title-${person.id}` });
  for (const title of TITLES.includes(person.title) ? TITLES : [...TITLES, person.title]) {
    titles.append(make("option", { value: title, selected: title === person.title }, title || "no title"));
  }
  titles.onchange = () => change(person, { act: "title", text: titles.value }, `${person.username} has ${titles.value ? `the title ${titles.value}` : "no title"} now.`);
  const under = make("span", {}, "@", make("bdi", {}, person.username), state);
  return make("li", {}, who(name, under, about), make("div", { className: "line" }, levels, titles), chips, unread, person.linked && member ? drawBeside(member) : null);
}

/** What the person looks like on Discord, for screens that show one world at a time. */
function drawBeside(member) {
  const roles = member.roles.map((role) => make("span", { className: "role" }, make("span", { className: "dot", color: role.color }), make("bdi", {}, role.name)));
  return make("p", { className: "beside" }, "On Discord: ", make("strong", { className: "short", dir: "auto" }, member.shown), ...roles);
}

// The hall

const SIGNS = { override_give: "+", override_take: "−", end_override: "↺", confirm_role: "✓", give: "+", give_role: "+", take: "−", take_role: "−", nickname: "✎", link: "↔", unlink: "↮", refused: "!" };
const KINDS = { override_give: "wait", override_take: "wait", end_override: "wait", confirm_role: "give", give: "give", give_role: "give", take: "take", take_role: "take", nickname: "give", link: "give", unlink: "take", refused: "wait" };

function roleName(name, color) {
  return make("strong", { className: "role" }, make("span", { className: "dot", color }), make("bdi", {}, name ?? "a role"));
}

function sentence(deed) {
  const person = make("bdi", { dir: "auto", className: "short" }, deed.who);
  switch (deed.act) {
    case "give":
    case "give_role": return [person, " gets ", roleName(deed.role, deed.color)];
    case "take":
    case "take_role": return [person, " loses ", roleName(deed.role, deed.color)];
    case "nickname": return deed.nick ? [person, " is called ", make("strong", { dir: "auto", className: "short" }, deed.nick)] : [person, " has their own name again"];
    case "link": return [person, " linked Discord and forum"];
    case "unlink": return [person, " unlinked"];
    case "override_give": return [person, " was given ", roleName(deed.role, deed.color), " by hand: an override lets them keep it"];
    case "override_take": return [person, " lost ", roleName(deed.role, deed.color), " by hand: an override keeps it away"];
    case "end_override": return ["The override for ", person, ", ", deed.role ? roleName(deed.role, deed.color) : "nickname", ", has ended"];
    case "confirm_role": return [person, " may have ", roleName(deed.role, deed.color), ": an admin agreed"];
    default: return [person, ": not written"];
  }
}

function took(after) {
  if (!after) return null;
  const seconds = (after.ms / 1000).toFixed(after.ms < 10000 ? 2 : 0);
  return make("span", { className: "took num" }, `written ${seconds} s after ${after.what}`);
}

function drawDeed(deed) {
  const because = deed.refused ?? deed.because;
  const words = because ? make("p", { className: "because" }, `because ${because}`) : null;
  const rule = deed.rule ? make("p", { className: "because" }, "rule ", make("code", {}, deed.rule)) : null;
  const title = deed.title_left_out ? make("p", { className: "because" }, `without the title “${deed.title_left_out}”: with it the name has more than 32 characters`) : null;
  return make("li", { className: KINDS[deed.act] ?? "wait" }, make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[deed.act] ?? "!"),
    make("div", {}, make("p", {}, ...sentence(deed)), words, title, rule, deed.act.startsWith("link") || deed.act === "unlink" ? null : took(deed.after)));
}

function findingWords(finding) {
  const role = `“${finding.role}”`;
  switch (finding.finding) {
    case "nickname_cannot_follow": return finding.owner
      ? [`${finding.who}: the nickname stays as it is`, "They own this server, and Discord lets nobody rename the owner. Their roles follow all the same."]
      : [`${finding.who}: the nickname stays as it is`, "They stand above the hall's own role, and Discord lets a bot rename only members below it. Their roles follow all the same."];
    case "role_too_high": return [`The role ${role} cannot be given`, "It stands above the hall's own role. In Server Settings → Roles one drags the hall's role above it."];
    case "role_missing": return [`There is no role named ${role}`, "Create it, or correct its name in the settings."];
    case "role_ambiguous": return [`Several roles are named ${role}`, "Rename all but one of them."];
    case "role_owned_by_integration": return [`The role ${role} belongs to an integration`, "Discord lets nobody else give it."];
    case "role_dangerous": return [`The role ${role} carries permissions over the community`, "The hall does not give it."];
    case "role_renamed": return [`The role ${role} is called “${finding.now}” now`, "The rule goes on."];
    case "permission_missing": return [`The hall lacks the permission ${finding.permission}`, "Invite it again."];
    case "guild_unreadable": return ["The server cannot be read at the moment", "Nothing is changed."];
    default: return [finding.finding, ""];
  }
}

function drawFinding(finding) {
  const [what, why] = findingWords(finding);
  return make("li", { className: "wait" }, make("span", { className: "sign", "aria-hidden": "true" }, "!"), make("div", {}, make("p", { dir: "auto" }, what), make("p", { className: "because" }, why)));
}

function drawRule(rule) {
  return make("li", {}, make("b", {}, rule.role), make("span", {}, rule.when));
}

function ago(ms) {
  const seconds = Math.max(0, Math.round((Date.now() + clockAhead - ms) / 1000));
  return seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

function showClock() {
  if (!view) return;
  const hall = view.hall;
  const { broken } = view.forum;
  const read = hall.read_at_ms ? ` · the forum ${broken ? "last answered" : "answered"} ${ago(hall.read_at_ms)}` : "";
  at("hall-state").textContent = (view.busy ? view.busy + "…" : stateOf(hall, broken)) + read;
  const left = hall.next_log_at_ms ? Math.max(0, Math.ceil((hall.next_log_at_ms - Date.now() - clockAhead) / 1000)) : null;
  const waits = hall.waits_for_log || broken;
  at("clock").classList.toggle("waits", waits);
  const reads = left === null ? "every 30 s" : left > 0 ? `in ${left} s` : "now";
  at("clock-words").textContent = broken ? "The forum does not answer. The hall keeps what it knows and tries again by itself."
    : waits ? `No webhook tells of the last change. The hall reads the staff log ${reads}.` : `Reads the staff log ${reads}, for what webhooks leave out.`;
  at("read").disabled = broken;
}

/** Where the hall stands, in a few words. */
function stateOf(hall, broken) {
  if (!hall.answers) return "opening";
  if (broken) return "keeps what it knows";
  if (hall.changes.length) return `${hall.changes.length} to write`;
  if (!hall.unread.length) return hall.desk.waits ? `in step, ${hall.desk.waits.count} wait for you` : "in step";
  if (hall.waits_for_log) return "waits for the staff log";
  const whom = hall.unread.length > 2 ? `${hall.unread.length} people` : hall.unread.join(" and ");
  return hall.paced ? `waits its turn to read ${whom}: at most 20 calls in 10 s, 60 a minute` : `about to read ${whom}`;
}

// Together

function show() {
  const members = new Map(view.discord.groups.flatMap((group) => group.members).map((member) => [member.id, member]));
  keep(at("people"), view.forum.people.map((person) => ({ person, member: members.get(person.user) ?? null })), (row) => row.person.id, drawPerson);
  at("broken").hidden = !view.forum.broken;
  at("break").textContent = view.forum.broken ? "Mend the forum" : "Break the forum";
  at("again").disabled = Boolean(view.busy);
  keep(at("changes"), view.hall.changes, (change) => JSON.stringify([change.act, change.who, change.role]), drawDeed);
  showDesk();
  showDeeds();
  keep(at("findings"), view.hall.findings, (finding) => JSON.stringify(finding), drawFinding);
  keep(at("rules"), view.hall.rules, (rule) => rule.role, drawRule);
  const count = view.discord.groups.reduce((sum, group) => sum + group.members.length, 0);
  at("discord-state").textContent = `${view.discord.name} · ${count} members`;
  showMembers();
  keep(at("audit"), view.discord.audit, (row) => row.id, drawAudit);
  showClock();
}

function showDeeds() {
  const { deeds } = view.hall;
  keep(at("deeds"), deeds.slice(0, shownDeeds), (deed) => String(deed.id), drawDeed);
  at("earlier").hidden = deeds.length <= SHORTLY;
  at("earlier").textContent = shownDeeds > SHORTLY ? "Show only the newest" : `Show ${deeds.length - SHORTLY} earlier`;
  at("earlier").setAttribute("aria-expanded", String(shownDeeds > SHORTLY));
  const newest = deeds[0]?.id ?? null;
  if (newestDeed !== null && newest !== newestDeed) {
    for (const tab of tabs()) tab.classList.toggle("news", tab.getAttribute("aria-pressed") === "false" && tab.dataset.world !== "forum");
  }
  newestDeed = newest;
}

const tabs = () => [...at("tabs").children];

/** On small screens one world is shown at a time. */
function choose(tab) {
  for (const other of tabs()) other.setAttribute("aria-pressed", String(other === tab));
  tab.classList.remove("news");
  at("worlds").dataset.shows = tab.dataset.world;
}

function follow() {
  const events = new EventSource("/events");
  events.onmessage = (event) => {
    const said = JSON.parse(event.data);
    if (!said.view.forum) return;
    clockAhead = said.now_ms - Date.now();
    view = said.view;
    show();
  };
  events.onerror = () => tell("The demo does not answer any more. Is it still running?", "bad");
  events.onopen = () => { if (at("latest").classList.contains("bad")) tell("", "good"); };
}

at("break").onclick = async () => {
  const mends = Boolean(view?.forum.broken);
  if (await send("/act", { act: mends ? "mend" : "break" })) {
    tell(mends ? "The forum answers again, and the hall reads everybody anew." : "The forum answers with errors now. Change something: Discord keeps what it has.", "good");
  }
};
at("again").onclick = async () => { answers.clear(); tell("Starting over…", "good"); if (await send("/act", { act: "start-over" })) tell("The forum is as it was at the start. What you decided about roles stays decided.", "good"); };
at("read").onclick = () => send("/act", { act: "read-now" });
at("earlier").onclick = () => { shownDeeds = shownDeeds > SHORTLY ? SHORTLY : Infinity; showDeeds(); };
for (const tab of tabs()) tab.onclick = () => choose(tab);
setInterval(showClock, 500);
follow();
