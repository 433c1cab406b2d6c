// Small things that several parts of the playground draw.
import { make } from "../bubbles.js";
import { spoken } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export function icon(path, size = 20, filled = false) {
  const svg = document.createElementNS(SVG, "svg");
  const shape = document.createElementNS(SVG, "path");
  const attributes = filled ? { fill: "currentColor" } : { fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ d: path, ...attributes })) shape.setAttribute(name, value);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  heart: "M12 20s-7.5-4.6-7.5-10A4.400 4.4 0 0 1 12 7.3 4.4 4.4 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10Z",
  talk: "M20 11.500a7.5 7.5 0 0 1-11.3 6.500L4.5 19l1.200-3.800A7.5 7.5 0 1 1 20 11.500Z",
  plane: "M20.5 4 10.5 14M20.5 4l-6.3 16.5-3.7-6.500L4 10.300Z",
  keep: "M6.5 4.500h11v15.500L12 16l-5.5 4Z",
  into: "M12 4v11m0 0 4.5-4.500M12 15l-4.5-4.500M5 20h14",
  outof: "M12 16V5m0 0 4.5 4.500M12 5 7.5 9.500M5 20h14",
  box: "M4 8.5 12 4l8 4.500v7L12 20l-8-4.500ZM4 8.500l8 4.5 8-4.500M12 13v7",
};

// The colour of a person's avatar, the same for the same name.
export function avatar(name, extra = "") {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  const round = make("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
  round.style.setProperty("--hue", sum);
  return round;
}

export function clock(moment, zone, seconds = false) {
  return new Intl.DateTimeFormat(spoken(), { hour: "2-digit", minute: "2-digit", second: seconds ? "2-digit" : undefined, hourCycle: "h23", timeZone: zone }).format(new Date(moment));
}

export function ago(moment, now) {
  const seconds = Math.round((Date.parse(moment) - Date.parse(now)) / 1000);
  const format = new Intl.RelativeTimeFormat(spoken(), { numeric: "auto", style: "narrow" });
  if (seconds > -60) return format.format(0, "second");
  if (seconds > -3600) return format.format(Math.round(seconds / 60), "minute");
  return format.format(Math.round(seconds / 3600), "hour");
}

export function nothing(title, hint, path) {
  return make("div", { class: "nothing" }, icon(path, 34), make("strong", {}, title), make("p", {}, hint));
}

let toastTimer = 0;
export const hideToast = () => document.querySelector(".toast").classList.remove("on");

export function toast(text, onClick) {
  const box = document.querySelector(".toast");
  const shown = onClick ? make("button", { type: "button", on: { click: () => { box.classList.remove("on"); onClick(); } } }, text) : make("p", {}, text);
  box.replaceChildren(shown);
  box.classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("on"), 4500);
}
