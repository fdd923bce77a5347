/** The consultants' forum group: its threads, the open one, and who is writing. */
import { inShort } from "./bubble.js";
import { ChatView } from "./chat.js";
import { avatar, colorOf, el, icon } from "./dom.js";
import { threadOf, world } from "./world.js";

const ROLES = { levan: "consultant", tamar: "consultant", giorgi: "admin", zaza: "stranger" };
const PRIVATE = -1;
const ORDER = ["levan", "tamar", "giorgi", "zaza"];

export class Desk {
  constructor(root, onUnread) {
    this.root = root;
    this.onUnread = onUnread;
    this.unread = new Map();
    this.thread = 0;
    this.writers = world.writers
      .map((id) => world.people.get(id))
      .sort((a, b) => ORDER.indexOf(a.username) - ORDER.indexOf(b.username));
    this.writer = this.writers[0];
    this.chat = new ChatView({ room: world.desk, writer: () => this.writer, named: true, name: "desk" });
    this.switch = el("div", { class: "writers", role: "radiogroup", "aria-label": "Who is writing" });
    this.threads = el("ul", { class: "threads", "aria-label": "Threads", "data-testid": "threads" });
    this.title = el("h3", { "data-testid": "thread-title" });
    const back = el("button", { type: "button", class: "round back", "aria-label": "Back to the threads", onclick: () => this.showList() }, icon("back"));
    root.replaceChildren(
      el(
        "header",
        { class: "bar" },
        el("span", { class: "avatar desk-avatar", "aria-hidden": "true" }, icon("contact")),
        el("div", { class: "who" }, el("h2", {}, world.rooms.get(world.desk).title), el("p", {}, "The consultants' group")),
        this.switch,
      ),
      el("div", { class: "split" }, this.threads, el("section", { class: "thread" }, el("header", {}, back, this.title), this.chat.element)),
    );
    this.showSwitch();
    this.showThreads();
    this.open(0, false);
  }

  receive(event) {
    const inPrivate = event.room === this.privateRoom();
    if (event.room !== world.desk && !inPrivate) return;
    const thread = inPrivate ? PRIVATE : event.what === "message" ? threadOf(event.message) : event.thread.id;
    if (event.what === "message" && thread !== this.thread && this.isNews(event.message)) {
      this.unread.set(thread, (this.unread.get(thread) ?? 0) + 1);
    }
    if (event.what === "thread" && event.thread.deleted && thread === this.thread) this.open(0);
    if (event.room === this.chat.room) this.chat.receive(event);
    this.showThreads();
    this.onUnread(event);
  }

  isNews({ content, deleted, edited, kind }) {
    return !deleted && !edited && content.from?.id !== this.writer.id && !kind.startsWith("forum_topic");
  }

  privateRoom() {
    return `person:${this.writer.id}`;
  }

  open(thread, show = true) {
    this.thread = thread;
    this.unread.delete(thread);
    const inPrivate = thread === PRIVATE;
    this.chat.turnTo({ room: inPrivate ? this.privateRoom() : world.desk, thread: Math.max(thread, 0), named: !inPrivate });
    if (show) this.root.classList.add("in-thread");
    this.showThreads();
    this.onUnread();
  }

  showList() {
    this.root.classList.remove("in-thread");
    this.threads.querySelector("[aria-current=true]")?.focus();
  }

  be(person) {
    this.writer = person;
    this.showSwitch();
    this.open(this.thread, false);
  }

  showSwitch() {
    const options = this.writers.map((person) => {
      const chosen = person.id === this.writer.id;
      return el(
        "button",
        {
          type: "button",
          role: "radio",
          "aria-checked": String(chosen),
          tabindex: chosen ? "0" : "-1",
          title: ROLES[person.username],
          "data-testid": `writer-${person.username}`,
          onclick: () => this.be(person),
        },
        avatar(person),
        el("span", {}, el("strong", {}, person.first_name), el("small", {}, ROLES[person.username] ?? "member")),
      );
    });
    this.switch.replaceChildren(...options);
    this.switch.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = this.writers.indexOf(this.writer);
      this.be(this.writers[(at + step + this.writers.length) % this.writers.length]);
      this.switch.querySelector("[aria-checked=true]").focus();
    };
  }

  showThreads() {
    const room = world.rooms.get(world.desk);
    const last = new Map();
    for (const message of room.messages.values()) last.set(threadOf(message), message);
    for (const message of world.rooms.get(this.privateRoom())?.messages.values() ?? []) last.set(PRIVATE, message);
    const threads = [...room.threads.values()].sort((a, b) => (last.get(b.id)?.id ?? b.id) - (last.get(a.id)?.id ?? a.id));
    const general = { id: 0, name: "General", color: "var(--muted)" };
    const own = { id: PRIVATE, name: `${this.writer.first_name}: private chat`, color: colorOf(this.writer) };
    const all = [...threads, general, own];
    const focused = this.threads.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    this.threads.replaceChildren(...all.map((thread) => el("li", {}, this.entry(thread, last.get(thread.id)))));
    if (focused) this.threads.querySelector(`[data-testid="${focused}"]`)?.focus();
    const current = all.find((thread) => thread.id === this.thread) ?? general;
    this.title.replaceChildren(sign(current), el("span", {}, current.name), current.closed ? icon("lock") : "");
  }

  entry(thread, message) {
    const unread = this.unread.get(thread.id);
    const test = { 0: "general", [PRIVATE]: "private" }[thread.id] ?? thread.id;
    return el(
      "button",
      {
        type: "button",
        "aria-current": String(thread.id === this.thread),
        "data-testid": `thread-${test}`,
        class: thread.closed ? "closed" : null,
        onclick: () => this.open(thread.id),
      },
      sign(thread),
      el("span", { class: "what" }, el("strong", {}, thread.name), el("span", {}, message ? inShort(message) : "")),
      thread.closed ? icon("lock") : null,
      unread ? el("span", { class: "unread", "aria-label": `${unread} unread` }, String(unread)) : null,
    );
  }
}

function sign(thread) {
  return el("span", { class: "sign", "aria-hidden": "true", "--color": thread.color }, thread.name.startsWith("#") ? "#" : [...thread.name][0]);
}
