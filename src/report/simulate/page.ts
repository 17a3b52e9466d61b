/** Style and script of the page. The script makes every text by `textContent`, so that nothing in a name becomes markup. */

export const pageStyle = `
:root { color-scheme: light; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 24px auto; max-width: 1000px; padding: 0 16px; color: #222; background: #fff; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 28px; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: 8px 0 16px; }
th, td { padding: 3px 10px; text-align: right; border-bottom: 1px solid #ddd; }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
td:nth-child(-n+2) { overflow-wrap: anywhere; min-width: 8em; }
.controls { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; margin-bottom: 6px; }
.controls input { vertical-align: middle; width: 220px; }
.plot { border: 1px solid #ccc; }
.plot svg { display: block; width: 100%; }
.detail { white-space: pre-wrap; font: 13px/1.45 ui-monospace, monospace; background: #f6f6f6; border: 1px solid #ddd; padding: 8px 10px; min-height: 110px; margin-top: 6px; }
.call { cursor: pointer; } .call:hover, .call.chosen { stroke: #000; stroke-width: 2; }
`;

export const pageScript = `
"use strict";
const svgNamespace = "http://www.w3.org/2000/svg";
function draw(name, attributes, parent, content) {
  const node = document.createElementNS(svgNamespace, name);
  for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
  if (content !== undefined) node.textContent = content;
  parent.appendChild(node);
  return node;
}
function short(name, most) {
  const letters = Array.from(name);
  return letters.length <= most ? name : letters.slice(0, Math.ceil(most / 2)).join("") + "…" + letters.slice(1 - Math.floor(most / 2)).join("");
}
function time(seconds) { return (Math.round(seconds * 100) / 100) + " s"; }
function describe(entry, number) {
  const lines = ["Request " + number + " of client " + entry.client + " at " + time(entry.t) + ": " + entry.status +
    " from " + (entry.backend === null ? "the gateway" : entry.backend + " (" + entry.region + ")") + " after " + time(entry.seconds) +
    (entry.firstByte === undefined ? "" : ", its first part after " + time(entry.firstByte)) + (entry.isCut ? ", broken off" : "")];
  if (entry.error !== undefined) lines.push(entry.error);
  entry.attempts.forEach(function (attempt, index) {
    lines.push("  attempt " + (index + 1) + " at " + time(attempt.t) + ": " + (attempt.why || attempt.backend || "a URL") +
      " -> " + (attempt.status === null ? attempt.failure : attempt.status) + " after " + time(attempt.seconds));
    if (attempt.trip !== undefined) lines.push("    its breaker " + attempt.trip);
  });
  return lines.join("\\n");
}
function openAt(data, seconds) {
  const open = data.trips.filter(function (trip) { return trip.t <= seconds && seconds < trip.until; });
  return open.length === 0 ? "no breaker is open" : open.map(function (trip) { return trip.backend + " is open until " + time(trip.until); }).join(", ");
}
document.querySelectorAll(".timeline").forEach(function (box) {
  const data = JSON.parse(document.getElementById(box.dataset.run).textContent);
  const plot = box.querySelector(".plot"), detail = box.querySelector(".detail"), slider = box.querySelector("input"), filter = box.querySelector("select"), span = box.querySelector(".span");
  const total = Math.max(0.001, data.seconds), lanes = data.backends.concat([{ id: null, color: "#d55e00" }]);
  const names = lanes.map(function (lane) { return lane.id === null ? "(gateway)" : lane.id; });
  const mostLetters = Math.min(40, Math.max.apply(null, names.map(function (name) { return Array.from(name).length; })));
  const left = Math.max(100, Math.ceil(20 + mostLetters * 7.5)), width = 950 - left;
  let zoom = 1, chosen = null;
  function isShown(entry) {
    if (filter.value === "error") return entry.status >= 400 || entry.isCut === true;
    return filter.value !== "retried" || entry.attempts.length > 1;
  }
  function redraw() {
    const seen = total / zoom, from = (total - seen) * slider.value / 1000, to = from + seen;
    const height = lanes.length * 44 + 24;
    const svg = document.createElementNS(svgNamespace, "svg");
    svg.setAttribute("viewBox", "0 0 960 " + height);
    const x = function (seconds) { return left + (seconds - from) / seen * width; };
    lanes.forEach(function (lane, index) {
      const y = index * 44;
      if (index % 2 === 0) draw("rect", { x: 0, y: y, width: 960, height: 44, fill: "#f7f7f7" }, svg);
      data.trips.forEach(function (trip) {
        if (trip.backend !== lane.id || trip.until < from || trip.t > to) return;
        const a = Math.max(left, x(trip.t)), b = Math.min(950, x(trip.until));
        const band = draw("rect", { x: a, y: y, width: Math.max(1, b - a), height: 44, fill: "#d55e00", "fill-opacity": 0.18 }, svg);
        draw("title", {}, band, trip.backend + " open from " + time(trip.t) + " to " + time(trip.until) + ": " + trip.why);
      });
      const label = draw("text", { x: 8, y: y + 26, "font-size": 12 }, svg, short(names[index], mostLetters));
      draw("title", {}, label, names[index]);
    });
    const laneOf = new Map(lanes.map(function (lane, index) { return [lane.id, index]; }));
    data.timeline.forEach(function (entry, index) {
      if (!isShown(entry) || entry.t + entry.seconds < from || entry.t > to) return;
      const marks = entry.attempts.map(function (attempt, at) { const isCut = entry.isCut === true && at === entry.attempts.length - 1; return { backend: attempt.backend, t: attempt.t, seconds: attempt.seconds, ok: attempt.status !== null && attempt.status < 400 && !isCut }; });
      if (entry.backend === null) marks.push({ backend: null, t: entry.t, seconds: entry.seconds, ok: entry.status < 400 });
      marks.forEach(function (mark) {
        const lane = laneOf.get(mark.backend);
        if (lane === undefined) return;
        const a = Math.max(left, x(mark.t)), b = Math.min(950, x(mark.t + mark.seconds));
        if (b < a) return;
        const y = lane * 44 + 6 + (entry.client - 1) % 4 * 8;
        const node = draw("rect", { x: a, y: y, width: Math.max(2, b - a), height: 7, fill: mark.ok ? lanes[lane].color : "#d55e00", "class": "call" + (chosen === index ? " chosen" : "") }, svg);
        const show = function () { chosen = index; detail.textContent = describe(entry, index + 1) + "\\nthen " + openAt(data, mark.t); };
        node.addEventListener("mouseenter", show);
        node.addEventListener("click", function () { show(); redraw(); });
      });
    });
    for (let tick = 0; tick <= 4; tick += 1) {
      draw("text", { x: left + tick * width / 4, y: height - 8, "font-size": 11, fill: "#555", "text-anchor": tick === 4 ? "end" : "middle" }, svg, time(from + seen * tick / 4));
    }
    span.textContent = time(from) + " to " + time(to);
    plot.replaceChildren(svg);
  }
  box.querySelectorAll("button").forEach(function (button) {
    button.addEventListener("click", function () {
      const factor = Number(button.dataset.zoom);
      zoom = factor === 0 ? 1 : Math.min(10000, Math.max(1, zoom * factor));
      redraw();
    });
  });
  slider.addEventListener("input", redraw);
  filter.addEventListener("change", redraw);
  redraw();
});
`;
