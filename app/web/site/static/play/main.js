import { cast, killWorker, setSwitch, watch } from "./server.js";
import { drawHood } from "./hood.js";
import { drawPhone } from "./phone.js";
import { drawPost } from "./post.js";
import { drawShop } from "./shop.js";
import { hideToast, toast } from "./parts.js";
import { speak, spoken, t } from "./words.js";

const KEEP = "dangol.play";
const narrow = matchMedia("(max-width: 1079px)");
const stage = { origin: document.body.dataset.origin, person: "", name: "", shopName: "hanok.coffee" };
const kept = recall();

function recall() {
  try { return JSON.parse(sessionStorage.getItem(KEEP)) || {}; } catch { return {}; }
}

function remember() {
  try { sessionStorage.setItem(KEEP, JSON.stringify({ person: stage.person, name: stage.name, language: spoken() })); } catch { /* it starts anew after a reload */ }
}

function draw(view) {
  stage.shopName = view.handle || stage.shopName;
  drawPost(view, stage);
  const fresh = drawPhone(view, stage);
  drawShop(view, stage);
  drawHood(view);
  for (const box of document.querySelectorAll("[data-switch]")) box.checked = view.switches[box.dataset.switch];
  countFaults();
  if (fresh && narrow.matches && page() !== "phone-pane") {
    badge(fresh);
    toast(t("newMessage", { name: stage.shopName }), () => turnTo("phone-pane"));
  }
}

function follow() {
  remember();
  watch(stage.person, spoken(), draw, (up) => {
    document.body.classList.toggle("away", !up);
    if (!up) toast(t("offline"));
  });
}

async function play(known, quiet = false) {
  try {
    const given = await cast(known);
    if (!given.person) {
      toast(t("noRegular"));
      return;
    }
    stage.person = given.person;
    stage.name = given.name;
    document.getElementById("new-shopper").setAttribute("aria-pressed", String(!known));
    document.getElementById("known-shopper").setAttribute("aria-pressed", String(known));
    if (!quiet) toast(t(known ? "knownHello" : "newHello", { name: given.name }));
    follow();
  } catch (error) {
    toast(error.message);
  }
}

function talk(language) {
  speak(language);
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(button.dataset.language === spoken()));
}

// --- controls -----------------------------------------------------------------------------------

document.getElementById("new-shopper").addEventListener("click", () => play(false));
document.getElementById("known-shopper").addEventListener("click", () => play(true));
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => { talk(button.dataset.language); if (stage.person) follow(); });
}

const faults = document.querySelector(".faults");
for (const box of document.querySelectorAll("[data-switch]")) {
  box.addEventListener("change", () => setSwitch(box.dataset.switch, box.checked).then(countFaults, (error) => toast(error.message)));
}
function countFaults() {
  const on = document.querySelectorAll("[data-switch]:checked").length;
  const count = faults.querySelector(".count");
  count.textContent = on;
  count.hidden = on === 0;
}
document.getElementById("kill").addEventListener("click", () => {
  killWorker().then(() => toast(t("killed")), (error) => toast(error.message));
});
document.addEventListener("click", (event) => { if (!faults.contains(event.target)) faults.open = false; });
faults.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  faults.open = false;
  faults.querySelector("summary").focus();
});

const tabs = [...document.querySelectorAll("[role=tab]")];
function choose(tab) {
  for (const one of tabs) {
    const on = one === tab;
    one.setAttribute("aria-selected", String(on));
    one.tabIndex = on ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !on;
  }
}
tabs.forEach((tab, at) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = event.key === "Home" ? tabs[0] : event.key === "End" ? tabs.at(-1) : step && tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    choose(next);
    next.focus();
  });
});

// --- pages, where the screen is narrow ----------------------------------------------------------

const board = document.getElementById("stage");
const buttons = [...document.querySelectorAll("[data-page]")];
function page() {
  const width = board.clientWidth || 1;
  return buttons[Math.min(buttons.length - 1, Math.max(0, Math.round(board.scrollLeft / width)))].dataset.page;
}
function turnTo(name) {
  const pane = document.getElementById(name);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  board.scrollTo({ left: pane.offsetLeft - board.offsetLeft, behavior: calm ? "auto" : "smooth" });
}
function badge(count) {
  const shown = document.querySelector(".badge");
  shown.textContent = count ? Number(shown.textContent || 0) + count : "";
  shown.hidden = !count;
}
function turned() {
  const now = page();
  for (const button of buttons) button.setAttribute("aria-current", String(button.dataset.page === now));
  if (now === "phone-pane") {
    badge(0);
    hideToast();
  }
}
for (const button of buttons) button.addEventListener("click", () => turnTo(button.dataset.page));
board.addEventListener("scroll", turned, { passive: true });

talk(kept.language || (navigator.language.startsWith("ko") ? "ko" : document.documentElement.lang));
if (kept.person) {
  stage.person = kept.person;
  stage.name = kept.name;
  follow();
} else {
  play(false, true);
}
