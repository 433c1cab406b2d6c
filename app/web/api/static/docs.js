"use strict";
// Draws the OpenAPI document, or the list of error codes, with text nodes only: nothing is parsed as HTML.

const page = document.getElementById("page");
const index = document.getElementById("index");

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// `code` and [text](address) are all the Markdown our texts use.
function prose(text) {
  const parts = [];
  const pattern = /`([^`]+)`|\[([^\]]+)\]\((\/[^)\s]*|https:[^)\s]*)\)/g;
  let last = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(last, found.index));
    parts.push(found[1] ? el("code", {}, found[1]) : el("a", { href: found[3] }, found[2]));
    last = found.index + found[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

function typeOf(schema, schemas) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  const several = schema.anyOf || schema.oneOf;
  if (several) return several.map((one) => typeOf(one, schemas)).join(" | ");
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (schema.type === "array") return typeOf(schema.items, schemas) + "[]";
  return schema.type || "any";
}

function rows(list, head) {
  const table = el("table", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name))));
  for (const cells of list) table.append(el("tr", {}, ...cells.map((cell) => el("td", {}, ...[cell].flat()))));
  return table;
}

function fields(schema, schemas) {
  const whole = schema.$ref ? schemas[schema.$ref.split("/").pop()] : schema;
  const needed = new Set(whole.required || []);
  return Object.entries(whole.properties || {}).map(([name, one]) => [
    el("code", {}, name),
    typeOf(one, schemas) + (needed.has(name) ? ", required" : ""),
    prose(one.description || ""),
  ]);
}

function example(media) {
  return el("pre", { tabindex: "0" }, JSON.stringify(media.example, null, 2));
}

function operation(path, verb, one, schemas) {
  const section = el("section", { id: one.operationId });
  section.append(
    el("h3", {}, one.summary || one.operationId),
    el("div", { class: "path" }, el("span", { class: "verb" }, verb.toUpperCase()), path),
    el("p", {}, ...prose(one.description || "")),
    el("p", { class: "scope" }, "Scope: ", el("code", {}, (one["x-scopes"] || []).join(" or "))),
  );
  const given = (one.parameters || []).map((each) => [
    el("code", {}, each.name),
    `${typeOf(each.schema, schemas)}, ${each.in}${each.required ? ", required" : ""}`,
    prose(each.description || ""),
  ]);
  if (given.length) section.append(rows(given, ["Parameter", "Type", ""]));
  const body = one.requestBody && one.requestBody.content["application/json"];
  if (body) {
    section.append(
      el("details", { open: "" }, el("summary", {}, "Body"), example(body),
        rows(fields(body.schema, schemas), ["Field", "Type", ""])),
    );
  }
  for (const [status, answer] of Object.entries(one.responses)) {
    const media = answer.content && answer.content["application/json"];
    if (status < "400") {
      section.append(el("details", {}, el("summary", {}, `${status} ${answer.description}`), media ? example(media) : null));
    }
  }
  const wrong = Object.entries(one.responses).filter(([status]) => status >= "400");
  section.append(
    el("details", {}, el("summary", {}, "Problems"),
      rows(wrong.map(([status, answer]) => [status, answer.description]), ["Status", "When"])),
  );
  return section;
}

function drawApi(found) {
  const schemas = found.components.schemas;
  page.replaceChildren(el("h1", {}, `${found.info.title} API`), el("p", {}, ...prose(found.info.description)));
  index.append(el("a", { href: "/docs/errors" }, "Error codes"), el("a", { href: "/openapi.json" }, "openapi.json"));
  let tag = "";
  for (const [path, operations] of Object.entries(found.paths)) {
    for (const [verb, one] of Object.entries(operations)) {
      if (one.tags[0] !== tag) {
        tag = one.tags[0];
        index.append(el("h2", {}, tag));
      }
      index.append(el("a", { href: `#${one.operationId}` }, one.summary || one.operationId));
      page.append(operation(path, verb, one, schemas));
    }
  }
}

function drawErrors(text) {
  page.replaceChildren(el("h1", {}, "Error codes"));
  index.append(el("a", { href: "/docs" }, "API"));
  for (const line of text.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.length < 5 || !cells[1].startsWith("`")) continue;
    const code = cells[1].slice(1, -1);
    index.append(el("a", { href: `#${code}` }, code));
    page.append(el("section", { id: code }, el("h3", {}, el("code", {}, code)),
      el("p", {}, ...prose(cells[2])), el("p", {}, ...prose(cells[3]))));
  }
}

async function start() {
  const errors = location.pathname === "/docs/errors";
  const answer = await fetch(errors ? "/docs/errors.md" : "/openapi.json");
  if (!answer.ok) throw new Error(`${answer.status}`);
  if (errors) drawErrors(await answer.text());
  else drawApi(await answer.json());
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

start().catch((error) => page.replaceChildren(el("p", { role: "alert" }, `The document could not be read (${error.message}).`)));
