import { bubble, dots, make, stayAtEnd } from "../bubbles.js";
import { Session, eventsOf, newId } from "./session.js";

const said = document.body.dataset;
const session = new Session(said.account);
const thread = document.querySelector(".thread");
const state = document.querySelector(".state");
const compose = document.querySelector(".compose");
const text = document.getElementById("text");
const seen = new Set();
let cursor = 0;
let typing = null;

const acts = {
  own: location.origin,
  onTap: (one, button) => {
    button.setAttribute("aria-busy", "true");
    setTimeout(() => button.removeAttribute("aria-busy"), 1500);
    send({ type: "tapped", token: one.token, label: one.label }, one.label);
  },
};

function draw(one) {
  seen.add(one.id);
  return bubble(one.message, one.side, acts, one.side === "shop" ? said.shopSays : said.you);
}

function show(one) {
  if (seen.has(one.id)) return;
  if (one.side === "shop") typingEnds();
  thread.append(draw(one));
  stayAtEnd(thread);
}

function typingBegins() {
  typingEnds();
  typing = { element: dots(said.shopSays), timer: setTimeout(typingEnds, 8000) };
  thread.append(typing.element);
  stayAtEnd(thread);
}

function typingEnds() {
  if (!typing) return;
  clearTimeout(typing.timer);
  typing.element.remove();
  typing = null;
}

async function send(act, words) {
  const item = { id: newId(), at: Date.now(), ...act };
  const drawn = draw({ id: `in-${item.id}`, side: "visitor", message: { text: words } });
  thread.append(drawn);
  stayAtEnd(thread);
  await post(item, drawn);
}

async function post(item, drawn) {
  drawn.classList.remove("failed");
  drawn.querySelector(".again")?.remove();
  try {
    await session.post(item);
    typingBegins();
  } catch {
    drawn.classList.add("failed");
    const again = make("button", { type: "button", class: "again" }, said.failed);
    again.addEventListener("click", () => post(item, drawn));
    drawn.append(again);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Reads the stream for ever; after every break it goes on behind the last message seen.
async function listen() {
  let wait = 500;
  for (;;) {
    try {
      const answer = await session.stream(cursor);
      for await (const event of eventsOf(answer)) {
        state.textContent = "";
        wait = 500;
        if (event.event === "expired") break;
        if (event.event !== "message" || !event.data) continue;
        const one = JSON.parse(event.data);
        cursor = Math.max(cursor, Number(event.id) || 0);
        show(one);
      }
    } catch {
      state.textContent = navigator.onLine ? said.waiting : said.offline;
      await pause(wait);
      wait = Math.min(wait * 2, 15000);
    }
  }
}

async function begin() {
  state.textContent = said.waiting;
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
    try {
      await session.open();
      const past = await session.history();
      // Before what may have been written meanwhile.
      thread.prepend(...past.messages.filter((one) => !seen.has(one.id)).map(draw));
      stayAtEnd(thread);
      cursor = past.cursor;
      break;
    } catch {
      await pause(wait);
    }
  }
  state.textContent = "";
  const ref = new URLSearchParams(location.search).get("ref");
  if (ref && seen.size === 0) session.post({ id: newId(), type: "arrived", ref, at: Date.now() }).catch(() => {});
  listen();
}

compose.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = "";
  send({ type: "said", text: words }, words);
});
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    compose.requestSubmit();
  }
});

if (window.parent !== window) {
  const shut = document.querySelector("[data-close]");
  const close = () => window.parent.postMessage({ dangol: "close" }, "*");
  shut.hidden = false;
  shut.addEventListener("click", close);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  window.addEventListener("message", (event) => {
    if (event.source === window.parent && event.data?.dangol === "opened") text.focus();
  });
}
begin();
