/** One message as it looks on a screen. */
import { avatar, colorOf, el, icon } from "./dom.js";
import { formatted } from "./text.js";

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/**
 * @param view what the bubble needs of the screen it is on: `mine(content)`, `named` (a group: names are
 *   shown), `onTap(message, button, element)`, `onReply(message)`, `onCommand(text)`, `onJump(id)`.
 */
export function bubble(message, view) {
  const { content } = message;
  const service = serviceText(message);
  if (service) {
    return el("li", { class: "service", "data-testid": "service", "data-id": message.id }, el("span", {}, service));
  }
  const mine = view.mine(content);
  const sender = content.from ?? { id: 0, first_name: content.sender_chat?.title ?? "" };
  const row = el("li", {
    class: `row ${mine ? "mine" : "theirs"} kind-${message.kind}`,
    "data-testid": "message",
    "data-id": message.id,
    "data-sender": sender.id,
  });
  const box = el("div", { class: "bubble" });
  if (view.named && !mine) {
    row.append(sender.is_bot ? el("span", { class: "avatar bot", "aria-hidden": "true" }) : avatar(sender));
    const name = content.sender_chat ? `${content.sender_chat.title} (anonymous)` : sender.first_name;
    box.append(el("p", { class: "name", "--color": sender.is_bot ? "var(--accent)" : colorOf(sender) }, name));
  }
  if (content.forward_origin) {
    const from = content.forward_origin.sender_user?.first_name ?? "somebody";
    box.append(el("p", { class: "forwarded" }, `Forwarded from ${from}`));
  }
  box.append(...quoted(content, view), ...media(message));
  const words = content.text ?? content.caption;
  if (words) {
    const entities = content.entities ?? content.caption_entities;
    box.append(el("div", { class: "text", dir: "auto" }, ...formatted(words, entities, view.onCommand)));
  }
  box.append(meta(message));
  const column = el("div", { class: "column" }, box);
  if (message.reactions.length) box.append(reactions(message.reactions));
  column.append(...keyboard(message, view));
  const answer = el(
    "button",
    { type: "button", class: "reply", "aria-label": "Reply", title: "Reply", onclick: () => view.onReply(message) },
    icon("reply"),
  );
  row.append(column, answer);
  return row;
}

/** One line about a message: in thread lists and quotes. */
export function inShort(message) {
  const { content } = message;
  return serviceText(message) ?? content.text ?? content.caption ?? KINDS[message.kind] ?? message.kind;
}

const KINDS = {
  photo: "Photo",
  document: "Document",
  voice: "Voice message",
  video: "Video",
  video_note: "Video message",
  audio: "Audio",
  animation: "Animation",
  sticker: "Sticker",
  location: "Location",
  venue: "Place",
  contact: "Contact",
  dice: "Dice",
  poll: "Poll",
};

function kindOf(content) {
  return Object.keys(KINDS).find((kind) => kind in content) ?? "";
}

function serviceText({ content }) {
  const who = content.from?.first_name ?? "";
  if (content.forum_topic_created) return `Thread opened: ${content.forum_topic_created.name}`;
  if (content.forum_topic_edited?.name) return `Thread renamed: ${content.forum_topic_edited.name}`;
  if (content.forum_topic_edited) return "Thread changed";
  if (content.forum_topic_closed) return "Thread closed";
  if (content.forum_topic_reopened) return "Thread opened again";
  if (content.new_chat_members) return `${content.new_chat_members.map((one) => one.first_name).join(", ")} joined`;
  if (content.left_chat_member) return `${content.left_chat_member.first_name} left`;
  if (content.pinned_message) return `${who} pinned a message`;
  if (content.migrate_to_chat_id || content.migrate_from_chat_id) return "The group became a supergroup";
  return null;
}

function quoted(content, view) {
  const original = content.reply_to_message;
  if (!original || original.forum_topic_created) return [];
  const text = content.quote?.text ?? original.text ?? original.caption ?? KINDS[kindOf(original)] ?? "Message";
  const name = original.from?.first_name ?? "";
  return [
    el(
      "button",
      { type: "button", class: "quote", "data-testid": "quote", onclick: () => view.onJump(original.message_id) },
      el("strong", {}, name),
      el("span", {}, text),
    ),
  ];
}

function meta(message) {
  const when = new Date(message.content.date * 1000);
  return el(
    "p",
    { class: "meta" },
    message.edited ? el("span", { "data-testid": "edited" }, "edited ") : null,
    el("time", { datetime: when.toISOString() }, TIME.format(when)),
  );
}

function reactions(list) {
  const counted = new Map();
  for (const emoji of list) counted.set(emoji, (counted.get(emoji) ?? 0) + 1);
  return el(
    "p",
    { class: "reactions", "data-testid": "reactions", "aria-label": "Reactions" },
    ...[...counted].map(([emoji, count]) => el("span", {}, count > 1 ? `${emoji} ${count}` : emoji)),
  );
}

function keyboard(message, view) {
  const rows = message.content.reply_markup?.inline_keyboard;
  if (!rows) return [];
  return [
    el(
      "div",
      { class: "keyboard", role: "group", "aria-label": "Buttons" },
      ...rows.map((row) => el("div", {}, ...row.map((button) => inlineButton(message, button, view)))),
    ),
  ];
}

function inlineButton(message, button, view) {
  if (button.url) {
    const safe = /^https?:/i.test(button.url) ? button.url : undefined;
    return el("a", { class: "inline", href: safe, target: "_blank", rel: "noopener noreferrer" }, `${button.text} ↗`);
  }
  const attributes = { type: "button", class: `inline ${button.style ?? ""}`, "data-testid": "button", "data-data": button.callback_data };
  const shown = el("button", attributes, button.text);
  shown.addEventListener("click", () => view.onTap(message, button, shown));
  return shown;
}

function media(message) {
  const { content } = message;
  const show = SHOWN[message.kind];
  return show ? [show(content[message.kind], content)] : [];
}

const address = (file) => `/page/file/${encodeURIComponent(file.file_id)}`;

function size(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

function picture(file, alt) {
  const image = el("img", { src: address(file), alt, loading: "lazy", width: file.width, height: file.height });
  return el("a", { class: "photo", href: address(file), target: "_blank", rel: "noopener" }, image);
}

function attachment(file) {
  return el(
    "a",
    { class: "attachment", href: address(file), download: file.file_name ?? "file" },
    el("span", { class: "disc" }, icon("file")),
    el("span", { class: "what" }, el("strong", {}, file.file_name ?? "File"), el("span", {}, size(file.file_size))),
  );
}

function voice(file) {
  const bars = Array.from({ length: 28 }, (_, at) =>
    el("i", { "--height": `${20 + Math.abs(Math.sin(at * 1.7) * 50 + Math.cos(at * 0.6) * 30)}%` }),
  );
  const sound = new Audio();
  const play = el(
    "button",
    {
      type: "button",
      class: "disc",
      "aria-label": "Play the voice message",
      onclick: () => {
        sound.src = address(file);
        sound.play().catch(() => {});
      },
    },
    icon("play"),
  );
  const length = `0:${String(file.duration).padStart(2, "0")}`;
  return el("div", { class: "voice" }, play, el("span", { class: "wave", "aria-hidden": "true" }, ...bars), el("span", {}, length));
}

function place(location, title = "Location") {
  const where = `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
  return el(
    "div",
    { class: "place" },
    el("div", { class: "map", role: "img", "aria-label": "Map" }, icon("location")),
    el("p", {}, el("strong", {}, title), el("span", {}, where)),
  );
}

function contact(card) {
  const name = [card.first_name, card.last_name].filter(Boolean).join(" ");
  return el(
    "div",
    { class: "attachment" },
    el("span", { class: "disc" }, icon("contact")),
    el("span", { class: "what" }, el("strong", {}, name), el("span", {}, card.phone_number)),
  );
}

const SHOWN = {
  photo: (sizes) => picture(sizes.at(-1), "Photo"),
  sticker: (file) => el("span", { class: "sticker", role: "img", "aria-label": `Sticker ${file.emoji}` }, file.emoji),
  document: attachment,
  audio: attachment,
  video: attachment,
  video_note: attachment,
  animation: attachment,
  voice,
  location: (location) => place(location),
  venue: (venue) => place(venue.location, venue.title),
  contact,
  dice: (dice) => el("span", { class: "sticker" }, dice.emoji),
  poll: (poll) => el("p", { class: "text" }, `Poll: ${poll.question}`),
};
