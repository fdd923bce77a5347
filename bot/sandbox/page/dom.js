/** Small makers of elements. Text always goes in as text nodes, never as HTML. */

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

const COLORS = {
  nino: "#cf4a5e",
  aysel: "#1f8a7d",
  ani: "#7b5cc4",
  levan: "#2f6fd6",
  tamar: "#b06a16",
  giorgi: "#3d7f3f",
  zaza: "#66727f",
};
const OTHER_COLORS = Object.values(COLORS);

export function colorOf(user) {
  return COLORS[user.username] ?? OTHER_COLORS[user.id % OTHER_COLORS.length];
}

export function avatar(user) {
  const letter = [...user.first_name][0] ?? "?";
  return el("span", { class: "avatar", "aria-hidden": "true", "--color": colorOf(user) }, letter);
}

/** A button that opens a small menu; Escape and a click elsewhere close it. `fill` makes the items anew. */
export function menuButton({ label, iconName, testid, fill }) {
  const list = el("div", { class: "menu", role: "menu", hidden: true });
  const button = el(
    "button",
    { type: "button", class: "round", "aria-label": label, title: label, "aria-expanded": "false", "data-testid": testid },
    icon(iconName),
  );
  const close = () => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  button.addEventListener("click", async () => {
    if (!list.hidden) return close();
    list.replaceChildren(...(await fill(close)));
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      button.focus();
    } else if (step) {
      event.preventDefault();
      items[(at + step + items.length) % items.length]?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close();
  });
  return el("div", { class: "with-menu" }, button, list);
}
