// The demo's right side: Discord's members, what the hall answers them, the audit log. Loaded before demo.js.
"use strict";

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

/** Sweden writes days as 2026-12-21 and hours as 21:05, which everybody reads alike. */
const DAYS = "sv-SE";
const SHORTLY_SAID = { dateStyle: "short", timeStyle: "short" };

function time(ms, style) {
  const moment = new Date(ms);
  const words = style === "t" || style === "T" ? moment.toLocaleTimeString(DAYS, { hour: "2-digit", minute: "2-digit" }) : style === "D" || style === "d" ? moment.toLocaleDateString(DAYS) : style === "R" ? relative(ms) : moment.toLocaleString(DAYS, SHORTLY_SAID);
  return make("time", { dateTime: moment.toISOString(), title: moment.toLocaleString(DAYS) }, words);
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
  forgetOldAnswers();
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

/** The answer with the address for linking has done its work once the person is linked. */
function forgetOldAnswers() {
  for (const member of view.discord.groups.flatMap((group) => group.members)) {
    const wasLinked = linkedBefore.has(member.id);
    if (member.linked && !wasLinked) answers.delete(member.id);
    if (member.linked) linkedBefore.add(member.id);
    else linkedBefore.delete(member.id);
  }
}

function drawAudit(row) {
  const line = make("li", {}, row.hall ? make("b", {}, row.actor) : row.actor, ` ${row.did.sign} `, make("bdi", {}, row.did.what || "own name"), " → ", make("bdi", {}, row.target));
  if (row.reason) line.append(` “${row.reason}”`);
  return line;
}
