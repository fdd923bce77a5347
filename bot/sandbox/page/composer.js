/** The field to write in, with what can be attached and the bot's menu of commands. */
import { inShort } from "./bubble.js";
import { el, icon, menuButton } from "./dom.js";
import { about, says, sends } from "./world.js";

const SAMPLES = [
  ["photo", "Photo"],
  ["document", "Document"],
  ["voice", "Voice message"],
  ["location", "Location"],
  ["contact", "Contact"],
  ["sticker", "Sticker"],
];

/**
 * @param options `place()` where it goes (person, room, thread), `writer()`, `command(text)` says a command,
 *   `name` for test ids.
 */
export function composer({ name, place, writer, command }) {
  let original = null;
  const field = el("textarea", {
    rows: "1",
    placeholder: "Message",
    "aria-label": "Message",
    "data-testid": `input-${name}`,
    maxlength: "4096",
    dir: "auto",
    autocomplete: "off",
  });
  const file = el("input", { type: "file", hidden: true, "data-testid": `file-${name}`, tabindex: "-1" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const quoteText = el("span");
  const quote = el(
    "div",
    { class: "answering", hidden: true },
    icon("reply"),
    quoteText,
    el("button", { type: "button", class: "round", "aria-label": "Do not reply", onclick: () => replyTo(null) }, icon("close")),
  );

  function replyTo(message) {
    original = message;
    quote.hidden = message === null;
    if (message !== null) {
      quoteText.textContent = inShort(message);
      field.focus();
    }
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
    form.classList.toggle("ready", field.value.trim() !== "");
  }

  async function tell(action) {
    problem.hidden = true;
    try {
      await action();
      return true;
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      return false;
    }
  }

  async function submit() {
    const text = field.value.trim();
    if (text === "") return;
    const answered = original;
    field.value = "";
    replyTo(null);
    grow();
    if (!(await tell(() => says(place(), text, answered?.id)))) {
      field.value = text;
      grow();
    }
  }

  async function sendChosen() {
    const [chosen] = file.files;
    if (!chosen) return;
    const kind = chosen.type.startsWith("image/") ? "photo" : "document";
    await tell(() => sends(place(), kind, chosen));
    file.value = "";
  }

  function attachments(close) {
    const item = (iconName, label, act) =>
      el(
        "button",
        { type: "button", role: "menuitem", "data-testid": `attach-${iconName}`, onclick: () => (close(), act()) },
        icon(iconName),
        label,
      );
    return [
      ...SAMPLES.map(([kind, label]) => item(iconOf(kind), label, () => tell(() => sends(place(), kind)))),
      item("upload", "Choose a file …", () => file.click()),
    ];
  }

  async function commands(close) {
    const { commands: known } = await about(writer().id);
    if (!known.length) return [el("p", {}, "The bot has no commands yet.")];
    return known.map((one) =>
      el(
        "button",
        { type: "button", role: "menuitem", onclick: () => (close(), command(`/${one.command}`)) },
        el("code", {}, `/${one.command}`),
        one.description,
      ),
    );
  }

  field.addEventListener("input", grow);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape") replyTo(null);
  });
  file.addEventListener("change", sendChosen);
  const form = el(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    quote,
    problem,
    el(
      "div",
      { class: "line" },
      menuButton({ label: "Commands", iconName: "menu", testid: `menu-${name}`, fill: commands }),
      field,
      menuButton({ label: "Attach", iconName: "attach", testid: `attach-${name}`, fill: attachments }),
      el("button", { type: "submit", class: "round send", "aria-label": "Send", title: "Send", "data-testid": `send-${name}` }, icon("send")),
    ),
    file,
  );
  const invite = (words) => field.setAttribute("placeholder", words);
  return { element: form, replyTo, invite, reset: () => replyTo(null) };
}

function iconOf(kind) {
  return kind === "document" ? "file" : kind;
}
