// Middle: the shopper's phone, the thread and the browser that the chat app opens.
import { bubble, dots, make, stayAtEnd, webAddress } from "../bubbles.js";
import { act } from "./server.js";
import { avatar, clock, toast } from "./parts.js";
import { t } from "./words.js";

const thread = document.querySelector(".thread");
const form = document.querySelector(".say");
const input = document.getElementById("say");
const browser = document.querySelector(".browser");
const face = document.querySelector(".shop-avatar");
let stage = null;
let owner = "";
let typing = null;
let opener = null;
let lastSeen = "";

const acts = {
  get own() { return stage.origin; },
  onTap: async (one, button) => {
    button.setAttribute("aria-busy", "true");
    try {
      await act(stage.person, { do: "tap", token: one.token, message: button.closest("[data-id]").dataset.id });
    } catch (error) {
      toast(error.message);
    }
    button.removeAttribute("aria-busy");
  },
  onLink: (url, anchor) => openSheet(url, anchor),
};

export function drawPhone(view, around) {
  stage = around;
  const who = `${stage.person}/${document.documentElement.lang}`;
  if (who !== owner) {
    owner = who;
    thread.replaceChildren();
    closeSheet();
    document.querySelector(".dm-name").textContent = stage.shopName;
    document.querySelector(".dm-who").textContent = `${view.shop} · ${t("dmWho")}`;
    face.replaceChildren(avatar(view.shop, "ring"));
    input.placeholder = t("write");
    thread.setAttribute("aria-label", t("phone"));
    lastSeen = view.thread.filter((one) => one.side === "shop").at(-1)?.id || "";
  }
  document.querySelector(".status time").textContent = clock(view.now, view.zone);
  return messages(view);
}

// Adds what is new; how many of those came from the shop.
function messages(view) {
  thread.querySelector(".empty")?.remove();
  if (!view.thread.length) thread.append(make("p", { class: "empty note" }, t("empty")));
  let fresh = 0;
  for (const one of view.thread) {
    const known = thread.querySelector(`[data-id="${CSS.escape(one.id)}"]`);
    if (known) {
      if (known.dataset.text !== one.message.text) known.replaceWith(draw(one));
      continue;
    }
    typingEnds();
    thread.append(draw(one));
    if (one.side === "shop" && one.id !== lastSeen) fresh += 1;
  }
  oldChipsGo(view);
  marks(view);
  if (view.typing && !typing) typing = thread.appendChild(dots(t("typing")));
  if (!view.typing) typingEnds();
  else if (typing) thread.append(typing);
  if (fresh || view.typing) stayAtEnd(thread);
  if (fresh) seen(view);
  return fresh;
}

function draw(one) {
  const drawn = bubble(one.message, one.side, acts, t(one.side === "shop" ? "shopSays" : "you"));
  drawn.dataset.id = one.id;
  drawn.dataset.text = one.message.text;
  return drawn;
}

function typingEnds() {
  typing?.remove();
  typing = null;
}

// Chips are there only under the last message, as on the platform.
function oldChipsGo(view) {
  const last = view.thread.at(-1)?.id;
  for (const chips of thread.querySelectorAll(".chips")) if (chips.closest("[data-id]").dataset.id !== last) chips.remove();
}

function marks(view) {
  thread.querySelector(".mark-line")?.remove();
  const mine = view.thread.findLastIndex((one) => one.side === "visitor");
  if (mine < 0) return;
  const answered = view.thread.slice(mine + 1).some((one) => one.side === "shop");
  thread.querySelector(`[data-id="${CSS.escape(view.thread[mine].id)}"]`)?.after(make("span", { class: "mark-line" }, t(answered ? "seen" : "delivered")));
}

// The platform tells the shop when a message was looked at.
let seenTimer = 0;
function seen(view) {
  const last = view.thread.filter((one) => one.side === "shop").at(-1)?.id || "";
  if (!last || last === lastSeen) return;
  lastSeen = last;
  clearTimeout(seenTimer);
  const person = stage.person;
  seenTimer = setTimeout(() => act(person, { do: "read" }).catch(() => {}), 900);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  try {
    await act(stage.person, { do: "say", text });
  } catch (error) {
    input.value = text;
    toast(error.message);
  }
});

// --- the browser inside the chat ---------------------------------------------------------------

function openSheet(url, from) {
  const address = webAddress(url, stage.origin);
  if (address === null || !address.startsWith("/")) return false; // another site opens in a tab
  opener = from;
  browser.querySelector("iframe")?.remove();
  browser.querySelector(".where span").textContent = new URL(address, stage.origin || location.origin).host;
  const frame = make("iframe", { src: address, title: from.textContent });
  browser.append(frame);
  browser.setAttribute("aria-label", from.textContent);
  browser.hidden = false;
  frame.focus({ preventScroll: true });
  return true;
}

function closeSheet() {
  if (browser.hidden) return;
  browser.hidden = true;
  browser.querySelector("iframe")?.remove();
  opener?.focus?.({ preventScroll: true });
  stayAtEnd(thread);
}

browser.querySelector(".shut").addEventListener("click", closeSheet);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !browser.hidden) closeSheet(); });
window.addEventListener("message", (event) => {
  const frame = browser.querySelector("iframe");
  if (event.origin === location.origin && event.source === frame?.contentWindow && event.data?.dangol === "close") closeSheet();
});
