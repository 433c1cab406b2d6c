// Talks to the server: acts go up, the whole view comes down whenever it changed.

async function post(path, body) {
  const answer = await fetch(`/play/api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const given = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(given.detail || answer.statusText), { code: given.code });
  return given;
}

export const cast = (known) => post("people", { known });
export const act = (person, does) => post("act", { person, ...does });
export const setSwitch = (name, on) => post("switches", { [name]: on });
export const killWorker = () => post("kill-worker", {});

export async function openRow(way, id) {
  const answer = await fetch(`/play/api/row/${way}/${id}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// One stream at a time; the browser connects again by itself.
let source = null;
export function watch(person, language, onView, onState) {
  source?.close();
  source = new EventSource(`/play/api/events?person=${encodeURIComponent(person)}&language=${language}`);
  source.addEventListener("view", (event) => {
    onState(true);
    onView(JSON.parse(event.data));
  });
  source.addEventListener("error", () => onState(false));
}
