// Left: the post, its comments, and a comment box that works.
import { make, stayAtEnd, webAddress } from "../bubbles.js";
import { act } from "./server.js";
import { ICONS, ago, avatar, icon, toast } from "./parts.js";
import { t } from "./words.js";

const nav = document.querySelector(".posts");
const box = document.querySelector(".post");
let shown = "";
let drawn = "";
let ids = new Set();
let stage = null;

export function drawPost(view, around) {
  stage = around;
  if (!view.posts.some((one) => one.media === shown)) shown = view.posts[0]?.media || "";
  const post = view.posts.find((one) => one.media === shown);
  if (!post) return;
  const key = JSON.stringify([view.shop, post.media, post.caption, document.documentElement.lang, stage.name]);
  if (key !== drawn) {
    drawn = key;
    ids = new Set();
    frame(view, post);
  }
  comments(view, post);
}

function frame(view, post) {
  nav.replaceChildren(...view.posts.map((one) => {
    const button = make("button", { type: "button", "aria-pressed": String(one.media === shown) }, make("img", { src: picture(one), alt: "", width: 44, height: 44 }), make("span", {}, one.hashtag));
    button.addEventListener("click", () => { shown = one.media; drawn = ""; drawPost(view, stage); });
    return button;
  }));
  const handle = stage.shopName;
  box.replaceChildren(
    make("header", { class: "by" }, avatar(view.shop, "ring"), make("p", {}, make("strong", {}, handle), make("span", {}, view.shop)), make("span", { class: "follow" }, t("follow"))),
    make("div", { class: "photo" }, make("img", { src: picture(post), alt: post.title, width: 800, height: 800 }), make("span", { class: "tag" }, post.title, " ", make("b", {}, post.price))),
    make("div", { class: "acts", "aria-hidden": "true" }, icon(ICONS.heart, 26), icon(ICONS.talk, 26), icon(ICONS.plane, 26), icon(ICONS.keep, 26)),
    make("p", { class: "likes" }, t("likes", { count: "1,204" })),
    caption(handle, post),
    make("ol", { class: "comments", "aria-live": "polite", "aria-label": t("comments"), tabindex: "0" }),
    ideas(post),
    commentBox(post),
  );
}

const picture = (post) => webAddress(post.picture, stage.origin) || "";

function caption(handle, post) {
  return make("p", { class: "caption" }, make("strong", {}, handle), " ", post.caption, " ",
    make("span", {}, t("askComment", { tag: post.hashtag })), " ", make("a", { href: "#comment", class: "hash" }, post.hashtag));
}

function ideas(post) {
  const row = make("div", { class: "ideas", role: "group", "aria-label": t("ideas") });
  for (const idea of post.ideas) {
    const button = make("button", { type: "button" }, idea);
    button.addEventListener("click", () => {
      const input = document.getElementById("comment");
      input.value = idea;
      input.focus();
    });
    row.append(button);
  }
  return row;
}

function commentBox(post) {
  const input = make("input", { id: "comment", placeholder: t("comment"), "aria-label": t("comment"), autocomplete: "off", maxlength: 2200, enterkeyhint: "send" });
  const form = make("form", { class: "write" }, avatar(stage.name || "?"), input, make("button", {}, t("publish")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    try {
      await act(stage.person, { do: "comment", text, media: post.media });
    } catch (error) {
      input.value = text;
      toast(error.message);
    }
  });
  return form;
}

function comments(view, post) {
  const list = box.querySelector(".comments");
  if (!post.comments.length) {
    if (!list.querySelector(".none")) list.replaceChildren(make("li", { class: "none" }, t("noComments")));
    return;
  }
  list.querySelector(".none")?.remove();
  let last = null;
  for (const one of post.comments) {
    let item = list.querySelector(`[data-id="${CSS.escape(one.id)}"]`);
    if (!item) {
      item = comment(one);
      if (last) last.after(item);
      else list.prepend(item);
    }
    item.querySelector("time").textContent = ago(one.at, view.now);
    last = item;
    if (!ids.has(one.id)) {
      ids.add(one.id);
      queueMicrotask(() => stayAtEnd(list));
    }
  }
}

function comment(one) {
  const classes = [one.parent ? "reply" : "", one.author === stage.person ? "mine" : ""].join(" ").trim();
  return make("li", { "data-id": one.id, class: classes },
    avatar(one.name, one.ours ? "ring" : ""),
    make("p", {}, make("strong", {}, one.name), one.ours ? make("em", {}, t("author")) : null, " ", hashed(one.text), make("time", {})));
}

// Hashtags stand out; everything stays text.
function hashed(text) {
  const span = make("span");
  for (const part of text.split(/([#＃][\p{L}\p{N}_]+)/u)) span.append(/^[#＃]/u.test(part) ? make("b", { class: "hash" }, part) : part);
  return span;
}
