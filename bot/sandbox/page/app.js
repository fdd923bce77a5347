/** Puts the screens together: three phones and the desk; on small windows one at a time. */
import { ChatView } from "./chat.js";
import { avatar, el } from "./dom.js";
import { Desk } from "./desk.js";
import { connect, listen, world } from "./world.js";

const LANGUAGES = { ka: "ქართული", az: "Azərbaycanca", hy: "Հայերեն", en: "English", ru: "Русский" };
const phones = new Map();
const unread = new Map();
let desk = null;
let current = null;

function phone(person) {
  const room = `person:${person.id}`;
  const chat = new ChatView({ room, writer: () => world.people.get(person.id), name: person.username });
  const element = el(
    "article",
    {
      class: "phone",
      "aria-label": `${person.first_name}'s phone`,
      lang: person.language_code,
      "data-testid": `phone-${person.username}`,
      "data-screen": person.username,
    },
    el(
      "header",
      { class: "bar" },
      avatar(person),
      el("div", { class: "who" }, el("h2", {}, person.first_name), el("p", {}, LANGUAGES[person.language_code] ?? "")),
    ),
    chat.element,
  );
  phones.set(room, { chat, name: person.username, person });
  return element;
}

function build() {
  phones.clear();
  unread.clear();
  const people = world.phones.map((id) => world.people.get(id));
  document.querySelector(".phones").replaceChildren(...people.map(phone));
  const root = document.querySelector(".desk");
  root.hidden = world.desk === null;
  desk = world.desk === null ? null : new Desk(root, (event) => event && news("desk", event));
  const screens = [...people.map((person) => ({ name: person.username, label: person.first_name, person }))];
  if (desk) screens.push({ name: "desk", label: "Desk" });
  const tabs = screens.map(({ name, label, person }) =>
    el(
      "button",
      { type: "button", role: "tab", id: `tab-${name}`, "data-testid": `tab-${name}`, "data-name": name, onclick: () => show(name) },
      person ? avatar(person) : null,
      el("span", {}, label),
      el("span", { class: "dot", hidden: true, role: "img", "aria-label": "unread" }),
    ),
  );
  const bar = document.querySelector(".tabs");
  bar.replaceChildren(...tabs);
  bar.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = screens.map(({ name }) => name);
    show(names[(names.indexOf(current) + step + names.length) % names.length]);
    bar.querySelector("[aria-selected=true]").focus();
  };
  show(screens.some(({ name }) => name === current) ? current : screens[0]?.name);
}

/** Bring a screen to the front; on wide windows all are there anyway, and this marks the one in use. */
function show(name) {
  current = name;
  unread.delete(name);
  for (const screen of document.querySelectorAll("[data-screen]")) {
    screen.classList.toggle("current", screen.dataset.screen === name);
  }
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const chosen = tab.dataset.name === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
  }
  document.body.dataset.screen = name === "desk" ? "desk" : "phone";
  showDots();
  for (const { chat } of phones.values()) chat.list.scrollTop = chat.list.scrollHeight;
  if (desk) desk.chat.list.scrollTop = desk.chat.list.scrollHeight;
}

function news(name, event) {
  if (event.what !== "message" || event.message.deleted || event.message.edited) return;
  const screen = document.querySelector(`[data-screen="${name}"]`);
  if (screen.offsetParent === null) {
    unread.set(name, (unread.get(name) ?? 0) + 1);
    showDots();
  }
}

function showDots() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.querySelector(".dot").hidden = !unread.has(tab.dataset.name);
  }
}

listen((event) => {
  if (event.what === "connection") {
    document.querySelector(".offline").hidden = event.open;
  } else if (event.what === "everything") {
    build();
  } else {
    const seen = phones.get(event.room);
    if (seen) {
      seen.chat.receive(event);
      if (event.what === "message" && event.message.content.from?.id !== seen.person.id) news(seen.name, event);
    }
    desk?.receive(event);
  }
});
connect();
