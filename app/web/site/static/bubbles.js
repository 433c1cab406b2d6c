// Draws messages. Whatever is in them stays text: nothing here ever parses markup.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Only addresses of the web are ever opened or loaded; our own are taken relative to this page, so
// that a page reached by another name of this machine still asks nobody else.
export function webAddress(address, own = "") {
  if (typeof address !== "string" || !/^(https?:\/\/|\/)/i.test(address)) return null;
  if (own && address.startsWith(`${own}/`)) return address.slice(own.length);
  return address;
}

const LINK = /https?:\/\/[^\s<>"']+/gi;

export function words(text, onLink) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    found.push(document.createTextNode(text.slice(from, match.index)));
    found.push(link(match[0], match[0], onLink));
    from = match.index + match[0].length;
  }
  found.push(document.createTextNode(text.slice(from)));
  return found;
}

function link(label, url, onLink, attributes = {}) {
  const anchor = make("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...attributes }, label);
  anchor.addEventListener("click", (event) => {
    if (onLink && onLink(url, anchor) === true) event.preventDefault();
  });
  return anchor;
}

export function choice(one, acts, attributes = {}) {
  if (one.url) {
    const url = webAddress(one.url, acts.own);
    return url === null ? null : link(one.label, url, acts.onLink, { class: "choice link", ...attributes });
  }
  const button = make("button", { type: "button", class: "choice", ...attributes }, one.label);
  button.addEventListener("click", () => acts.onTap(one, button));
  return button;
}

function choices(list, acts, className) {
  const drawn = (list || []).map((one) => choice(one, acts)).filter(Boolean);
  return drawn.length ? make("div", { class: className }, ...drawn) : null;
}

function picture(address, acts) {
  const src = webAddress(address, acts.own);
  return src === null ? null : make("img", { src, alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" });
}

function card(one, acts) {
  return make("article", { class: "card" },
    one.image ? make("div", { class: "picture" }, picture(one.image, acts)) : null,
    make("div", { class: "about" }, make("strong", {}, one.title), one.subtitle ? make("span", {}, one.subtitle) : null),
    choices(one.buttons, acts, "choices"));
}

// A message of either side. `message` is {text, image, buttons, chips, cards}.
export function bubble(message, side, acts = {}, label = "") {
  const drawn = make("div", { class: `message ${side}` });
  if (label) drawn.append(make("span", { class: "sr" }, `${label}: `));
  if (message.image) drawn.append(make("div", { class: "bubble photo" }, picture(message.image, acts)));
  if (message.text || message.buttons?.length) {
    const inside = make("div", { class: "bubble" });
    if (message.text) inside.append(make("p", {}, ...words(message.text, acts.onLink)));
    const buttons = choices(message.buttons, acts, "choices");
    if (buttons) inside.append(buttons);
    drawn.append(inside);
  }
  if (message.cards?.length) drawn.append(make("div", { class: "cards", tabindex: "0" }, ...message.cards.map((one) => card(one, acts))));
  const chips = choices(message.chips, acts, "chips");
  if (chips) drawn.append(chips);
  return drawn;
}

export function dots(label) {
  return make("div", { class: "message shop dots", role: "status", "aria-label": label },
    make("div", { class: "bubble" }, make("i"), make("i"), make("i")));
}

export function stayAtEnd(box) {
  box.scrollTo({ top: box.scrollHeight, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
