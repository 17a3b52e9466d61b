/** The page at /_apimgw: one document without anything from elsewhere, which draws what the gateway tells it. */

/** The whole page. Everything it shows comes as text over its event stream; nothing of a request becomes markup. */
export function formatDevPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>apimgw dev</title>
<style>${styles}</style>
</head>
<body>
<header><h1>apimgw dev</h1><p id="source">Connecting…</p></header>
<main>
<section aria-labelledby="h-backends"><h2 id="h-backends">Backends</h2>
<table><thead><tr><th>Backend</th><th>Breaker</th><th>Answered by</th><th>URL</th></tr></thead><tbody id="backends"></tbody></table>
<ul id="pools"></ul></section>
<section aria-labelledby="h-requests"><h2 id="h-requests">Last requests</h2>
<table><thead><tr><th>#</th><th>Time</th><th>Request</th><th>Status</th><th>Answered by</th><th>Attempts</th><th>ms</th></tr></thead>
<tbody id="requests"></tbody></table></section>
<section aria-labelledby="h-routes"><h2 id="h-routes">Routes</h2>
<table><thead><tr><th>Method</th><th>Path</th><th>Operation</th><th>Backends</th></tr></thead><tbody id="routes"></tbody></table></section>
</main>
<script>${script}</script>
</body>
</html>
`;
}

const styles = `
:root{color-scheme:light dark;--line:#8884;--bad:#c33;--warn:#a60;--good:#283}
@media(prefers-color-scheme:dark){:root{--bad:#f77;--warn:#fb4;--good:#7c7}}
body{font:14px/1.45 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1rem}
h1{font-size:1.2rem;margin:0}h2{font-size:1rem;margin:1.5rem 0 .3rem}header p{margin:.2rem 0;opacity:.8}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;opacity:.7}td{overflow-wrap:anywhere}
button{font:inherit;background:none;border:0;padding:0;color:inherit;text-align:left;cursor:pointer;text-decoration:underline dotted}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
pre{margin:.2rem 0 .6rem;white-space:pre-wrap;font:12px/1.5 ui-monospace,monospace}
`;

const script = `
"use strict";
const shown = 100;
const byId = (id) => document.getElementById(id);
const clock = (at) => new Date(at).toLocaleTimeString();
function cell(content, name) {
  const td = document.createElement("td");
  if (name) td.className = name;
  if (content instanceof Node) td.append(content);
  else td.textContent = content === null || content === undefined ? "" : String(content);
  return td;
}
function row(...cells) {
  const tr = document.createElement("tr");
  tr.append(...cells);
  return tr;
}
function statusClass(status) {
  return status === null || status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
}
function breaker(backend) {
  if (!backend.hasBreaker) return cell("none");
  const open = backend.openUntil.filter((until) => until !== null);
  if (open.length === 0) return cell("closed", "good");
  if (backend.openUntil.length === 1) return cell("open until " + clock(open[0]), "bad");
  const lines = document.createElement("div");
  backend.openUntil.forEach((until, index) => {
    const line = document.createElement("div");
    line.className = until === null ? "good" : "bad";
    line.textContent = "instance " + (index + 1) + ": " + (until === null ? "closed" : "open until " + clock(until));
    lines.append(line);
  });
  return cell(lines);
}
function turns(pool) {
  if (pool.next.every((id) => id === null)) return "";
  if (pool.next.length === 1) return "; next: " + pool.next[0];
  return "; next: " + pool.next.map((id, index) => (id === null ? "nobody" : id) + " on " + (index + 1)).join(", ");
}
function drawState(state) {
  byId("source").textContent = state.source === null
    ? "Nothing is served yet; the terminal says why."
    : "Serving " + state.source + ", loaded at " + clock(state.loadedAt) +
      (state.instances > 1 ? ", on " + state.instances + " gateway instances in turn" : "");
  byId("backends").replaceChildren(...state.backends.map((backend) =>
    row(cell(backend.id), breaker(backend), cell(backend.answeredBy), cell(backend.url))));
  byId("pools").replaceChildren(...state.pools.map((pool) => {
    const item = document.createElement("li");
    item.textContent = pool.id + ": " + pool.members.join(", ") + turns(pool);
    return item;
  }));
  byId("routes").replaceChildren(...state.routes.map((route) =>
    row(cell(route.method), cell(route.path + (route.version === null ? "" : "  " + route.version)), cell(route.api + "/" + route.operation), cell(route.backends.join(", ")))));
}
function traceText(entry) {
  const lines = entry.attempts.map((attempt) =>
    "-> " + (attempt.backend || "URL") + "  " + (attempt.status || attempt.failure) + "  " +
    Math.round(attempt.endedAt - attempt.at) + " ms" + (attempt.why ? "  (" + attempt.why + ")" : "") +
    (attempt.trip ? "  breaker " + attempt.trip : ""));
  for (const line of entry.trace) {
    const at = "+" + Math.round(line.at - entry.at) + " ms";
    const where = line.statement ? line.statement.scope + "/" + line.statement.section + " " + line.statement.path : "";
    lines.push(at.padEnd(9) + where + "  " + line.text);
  }
  for (const item of entry.recorded) lines.push("recorded by " + item.policy + ": " + JSON.stringify(item.values));
  if (entry.refusal || entry.error) lines.push("error: " + (entry.refusal || entry.error));
  return lines.join("\\n") || "No policy has left a trace.";
}
function drawRequest(entry) {
  const label = document.createElement("button");
  label.type = "button";
  label.textContent = entry.method + " " + entry.path.split("?")[0];
  label.setAttribute("aria-expanded", "false");
  const tr = row(cell(entry.number), cell(clock(entry.at)), cell(label),
    cell((entry.status === null ? "client left" : entry.status) + (entry.cut ? ", cut " + entry.cut : ""), statusClass(entry.status)),
    cell((entry.region || entry.backend || "gateway") + (entry.instance === null ? "" : ", instance " + entry.instance)), cell(entry.attempts.length), cell(entry.milliseconds));
  let details = null;
  label.addEventListener("click", () => {
    if (details === null) {
      const pre = document.createElement("pre");
      pre.textContent = traceText(entry);
      const td = cell(pre);
      td.colSpan = 7;
      details = row(td);
      tr.after(details);
    } else {
      details.remove();
      details = null;
    }
    label.setAttribute("aria-expanded", String(details !== null));
  });
  return tr;
}
const list = byId("requests");
const known = new Set();
const events = new EventSource("/_apimgw/events");
events.addEventListener("state", (event) => drawState(JSON.parse(event.data)));
events.addEventListener("request", (event) => {
  const entry = JSON.parse(event.data);
  const key = entry.number + "/" + entry.at;
  if (known.has(key)) return;
  known.add(key);
  list.prepend(drawRequest(entry));
  while (list.children.length > 2 * shown) list.lastElementChild.remove();
});
events.addEventListener("error", () => { byId("source").textContent = "apimgw dev has ended, or cannot be reached; trying again."; });
`;
