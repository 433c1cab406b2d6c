// Under the hood: rows of inbox and outbox as they appear, each of which opens.
import { make } from "../bubbles.js";
import { openRow } from "./server.js";
import { ICONS, clock, icon, nothing, toast } from "./parts.js";
import { t } from "./words.js";

const panel = document.getElementById("panel-hood");
const dialog = document.querySelector("dialog.opened");
const inside = dialog.querySelector(".inside");
const known = new Map();
let spoken = "";

export function drawHood(view) {
  if (spoken !== document.documentElement.lang) {
    spoken = document.documentElement.lang;
    panel.replaceChildren();
    known.clear();
  }
  if (!view.rows.length) {
    if (!panel.querySelector(".nothing")) panel.replaceChildren(nothing(t("noRows"), "", ICONS.into));
    return;
  }
  let list = panel.querySelector(".rows");
  if (!list) {
    list = make("ol", { class: "rows" });
    panel.replaceChildren(legend(), list);
  }
  const fresh = view.rows.map((one) => [`${one.way}-${one.id}`, one]);
  const names = new Set(fresh.map(([name]) => name));
  for (const [name, item] of known) if (!names.has(name)) { item.element.remove(); known.delete(name); }
  let place = null;
  for (const [name, one] of fresh) {
    const key = JSON.stringify(one);
    let item = known.get(name);
    if (!item || item.key !== key) {
      const element = line(one, view.zone, item === undefined);
      if (item) swap(item.element, element);
      item = { element, key };
      known.set(name, item);
    }
    const after = place ? place.nextElementSibling : list.firstElementChild;
    if (after !== item.element) list.insertBefore(item.element, after);
    place = item.element;
  }
}

// The row that was being read with the keyboard stays the one with the focus.
function swap(old, fresh) {
  const focused = old.contains(document.activeElement);
  old.replaceWith(fresh);
  if (focused) fresh.querySelector("button").focus({ preventScroll: true });
}

function legend() {
  return make("p", { class: "legend" }, make("span", { class: "in" }, icon(ICONS.into, 14), t("inbox")), make("span", { class: "out" }, icon(ICONS.outof, 14), t("outbox")));
}

const TONES = { done: "good", sent: "good", new: "wait", queued: "wait", sending: "wait", waiting: "wait", parked: "bad", dead: "bad", refused: "bad", unknown: "bad" };

function line(one, zone, fresh) {
  const button = make("button", { type: "button", class: fresh ? "row fresh" : "row" },
    make("span", { class: `way ${one.way}` }, icon(one.way === "in" ? ICONS.into : ICONS.outof, 16), make("span", { class: "sr" }, t(one.way === "in" ? "inbox" : "outbox"))),
    make("span", { class: "what" }, make("strong", {}, one.kind), make("small", {}, one.channel), make("span", { class: "gist" }, one.gist)),
    make("span", { class: "how" }, make("span", { class: `pill ${TONES[one.status] || "off"}` }, one.rule ? `${one.status}: ${one.rule}` : one.status),
      make("small", {}, one.took !== null ? t("took", { ms: one.took }) : clock(one.at, zone, true), one.attempts > 1 ? ` · ${t("tries", { count: one.attempts })}` : "")));
  button.addEventListener("click", () => show(one));
  return make("li", {}, button);
}

async function show(one) {
  try {
    const found = await openRow(one.way, one.id);
    const way = t(one.way === "in" ? "inbox" : "outbox");
    document.getElementById("opened-title").textContent = t("row", { way, id: one.id, kind: one.kind });
    inside.replaceChildren(...(one.way === "in" ? came(found) : left(found)));
    if (!dialog.open) dialog.showModal();
    inside.scrollTop = 0;
  } catch (error) {
    toast(error.message);
  }
}

function came(found) {
  const post = found.post;
  const signature = post && Object.entries(post.headers).find(([name]) => /signature|authorization/i.test(name));
  return [
    found.step ? part(t("did"), wants(found.step)) : null,
    found.step ? part(`${t("before")} → ${t("after")}`, changes(found.step.before, found.step.after)) : null,
    part(t("event"), json(found.event)),
    post ? part(t("asPosted"), make("p", { class: "sign" }, signature ? make("code", {}, `${signature[0]}: ${signature[1]}`) : null, make("small", {}, t("answered", { status: post.status, ms: post.milliseconds }))), json(post.body)) : found.raw ? part(t("asPosted"), json(found.raw)) : null,
    part(t("facts"), json(found.row)),
  ].filter(Boolean);
}

function left(found) {
  return [part(t("job"), json(found.job)), found.received ? part(t("received"), json(found.received)) : null, part(t("facts"), json(found.row))].filter(Boolean);
}

const part = (title, ...content) => make("section", {}, make("h3", {}, title), ...content.filter(Boolean));

function wants(step) {
  const list = (step.rounds || []).flatMap((round) => round.wants || []);
  return make("ul", { class: "wants" }, ...list.map((want) => make("li", {}, make("strong", {}, want.want), " ", make("small", {}, want.key || want.name || want.code || ""))));
}

// Only the members that differ, old value and new.
function changes(before, after) {
  const names = [...new Set([...Object.keys(before || {}), ...Object.keys(after || {})])];
  const moved = names.filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]));
  return make("table", { class: "changes" }, make("tbody", {}, ...moved.map((name) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, brief(before?.[name])), make("td", {}, brief(after?.[name]))))));
}

const brief = (value) => make("code", {}, value === undefined ? "–" : JSON.stringify(value));

function json(value) {
  const pre = make("pre", { tabindex: "0" });
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  // Names, texts and numbers are told apart; every piece goes in as text.
  let from = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?/g)) {
    pre.append(text.slice(from, match.index));
    if (match[1]) pre.append(make("span", { class: match[2] ? "name" : "text" }, match[1]), match[2] || "");
    else pre.append(make("span", { class: "figure" }, match[0]));
    from = match.index + match[0].length;
  }
  pre.append(text.slice(from));
  return pre;
}

dialog.querySelector(".shut").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
