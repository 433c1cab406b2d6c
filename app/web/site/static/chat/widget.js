// Dangol web chat: <script src="https://your-shop/chat/widget.js" data-account="…" async></script>
// A button in the corner, in a shadow root so that the page's styles and ours leave each other alone.
// The chat itself is a page of ours in a frame: nothing of it can be read from here, or the reverse.
(() => {
  const script = document.currentScript;
  if (!script || !script.dataset.account) return;
  const origin = new URL(script.src).origin;
  const account = encodeURIComponent(script.dataset.account);
  const ko = (document.documentElement.lang || navigator.language).startsWith("ko");
  const open = script.dataset.label || (ko ? "채팅하기" : "Chat with us");
  const shut = script.dataset.closeLabel || (ko ? "채팅 닫기" : "Close the chat");
  const KEEP = `dangol.open.${script.dataset.account}`;

  const host = document.createElement("div");
  host.setAttribute("data-dangol", "");
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; z-index: 2147483000; right: max(16px, env(safe-area-inset-right)); bottom: max(16px, env(safe-area-inset-bottom)); font: 600 16px/1.2 -apple-system, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", "Segoe UI", sans-serif; }
    button { display: flex; align-items: center; gap: 8px; min-height: 52px; padding: 0 20px; border: 0; border-radius: 26px; background: #7a3e1d; color: #fff; font: inherit; cursor: pointer; box-shadow: 0 6px 24px rgb(0 0 0 / 22%); }
    button:focus-visible { outline: 3px solid #7a3e1d; outline-offset: 3px; }
    .panel { position: fixed; right: max(16px, env(safe-area-inset-right)); bottom: calc(max(16px, env(safe-area-inset-bottom)) + 64px); width: min(400px, calc(100vw - 32px)); height: min(640px, calc(100dvh - 112px)); border: 0; border-radius: 20px; overflow: hidden; box-shadow: 0 12px 48px rgb(0 0 0 / 28%); background: #f6f4f0; }
    .panel[hidden] { display: none; }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
    @media (max-width: 480px) { .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; } .panel:not([hidden]) ~ button { display: none; } }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: up .25s cubic-bezier(.2, .7, .2, 1); } @keyframes up { from { opacity: 0; transform: translateY(12px); } } }
  `);
  root.adoptedStyleSheets = [style];

  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", open);
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.textContent = open;
  root.append(panel, button);

  let frame = null;
  const remember = (value) => {
    try { sessionStorage.setItem(KEEP, value); } catch { /* blocked: it opens closed */ }
  };
  const remembered = () => {
    try { return sessionStorage.getItem(KEEP) === "yes"; } catch { return false; }
  };

  function show(focus) {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = open;
      frame.src = `${origin}/chat/${account}${script.dataset.ref ? `?ref=${encodeURIComponent(script.dataset.ref)}` : ""}`;
      panel.append(frame);
    }
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    button.textContent = shut;
    remember("yes");
    if (focus) {
      frame.focus();
      frame.contentWindow?.postMessage({ dangol: "opened" }, origin);
    }
  }
  function hide() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    button.textContent = open;
    remember("no");
    button.focus();
  }
  button.addEventListener("click", () => (panel.hidden ? show(true) : hide()));
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  window.addEventListener("message", (event) => {
    if (event.origin === origin && frame && event.source === frame.contentWindow && event.data?.dangol === "close") hide();
  });
  const place = () => {
    document.body.append(host);
    if (remembered()) show(false);
  };
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
