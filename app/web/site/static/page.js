// The pages reached from a chat work without this; it adds a countdown, one press only, a way back.

for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    const button = form.querySelector("button.primary");
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.once;
  });
  // A page that the browser kept and shows again ("back") may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

for (const shown of document.querySelectorAll("[data-until]")) {
  // Reckoned from the server's clock, since a phone's may be wrong.
  const ends = performance.now() + (Date.parse(shown.dataset.until) - Date.parse(shown.dataset.now));
  const figure = shown.querySelector("b");
  const tick = () => {
    const left = Math.max(0, Math.round((ends - performance.now()) / 1000));
    figure.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    shown.hidden = left === 0;
    if (left > 0) setTimeout(tick, 1000);
  };
  tick();
}

const framed = window.parent !== window;
for (const button of document.querySelectorAll("[data-close]")) {
  if (!framed && !window.opener) continue;
  button.hidden = false;
  const hint = button.parentElement.querySelector("[data-hint]");
  if (hint) hint.hidden = true;
  button.addEventListener("click", () => {
    if (framed) window.parent.postMessage({ dangol: "close" }, location.origin);
    else window.close();
  });
}

const country = document.querySelector("[data-country]");
if (country) {
  country.addEventListener("change", async () => {
    const answer = await fetch(`${country.dataset.country}?country=${encodeURIComponent(country.value)}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("fields");
    const old = document.getElementById("fields");
    if (!fresh) return;
    for (const input of old.querySelectorAll("input")) {
      const same = fresh.querySelector(`input[name="${input.name}"]`);
      if (same) same.value = input.value;
    }
    old.replaceWith(document.importNode(fresh, true));
  });
}
document.getElementById("errors")?.focus();
