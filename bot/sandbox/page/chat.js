/** A chat on a screen: its messages, the field to write in, the keyboard that the bot put there. */
import { bubble } from "./bubble.js";
import { composer } from "./composer.js";
import { el } from "./dom.js";
import { formatted } from "./text.js";
import { about, says, taps, threadOf, world } from "./world.js";

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });
const NEAR_THE_END = 120;
const TOAST_MILLISECONDS = 4000;

export class ChatView {
  /**
   * @param options `room` id, `writer()` the person who writes, `thread` id or 0, `named`: show names,
   *   `name` for test ids.
   */
  constructor({ room, writer, thread = 0, named = false, name }) {
    Object.assign(this, { room, writer, thread, named, name });
    this.list = el("ol", {
      class: "messages",
      role: "log",
      "aria-live": "polite",
      "aria-label": "Messages",
      tabindex: "0",
      "data-testid": `messages-${name}`,
    });
    this.toast = el("p", { class: "toast", role: "status", "data-testid": `toast-${name}`, hidden: true });
    this.composer = composer({
      name,
      place: () => this.place(),
      writer,
      command: (text) => this.say(text),
    });
    this.below = el("div", { class: "input-keyboard", hidden: true });
    this.element = el("div", { class: "chat" }, this.toast, this.list, this.below, this.composer.element);
    this.fill();
  }

  place() {
    return { person: this.writer().id, room: this.room, thread: this.thread };
  }

  /** Show another thread or be somebody else. */
  turnTo({ room = this.room, thread = this.thread, named = this.named }) {
    Object.assign(this, { room, thread, named });
    this.composer.reset();
    this.fill();
  }

  fill() {
    const room = world.rooms.get(this.room);
    const shown = room ? [...room.messages.values()].filter((message) => this.shows(message)) : [];
    this.list.replaceChildren();
    this.lastDay = "";
    for (const message of shown) this.append(message);
    this.showKeyboard(room);
    this.showThreadState(room);
    if (!shown.length) this.showEmpty();
    this.list.scrollTop = this.list.scrollHeight;
  }

  shows(message) {
    return !message.deleted && (this.thread === null || threadOf(message) === this.thread);
  }

  /** Take in an event of this room. */
  receive(event) {
    const room = world.rooms.get(this.room);
    if (event.what === "thread") return this.showThreadState(room);
    const { message } = event;
    const old = this.list.querySelector(`[data-id="${message.id}"]`);
    if (!this.shows(message)) {
      old?.remove();
      return;
    }
    if (old) {
      const focused = old.contains(document.activeElement);
      const fresh = this.rowOf(message);
      fresh.classList.toggle("joined", old.classList.contains("joined"));
      old.replaceWith(fresh);
      this.play(fresh, "changed");
      if (focused) fresh.querySelector("button.inline")?.focus();
    } else {
      const { scrollHeight, scrollTop, clientHeight } = this.list;
      const follow = scrollHeight - scrollTop - clientHeight < NEAR_THE_END || this.mine(message.content);
      this.list.querySelector(".empty")?.remove();
      this.play(this.append(message), "fresh");
      if (follow) this.toTheEnd();
    }
    this.showKeyboard(room);
  }

  append(message) {
    const day = DAY.format(message.content.date * 1000);
    if (day !== this.lastDay) {
      const label = day === DAY.format(Date.now()) ? "Today" : day;
      this.list.append(el("li", { class: "day" }, el("span", {}, label)));
      this.lastDay = day;
    }
    const row = this.rowOf(message);
    const before = this.list.lastElementChild;
    const together = before?.dataset.sender === row.dataset.sender && !before?.querySelector(".keyboard");
    row.classList.toggle("joined", together);
    this.list.append(row);
    return row;
  }

  rowOf(message) {
    return bubble(message, {
      named: this.named,
      mine: (content) => this.mine(content),
      onTap: (tapped, button, shown) => this.tap(tapped, button, shown),
      onReply: (original) => this.composer.replyTo(original),
      onCommand: (text) => this.say(text),
      onJump: (id) => this.jump(id),
    });
  }

  mine(content) {
    return content.from?.id === this.writer().id;
  }

  async say(text) {
    try {
      await says(this.place(), text);
    } catch (error) {
      this.showToast(error.message);
    }
  }

  async tap(message, button, shown) {
    shown.classList.add("waiting");
    try {
      const answer = await taps(this.place(), message.id, button.callback_data);
      if (answer.text) this.showToast(answer.text, answer.show_alert);
    } catch (error) {
      this.showToast(error.message);
    } finally {
      shown.classList.remove("waiting");
    }
  }

  jump(id) {
    const row = this.list.querySelector(`[data-id="${id}"]`);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    this.play(row, "pointed");
  }

  /** Animate a row once, if anybody sees it. */
  play(row, name) {
    if (this.list.offsetParent === null) return;
    row.classList.add(name);
    row.addEventListener("animationend", () => row.classList.remove(name), { once: true });
  }

  toTheEnd() {
    this.list.scrollTop = this.list.scrollHeight;
  }

  showToast(text, alert = false) {
    if (alert) {
      const dialog = document.querySelector("dialog.alert");
      dialog.querySelector("p").textContent = text;
      dialog.showModal();
      return;
    }
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.hiding);
    this.hiding = setTimeout(() => (this.toast.hidden = true), TOAST_MILLISECONDS);
  }

  showThreadState(room) {
    this.composer.invite(room?.threads.get(this.thread)?.closed ? "The thread is closed" : "Message");
  }

  showKeyboard(room) {
    const rows = room?.keyboard?.keyboard;
    this.below.hidden = !rows;
    if (!rows) return;
    this.below.replaceChildren(
      ...rows.map((row) =>
        el("div", {}, ...row.map(({ text }) => el("button", { type: "button", onclick: () => this.say(text) }, text))),
      ),
    );
  }

  async showEmpty() {
    if (this.room.startsWith("group:")) {
      this.list.append(el("li", { class: "empty" }, el("p", {}, "Nothing here yet.")));
      return;
    }
    const start = el("button", { type: "button", class: "start", "data-testid": `start-${this.name}`, onclick: () => this.say("/start") }, "Start");
    const words = el("p", { dir: "auto" });
    const card = el("li", { class: "empty" }, words, start);
    this.list.append(card);
    const { description } = await about(this.writer().id);
    words.append(...formatted(description || "No messages here yet. Press Start, or simply ask a question."));
  }
}
