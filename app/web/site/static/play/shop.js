// Right: what the shop sees. Order, stock, member.
import { make, webAddress } from "../bubbles.js";
import { ICONS, clock, nothing } from "./parts.js";
import { t } from "./words.js";

const panels = { order: document.getElementById("panel-order"), stock: document.getElementById("panel-stock"), member: document.getElementById("panel-member") };
const before = {};
let ends = 0;

export function drawShop(view, stage) {
  once("order", [view.order, stage.name], () => order(view));
  once("stock", view.stock, () => stock(view, stage));
  once("member", [view.member, stage.name], () => member(view));
}

// Draws a panel again only when what it shows has changed.
function once(name, data, draw) {
  const key = JSON.stringify([document.documentElement.lang, data]);
  if (before[name] === key) return;
  before[name] = key;
  const panel = panels[name];
  const top = panel.scrollTop;
  panel.replaceChildren(...[draw()].flat().filter(Boolean));
  panel.scrollTop = top;
}

const row = (label, ...value) => make("div", { class: "fact" }, make("dt", {}, label), make("dd", {}, ...value));
const pill = (state, text) => make("span", { class: `pill ${state}` }, text);

// --- order --------------------------------------------------------------------------------------

function order(view) {
  const { orders, cart, held_until: held } = view.order;
  const newest = orders[0];
  // A purchase that is being put together comes before the one that is done.
  const choosing = cart.length > 0 && (!newest || newest.state !== "awaiting_payment");
  if (!newest && !choosing) return nothing(t("noOrder"), t("noOrderHint"), ICONS.box);
  return [
    steps(choosing ? 0 : reached(newest.state)),
    choosing ? basket(cart) : null,
    countdown(choosing ? held : newest.state === "awaiting_payment" ? held || newest.pay_until : null, view.now),
    ...orders.map((one) => bill(one, view)),
  ];
}

// The step that is under way: what lies before it is done.
const reached = (state) => ({ awaiting_payment: 2, paid: 3, shipped: 4, delivered: 4, refunded: 3 }[state] ?? 1);

function steps(at) {
  return make("ol", { class: "steps" }, ...t("steps").map((name, number) => make("li", { class: number < at ? "done" : number === at ? "now" : "", "aria-current": number === at ? "step" : null }, name)));
}

function basket(cart) {
  return make("section", { class: "box" }, make("h3", {}, t("basket")),
    make("ul", { class: "bill" }, ...cart.map((line) => make("li", {}, make("span", {}, line.words), make("span", {}, `× ${line.quantity}`)))));
}

function countdown(until, now) {
  if (!until) return null;
  ends = performance.now() + (Date.parse(until) - Date.parse(now));
  return make("p", { class: "hold" }, t("kept"), " ", make("b", { class: "left", role: "timer", "aria-live": "off" }, left()));
}

function left() {
  const seconds = Math.max(0, Math.round((ends - performance.now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
setInterval(() => {
  const shown = panels.order.querySelector(".left");
  if (shown) shown.textContent = left();
}, 1000);

function bill(one, view) {
  const tone = { paid: "good", shipped: "good", delivered: "good", awaiting_payment: "wait", refunded: "off", cancelled: "off", expired: "off" }[one.state] || "";
  return make("section", { class: "box order" },
    make("header", {}, make("h3", {}, one.number), pill(tone, t(`states.${one.state}`))),
    make("ul", { class: "bill" }, ...one.lines.map((line) => make("li", {}, make("span", {}, line.words), make("span", {}, line.amount))),
      make("li", { class: "sum" }, make("span", {}, t("total")), make("span", {}, one.total))),
    make("dl", {}, one.address ? row(t("to"), one.address) : null,
      one.payments.length ? row(t("money"), ...one.payments.map((pay) => pill(pay.kept ? "good" : pay.state === "captured" ? "off" : "wait", `${pay.provider} · ${pay.state}`)), ...one.refunds.map((back) => pill("off", `↩ ${back.amount} · ${back.state}`))) : null),
    make("h4", {}, t("history")),
    make("ol", { class: "moves" }, ...one.moves.map((move) => make("li", {}, make("time", {}, clock(move.at, view.zone, true)), make("span", {}, make("strong", {}, t(`states.${move.after}`)), " ", make("small", {}, move.by))))));
}

// --- stock --------------------------------------------------------------------------------------

function stock(view, stage) {
  return view.stock.map((product) => make("section", { class: "box shelf" },
    make("header", {}, make("img", { src: webAddress(product.picture, stage.origin) || "", alt: "", width: 44, height: 44 }), make("h3", {}, product.title)),
    make("table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, make("span", { class: "sr" }, "SKU")), make("th", { scope: "col" }, t("free")), make("th", { scope: "col" }, t("held")), make("th", { scope: "col" }, t("onHand")))),
      make("tbody", {}, ...product.variants.map(variant)))));
}

function variant(one) {
  const free = one.on_hand - one.held;
  const bar = make("span", { class: "bar", "aria-hidden": "true" }, make("i"), make("i"));
  const whole = Math.max(one.on_hand, 1);
  bar.style.setProperty("--free", free / whole);
  bar.style.setProperty("--held", one.held / whole);
  return make("tr", { class: one.on_hand === 0 ? "gone" : "" },
    make("th", { scope: "row" }, one.words.split(" · ").slice(1).join(" · ") || one.sku, make("small", {}, one.price), bar),
    make("td", {}, one.on_hand === 0 ? t("soldOut") : free, one.on_hand === 1 ? make("small", {}, t("last")) : null),
    make("td", { class: one.held ? "on" : "" }, one.held), make("td", {}, one.on_hand));
}

// --- member -------------------------------------------------------------------------------------

function member(view) {
  const one = view.member;
  if (!one.known || (!one.tier && !one.orders.length)) return nothing(t("noMember"), t("noMemberHint"), ICONS.heart);
  const bar = make("span", { class: "along", "aria-hidden": "true" }, make("i"));
  bar.style.setProperty("--share", one.share);
  return [
    make("section", { class: "pass" },
      make("header", {}, make("span", {}, view.shop), make("strong", {}, one.tier || "–")),
      make("p", { class: "points" }, make("b", {}, one.points.toLocaleString(document.documentElement.lang)), " ", t("points")),
      bar,
      make("p", { class: "next" }, one.next ? t("toNext", { tier: one.next, amount: one.to_next }) : t("top"), " · ", t("spent", { amount: one.spent }))),
    one.addresses.length ? make("section", { class: "box" }, make("h3", {}, t("addresses")), make("ul", { class: "bill" }, ...one.addresses.map((label) => make("li", {}, label)))) : null,
    one.orders.length ? make("section", { class: "box" }, make("h3", {}, t("orders")),
      make("ul", { class: "bill" }, ...one.orders.map((each) => make("li", {}, make("span", {}, each.number, " ", make("small", {}, t(`states.${each.state}`))), make("span", {}, each.total))))) : null,
  ];
}
