// The demo's page: shows what the events say, and sends each click. Text from outside only ever becomes text.
"use strict";

const at = (id) => document.getElementById(id);
const TITLES = ["", "Maker", "Pilot", "Keeper of the Light", "Honorary Harbour Seal of the Northern Breakwater"];
const SWITCHES = ["makers", "crew", "moderator", "admin", "suspended", "silenced"];
let view = null;
let clockAhead = 0;
const answers = new Map();

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
      else if (!isFirst) fresh.classList.add("new");
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
  if (done && !done.told) tell(`${words} The forum sends no webhook for this: the hall reads it in the staff log.`, "good");
  else if (done) tell(words, "good");
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

function drawPerson(person) {
  const name = nameOf(person);
  const state = !person.on_discord ? " · not on Discord" : person.linked ? "" : " · not linked yet";
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
    if (person.fixed && !person.groups.includes(what) && !["makers", "crew"].includes(what)) {
      chip.disabled = true;
      chip.title = "Acts for you here, so this stays";
    }
    chip.onclick = () => change(person, { act: "switch", what, on: !on }, `${person.username} is ${on ? "not " : ""}${["makers", "crew"].includes(what) ? "in " : ""}${what} ${on ? "any more" : "now"}.`);
    chips.append(chip);
  }
  const titles = make("select", { "aria-label": `Title of ${person.username}`, "data-focus": `title-${person.id}` });
  for (const title of TITLES.includes(person.title) ? TITLES : [...TITLES, person.title]) {
    titles.append(make("option", { value: title, selected: title === person.title }, title || "no title"));
  }
  titles.onchange = () => change(person, { act: "title", text: titles.value }, `${person.username} has ${titles.value ? `the title ${titles.value}` : "no title"} now.`);
  return make("li", {}, who(name, make("span", {}, "@", make("bdi", {}, person.username), state)), make("div", { className: "line" }, levels, titles), chips);
}

// The hall

const SIGNS = { give: "+", give_role: "+", take: "−", take_role: "−", nickname: "✎", link: "↔", unlink: "↮", refused: "!" };
const KINDS = { give: "give", give_role: "give", take: "take", take_role: "take", nickname: "give", link: "give", unlink: "take", refused: "wait" };

function roleName(name, color) {
  return make("strong", { className: "role" }, make("span", { className: "dot", color }), make("bdi", {}, name ?? "a role"));
}

function sentence(deed) {
  const person = make("bdi", { dir: "auto" }, deed.who);
  switch (deed.act) {
    case "give":
    case "give_role": return [person, " gets ", roleName(deed.role, deed.color)];
    case "take":
    case "take_role": return [person, " loses ", roleName(deed.role, deed.color)];
    case "nickname": return deed.nick ? [person, " is called ", make("strong", { dir: "auto" }, deed.nick)] : [person, " has their own name again"];
    case "link": return [person, " linked Discord and forum"];
    case "unlink": return [person, " unlinked"];
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
  return make("li", { className: KINDS[deed.act] ?? "wait" }, make("span", { className: "sign", "aria-hidden": "true" }, SIGNS[deed.act] ?? "!"),
    make("div", {}, make("p", { className: "tall" }, ...sentence(deed)), words, rule, deed.act.startsWith("link") || deed.act === "unlink" ? null : took(deed.after)));
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
  const read = hall.read_at_ms ? ` · read ${ago(hall.read_at_ms)}` : "";
  const waits = hall.waits_since_ms !== null && !view.forum.broken;
  const state = !hall.answers ? "opening" : view.forum.broken ? "keeps what it knows" : hall.changes.length ? `${hall.changes.length} to write`
    : hall.unread && hall.paced ? "waits its turn: 60 calls a minute" : hall.unread ? "about to read" : waits ? "waits for the staff log" : "in step";
  at("hall-state").textContent = view.busy ? view.busy + "…" : state + read;
  const left = hall.next_log_at_ms ? Math.max(0, Math.ceil((hall.next_log_at_ms - Date.now() - clockAhead) / 1000)) : null;
  at("clock").classList.toggle("waits", waits);
  const reads = left === null ? "every 30 s" : left > 0 ? `in ${left} s` : "now";
  at("clock-words").textContent = waits ? `No webhook tells of the last change. The hall reads the staff log ${reads}.` : `Reads the staff log ${reads}, for what webhooks leave out.`;
}

// Discord

/** Discord's markdown, as far as the hall writes it. */
function marked(text) {
  const parts = [];
  const pattern = /\*\*(.+?)\*\*|`([^`]+)`|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s)]+)\)|<t:(\d+)(?::([a-zA-Z]))?>|<@!?(\d+)>|<@&(\d+)>|\\([\\*_~`|><#\-[\]()@:+=.!])/g;
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
    const [, bold, code, words, address, moment, style, user, role, plain] = found;
    if (bold !== undefined) parts.push(make("strong", {}, ...marked(bold)));
    else if (code !== undefined) parts.push(make("code", {}, code));
    else if (address !== undefined) parts.push(make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...marked(words)));
    else if (moment !== undefined) parts.push(time(Number(moment) * 1000, style));
    else if (user !== undefined) parts.push(make("strong", {}, "@" + memberName(user)));
    else if (role !== undefined) parts.push(make("strong", {}, "@role"));
    else parts.push(plain);
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

function time(ms, style) {
  const moment = new Date(ms);
  const words = style === "t" || style === "T" ? moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }) : style === "D" || style === "d" ? moment.toLocaleDateString() : style === "R" ? relative(ms) : moment.toLocaleString();
  return make("time", { dateTime: moment.toISOString(), title: moment.toLocaleString() }, words);
}

function relative(ms) {
  const seconds = Math.round((ms - Date.now() - clockAhead) / 1000);
  const [size, unit] = Math.abs(seconds) >= 86400 ? [86400, "day"] : Math.abs(seconds) >= 3600 ? [3600, "hour"] : Math.abs(seconds) >= 60 ? [60, "minute"] : [1, "second"];
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

function memberName(id) {
  const all = view?.discord.groups.flatMap((group) => group.members) ?? [];
  return all.find((member) => member.id === id)?.shown ?? id;
}

function drawMessage(message, member, heading) {
  const box = make("div", { className: "answer" });
  if (heading) box.append(make("p", { className: "hint" }, heading));
  if (message.loading) box.append(make("p", { className: "hint" }, "Guildhall is thinking…"));
  if (message.content) box.append(make("p", { className: "said" }, ...marked(message.content)));
  for (const embed of message.embeds) {
    if (embed.title) box.append(make("h3", { dir: "auto" }, ...marked(embed.title)));
    if (embed.description) box.append(make("p", { className: "said" }, ...marked(embed.description)));
    if (embed.fields?.length) {
      box.append(make("dl", {}, ...embed.fields.map((field) => make("div", {}, make("dt", {}, ...marked(field.name)), make("dd", {}, ...marked(field.value))))));
    }
    if (embed.footer?.text) box.append(make("p", { className: "hint" }, embed.footer.text));
  }
  const buttons = message.components.flatMap((row) => row.components ?? [row]).filter((one) => one.type === 2);
  if (buttons.length) box.append(make("div", { className: "acts" }, ...buttons.map((button) => drawButton(button, message, member))));
  if (buttons.some((button) => button.url) && member.in_forum) {
    box.append(make("p", { className: "hint" }, `In the new tab: you are ${member.username} on Discord and ${member.in_forum} in the forum, with the password `, make("code", {}, "harbor lights 9"), "."));
  }
  return box;
}

function drawButton(button, message, member) {
  if (button.url) return make("a", { className: "button main slight", href: button.url, target: "_blank", rel: "noopener" }, button.label);
  const element = make("button", { type: "button", className: "plain slight", disabled: button.disabled === true }, button.label);
  element.onclick = async () => ask(member, { message: message.id, button: button.custom_id });
  return element;
}

async function ask(member, what) {
  answers.set(member.id, { waiting: true });
  showMembers();
  const reply = await send("/interact", { user: member.id, ...what });
  if (reply) answers.set(member.id, { reply });
  else answers.delete(member.id);
  showMembers();
}

function drawAnswer(member, answer) {
  if (answer.waiting) return make("div", { className: "answer", role: "status" }, make("p", { className: "hint" }, "Guildhall is thinking…"));
  const box = make("div", { className: "answer", role: "status" });
  const { reply } = answer;
  if (reply.problem) box.append(make("p", {}, reply.problem));
  for (const message of [reply.message, ...reply.follow_ups].filter(Boolean)) box.append(...drawMessage(message, member).childNodes);
  const close = make("button", { type: "button", className: "bare", "data-focus": `dismiss-${member.id}` }, "Dismiss");
  close.onclick = () => { answers.delete(member.id); showMembers(); };
  box.append(make("div", { className: "only" }, `Only ${member.username} sees this`, close));
  return box;
}

function drawMember(row) {
  const { member, answer } = row;
  const roles = member.roles.map((role) => role.name).join(", ") || "no role";
  const name = make("strong", { className: "nick tall", dir: "auto", color: member.color }, member.shown);
  if (member.owner) name.append(" ", make("span", { role: "img", "aria-label": "owns the server", title: "owns the server" }, "👑"));
  if (member.bot) name.append(make("span", { className: "tag" }, "BOT"));
  const item = make("li", {}, make("div", { className: "who" }, face(member.shown), make("div", {}, name, make("span", {}, make("bdi", {}, member.username), " · ", roles))));
  if (!member.bot) {
    const acts = make("div", { className: "acts" });
    for (const command of member.linked ? ["why", "profile", "unlink"] : ["link", "why"]) {
      const button = make("button", { type: "button", className: "plain slight", "data-focus": `${command}-${member.id}`, "aria-label": `/${command} as ${member.username}` }, `/${command}` + (command === "link" ? ` as ${member.username}` : ""));
      button.onclick = () => ask(member, { command });
      acts.append(button);
    }
    item.append(acts);
  }
  if (answer) item.append(drawAnswer(member, answer));
  else if (member.message) item.append(drawMessage(member.message, member, `Guildhall wrote to ${member.username}:`));
  return item;
}

function showMembers() {
  if (!view) return;
  const rows = view.discord.groups.map((group) => ({ name: group.name, rows: group.members.map((member) => ({ member, answer: answers.get(member.id) ?? null })) }));
  keep(at("members"), rows.map(({ name }) => ({ name })), (group) => group.name, (group) => {
    return make("section", { "aria-label": group.name }, make("h2", { className: "group" }), make("ul", { className: "rows" }));
  });
  for (const { name, rows: inside } of rows) {
    const section = [...at("members").children].find((child) => child.dataset.key === name);
    section.firstChild.textContent = `${name} — ${inside.length}`;
    keep(section.lastChild, inside, (row) => row.member.id, drawMember);
  }
}

function drawAudit(row) {
  const line = make("li", {}, row.hall ? make("b", {}, row.actor) : row.actor, ` ${row.did.sign} `, make("bdi", {}, row.did.what || "own name"), " → ", make("bdi", {}, row.target));
  if (row.reason) line.append(` “${row.reason}”`);
  return line;
}

// Together

function show() {
  keep(at("people"), view.forum.people, (person) => person.id, drawPerson);
  at("broken").hidden = !view.forum.broken;
  at("break").textContent = view.forum.broken ? "Mend the forum" : "Break the forum";
  at("again").disabled = Boolean(view.busy);
  keep(at("changes"), view.hall.changes, (change) => JSON.stringify([change.act, change.who, change.role]), drawDeed);
  keep(at("deeds"), view.hall.deeds, (deed) => String(deed.id), drawDeed);
  keep(at("findings"), view.hall.findings, (finding) => JSON.stringify(finding), drawFinding);
  keep(at("rules"), view.hall.rules, (rule) => rule.role, drawRule);
  const count = view.discord.groups.reduce((sum, group) => sum + group.members.length, 0);
  at("discord-state").textContent = `${view.discord.name} · ${count} members`;
  showMembers();
  keep(at("audit"), view.discord.audit, (row) => row.id, drawAudit);
  showClock();
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
    tell(mends ? "The forum answers again, and the hall reads everybody anew." : "The forum is broken. Change something: Discord keeps what it has.", "good");
  }
};
at("again").onclick = async () => { answers.clear(); tell("Starting over…", "good"); if (await send("/act", { act: "start-over" })) tell("Everything is as it was at the start.", "good"); };
at("read").onclick = () => send("/act", { act: "read-now" });
setInterval(showClock, 500);
follow();
