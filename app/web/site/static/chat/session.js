// The session of a visitor: kept over reloads where the browser lets us, renewed when it runs out.

const KEEP = "dangol.chat.";

function kept(account, value) {
  try {
    if (value !== undefined) localStorage.setItem(KEEP + account, value);
    return localStorage.getItem(KEEP + account) || "";
  } catch {
    return ""; // storage is blocked: the chat lives as long as its page
  }
}

export class Session {
  constructor(account) {
    this.account = account;
    this.base = `/chat/${encodeURIComponent(account)}`;
    this.token = kept(account);
    this.id = "";
    this.opening = null;
  }

  // One renewal at a time, however many calls found the token expired.
  open() {
    this.opening ||= this.#open().finally(() => { this.opening = null; });
    return this.opening;
  }

  async #open() {
    const answer = await fetch(`${this.base}/session`, { method: "POST", headers: this.headers() });
    if (!answer.ok) throw new Error(`session: ${answer.status}`);
    const given = await answer.json();
    this.token = given.token;
    this.id = given.session;
    kept(this.account, this.token);
  }

  headers(more = {}) {
    return this.token ? { authorization: `Bearer ${this.token}`, ...more } : more;
  }

  async #asked(make) {
    let answer = await make();
    if (answer.status === 401) {
      await this.open();
      answer = await make();
    }
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  }

  async history() {
    return (await this.#asked(() => fetch(`${this.base}/history`, { headers: this.headers() }))).json();
  }

  // Posted like the webhook of any platform. The same item may be posted again: its id counts once.
  async post(item) {
    if (!this.id) await this.open(); // whoever is quick may write before the session is there
    return this.#asked(() => fetch(`/hooks/webchat/${encodeURIComponent(this.account)}`, {
      method: "POST",
      headers: this.headers({ "content-type": "application/json" }),
      body: JSON.stringify({ session: this.id, items: [item] }),
      keepalive: true,
    }));
  }

  stream(after, signal) {
    return this.#asked(() => fetch(`${this.base}/events`, {
      headers: this.headers({ "last-event-id": String(after), accept: "text/event-stream" }),
      cache: "no-store",
      signal,
    }));
  }
}

// Reads a stream of events. Not `EventSource`, which cannot carry the token in a header.
export async function* eventsOf(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text = (text + value).replaceAll("\r\n", "\n");
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const event = { event: "message", data: "", id: "" };
      for (const line of part.split("\n")) {
        const at = line.indexOf(":");
        if (at > 0) event[line.slice(0, at)] = line.slice(at + 1).replace(/^ /, "");
      }
      yield event;
    }
  }
}

export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
