/** Telegram's text with entities as elements. Offsets count UTF-16 units, as JavaScript's strings do. */
import { el } from "./dom.js";

const SAFE_LINK = /^(https?:|tel:|mailto:)/i;
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** Nodes for a text; `onCommand(text)` is called when somebody taps a /command. */
export function formatted(text, entities = [], onCommand = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text, 0, text.length, sorted, onCommand);
}

function range(text, start, end, entities, onCommand) {
  const nodes = [];
  let at = start;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const last = Math.min(entity.offset + entity.length, end);
    if (entity.offset < at || entity.offset >= end) continue;
    nodes.push(text.slice(at, entity.offset));
    const inner = range(text, entity.offset, last, entities.slice(index + 1), onCommand);
    nodes.push(marked(entity, text.slice(entity.offset, last), inner, onCommand));
    // A block ends its line by itself.
    at = BLOCKS.has(entity.type) && text[last] === "\n" ? last + 1 : last;
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}

function marked(entity, plain, inner, onCommand) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, inner);
    case "url":
      return link(/^[a-z]+:/i.test(plain) ? plain : `https://${plain}`, inner);
    case "email":
      return link(`mailto:${plain}`, inner);
    case "phone_number":
      return link(`tel:${plain.replace(/[^\d+]/g, "")}`, inner);
    case "bot_command":
      return el("button", { type: "button", class: "command", onclick: () => onCommand(plain) }, ...inner);
    case "spoiler":
      return el("span", { class: "spoiler", tabindex: "0" }, ...inner);
    case "mention":
    case "hashtag":
      return el("span", { class: "mention" }, ...inner);
    default:
      return TAGS[entity.type] ? el(TAGS[entity.type], {}, ...inner) : el("span", {}, ...inner);
  }
}

function link(address, inner) {
  if (!SAFE_LINK.test(address)) return el("span", {}, ...inner);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...inner);
}
