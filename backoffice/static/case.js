// The viewer of the case screen, and its keys. All that it does can be done without it, by links and buttons;
// it only brings the paper to the field, and the hands to the next field, faster.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const SVG = () => $("#sheet > svg");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let reading = false; // a rectangle is being asked for
let lastField = ""; // where a rectangle's text goes

// ---- the sheet: pan, zoom, turn -------------------------------------------------------------------------------

const size = () => ({ w: Number($("#sheet").dataset.width), h: Number($("#sheet").dataset.height) });
const view = () => SVG().getAttribute("viewBox").split(" ").map(Number);
let moving = 0;

function show(box, quick = false) {
  const svg = SVG();
  if (!svg) return;
  cancelAnimationFrame(moving);
  const from = view();
  const began = performance.now();
  const set = (at) => {
    svg.toggleAttribute("data-moving", at < 1);
    svg.setAttribute("viewBox", box.map((to, i) => (from[i] + (to - from[i]) * at).toFixed(3)).join(" "));
  };
  if (quick || calm.matches) return set(1);
  svg.toggleAttribute("data-moving", true);
  const step = (now) => {
    const at = Math.min(1, (now - began) / 140);
    set(1 - (1 - at) ** 3);
    if (at < 1) moving = requestAnimationFrame(step);
  };
  moving = requestAnimationFrame(step);
}

const turned = () => Number($("#sheet [data-turn]")?.dataset.turn || 0);

// The whole sheet as it lies now: on its side it is as wide as it was high.
function frame() {
  const { w, h } = size();
  return turned() % 180 ? [(w - h) / 2, (h - w) / 2, h, w] : [0, 0, w, h];
}

// Where a rectangle of the sheet lies after the sheet was turned about its middle.
function afterTurn([left, top, wide, high]) {
  const { w, h } = size();
  let place = [left + wide / 2 - w / 2, top + high / 2 - h / 2, wide, high];
  for (let rest = turned(); rest > 0; rest -= 90) place = [-place[1], place[0], place[3], place[2]];
  return [place[0] + w / 2 - place[2] / 2, place[1] + h / 2 - place[3] / 2, place[2], place[3]];
}

function whole(quick) {
  show(frame(), quick);
}

function around(box, quick) {
  const [x, y, w, h] = afterTurn(box);
  const [edge, , most] = frame();
  const wide = Math.min(most, Math.max(95, w * 1.3));
  const { width, height } = SVG().getBoundingClientRect();
  const high = wide * (height / Math.max(1, width));
  const left = Math.max(edge, Math.min(edge + most - wide, x + w / 2 - wide / 2));
  show([left, y + h / 2 - high / 2, wide, high], quick);
}

function zoom(factor, at) {
  const [x, y, w, h] = view();
  const c = at ?? { x: x + w / 2, y: y + h / 2 };
  show([c.x - (c.x - x) * factor, c.y - (c.y - y) * factor, w * factor, h * factor], Boolean(at));
}

function turn() {
  const g = $("#sheet [data-turn]");
  const { w, h } = size();
  const now = (turned() + 90) % 360;
  g.dataset.turn = now;
  g.setAttribute("transform", `rotate(${now} ${w / 2} ${h / 2})`);
  whole(true);
}

function pan([right, down]) {
  const [x, y, w, h] = view();
  show([x + (right * w) / 5, y + (down * h) / 5, w, h], true);
  return true;
}

// Where a pointer is on the sheet, in the units of its picture, as it lies before any turn.
function onSheet(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform($("#sheet [data-turn]").getScreenCTM().inverse());
}

function inView(event) {
  return new DOMPoint(event.clientX, event.clientY).matrixTransform(SVG().getScreenCTM().inverse());
}

// ---- fields and paper -----------------------------------------------------------------------------------------

const forms = () => $$("form[data-field], form[data-rule]");
const formOf = (key) => document.getElementById(`f-${key}`);
const focusIn = (form) => {
  const entry = $("input.cf-entry, textarea.cf-entry, input:checked:not([type=hidden]), .cf-box input, button", form);
  entry?.focus();
  if (entry?.matches("input.cf-entry")) entry.select();
};

async function bringSheet(form) {
  const at = form.dataset.sheet;
  if (at === undefined || Number(at) < 0 || !$("#sheet")) return;
  if ($("#sheet").dataset.at !== at || $("#sheet").dataset.view !== "piana") {
    await window.htmx.ajax("GET", `${way()}/foglio/${at}`, { target: "#sheet", swap: "outerHTML" });
  }
  if (document.activeElement?.closest("form") !== form) return;
  mark(form.dataset.field);
  around(form.dataset.box.split(" ").map(Number));
}

const way = () => $("#case").dataset.way;

function mark(name) {
  $$(".zone.here").forEach((zone) => zone.classList.remove("here"));
  $(`.zone[data-zone="${CSS.escape(name ?? "")}"]`)?.classList.add("here");
  $$("#todo a").forEach((a) => a.classList.toggle("here", a.dataset.todo === name));
  $$("[data-tab]").forEach((tab) => {
    if (tab.dataset.tab === $("#sheet")?.dataset.at) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  });
}

function nextAfter(key) {
  const keys = $$("#todo [data-todo]").map((a) => a.dataset.todo);
  const at = keys.indexOf(key);
  return [...keys.slice(at + 1), ...keys.slice(0, Math.max(0, at))].find((one) => one !== key && !formOf(one)?.classList.contains("sent"));
}

function goOn(from) {
  const next = nextAfter(from.dataset.field ?? `rule-${from.dataset.rule}`);
  const form = next && formOf(next);
  if (form) focusIn(form);
  else $("#confirm")?.focus();
}

document.addEventListener("focusin", (event) => {
  const form = event.target.closest?.("form[data-field]");
  if (!form) return;
  lastField = form.dataset.field;
  bringSheet(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-field]") || !$("#case[data-editable]")) return;
  const act = event.submitter?.value;
  form.classList.add("sent");
  if (act !== "undo") goOn(form);
});

// ---- after an answer ------------------------------------------------------------------------------------------

let known = null;
let switching = false; // the link that shows the sheet as it came is in the part that is swapped
function arrive() {
  const here = $("#case");
  if (!here || here === known) return;
  known = here;
  const { hash } = location;
  // The next case came in place of the last one: its address comes with it, and going back asks for the page anew.
  if (location.pathname !== here.dataset.way) history.pushState({}, "", here.dataset.way);
  if (hash.startsWith("#i-") && document.getElementById(hash.slice(1))) document.getElementById(hash.slice(1)).focus();
  else {
    const first = $("#todo [data-todo]");
    if (first && here.dataset.editable !== undefined) focusIn(formOf(first.dataset.todo));
    else ($("#confirm") ?? $(".case-head h1")).focus();
  }
}

document.addEventListener("htmx:after:swap", (event) => {
  arrive();
  const again = $("form[data-again]");
  if (again) {
    again.removeAttribute("data-again");
    focusIn(again);
  } else if (event.detail?.ctx?.lost) focusIn(formOf(event.detail.ctx.lost));
  if (switching) $("#paper-view")?.focus();
  switching = false;
  markHere();
  drawCorners();
});

function markHere() {
  const form = document.activeElement?.closest?.("form[data-field]");
  mark(form?.dataset.field);
}

// ---- keys -----------------------------------------------------------------------------------------------------

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const BY_ACT = { F8: "unreadable", F9: "empty", F4: "not_applicable" };

function press(form, value) {
  const button = $(`button[name=act][value=${value}]`, form);
  if (button) form.requestSubmit(button);
  return Boolean(button);
}

function onKey(event) {
  const here = $("#case");
  if (!here || $("dialog[open]")) return false;
  const form = document.activeElement?.closest?.("form[data-field]");
  const typing = document.activeElement?.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
  const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  const shift = event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (event.key === "Enter" && event.ctrlKey) return confirmCase();
  if (event.key === "F1" || (event.key === "?" && !typing)) return open();
  if (event.key === "F2" && shift) return refer();
  if (event.key === "F2" && plain) return (form && zoomed() ? whole() : form ? bringSheet(form) : whole(), true);
  if (event.altKey && (event.key === "PageDown" || event.key === "PageUp")) return turnPage(event.key === "PageDown" ? 1 : -1);
  if (plain && ARROWS[event.key] && $("#sheet") && document.activeElement?.closest?.(".paper-tools")) return pan(ARROWS[event.key]);
  if (!form) return false;
  if (plain && BY_ACT[event.key]) return press(form, BY_ACT[event.key]);
  if (shift && event.key === "F9") return press(form, "undo");
  if (shift && event.key === "F8") return why(form);
  if (plain && event.key === "Enter" && document.activeElement.matches("textarea")) return press(form, "value");
  if (plain && event.key === "Enter" && document.activeElement.matches("[name=reason]")) return press(form, "override");
  if (plain && (event.key === "ArrowDown" || event.key === "ArrowUp") && document.activeElement.matches("input.cf-entry")) {
    return tryWay(form, event.key === "ArrowDown" ? 1 : -1);
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (onKey(event)) event.preventDefault();
});

const zoomed = () => view()[2] < frame()[2] * 0.98;

function confirmCase() {
  const button = $("#confirm");
  if (!button) return false;
  button.form.requestSubmit(button);
  return true;
}

function open() {
  $("#keys")?.showModal();
  return true;
}

function refer() {
  const reason = $("#d-reason");
  reason?.focus();
  reason?.scrollIntoView({ block: "center" });
  return Boolean(reason);
}

function why(form) {
  const box = $(".cf-why", form);
  if (box) box.open = true;
  $("[name=reason]", form)?.focus();
  return Boolean(box);
}

function tryWay(form, by) {
  const entry = $("input.cf-entry", form);
  form.ways ??= [entry.value, ...$$(".cf-way", form).map((b) => b.value)];
  if (form.ways.length < 2) return false;
  form.at = ((form.at ?? 0) + by + form.ways.length) % form.ways.length;
  entry.value = form.ways[form.at];
  entry.select();
  return true;
}

function turnPage(by) {
  const tabs = $$("[data-tab]");
  const at = tabs.findIndex((tab) => tab.dataset.tab === $("#sheet")?.dataset.at);
  tabs[(at + by + tabs.length) % tabs.length]?.click();
  return tabs.length > 0;
}

// ---- tools of the sheet, rectangles and corners ---------------------------------------------------------------

const TOOLS = { in: () => zoom(0.7), out: () => zoom(1 / 0.7), fit: () => whole(), turn, read: () => setReading(!reading) };

function setReading(on) {
  reading = on;
  $("[data-tool=read]")?.setAttribute("aria-pressed", String(on));
  $("#sheet")?.classList.toggle("reading", on);
}

document.addEventListener("click", (event) => {
  const tool = event.target.closest?.("[data-tool]");
  if (tool) TOOLS[tool.dataset.tool]();
  if (event.target.closest?.("#paper-view")) switching = true;
  const zone = event.target.closest?.(".zone");
  if (zone) event.preventDefault();
  if (zone && !cornersHere()) {
    const form = formOf(zone.dataset.zone);
    form?.scrollIntoView({ block: "nearest" });
    if (form) focusIn(form);
  }
  const item = event.target.closest?.("[data-todo]");
  if (item) {
    event.preventDefault();
    focusIn(formOf(item.dataset.todo));
  }
});

let drag = null;
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.("#sheet > svg") || event.button !== 0) return;
  const corners = cornersHere();
  if (corners) return putCorner(corners, event);
  const rubber = reading || event.shiftKey;
  drag = { rubber, from: inView(event), start: onSheet(event), box: view(), moved: false };
  if (rubber) event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const now = inView(event);
  if (Math.hypot(now.x - drag.from.x, now.y - drag.from.y) > 0.8) drag.moved = true;
  if (!drag.moved) return;
  if (drag.rubber) rubberBand(drag.from, now);
  else {
    const [x, y, w, h] = view();
    show([x + drag.from.x - now.x, y + drag.from.y - now.y, w, h], true);
  }
});
document.addEventListener("pointerup", (event) => {
  const done = drag;
  drag = null;
  if (!done?.rubber || !done.moved) return;
  rubberBand(done.from, done.from);
  readBox(done.start, onSheet(event));
  setReading(false);
});
document.addEventListener("dragstart", (event) => event.target.closest?.("#sheet") && event.preventDefault());
document.addEventListener(
  "wheel",
  (event) => {
    if (!event.target.closest?.("#sheet > svg")) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.12 : 1 / 1.12, inView(event));
  },
  { passive: false },
);

function rubberBand(a, b) {
  const rect = $("[data-rubber]");
  const set = { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
  Object.entries(set).forEach(([name, value]) => rect.setAttribute(name, value));
}

function readBox(a, b) {
  const form = $("#read");
  const { w, h } = size();
  const share = (value, of) => Math.min(1, Math.max(0, value / of)).toFixed(4);
  if (!form || !lastField) return;
  form.elements.left.value = share(Math.min(a.x, b.x), w);
  form.elements.right.value = share(Math.max(a.x, b.x), w);
  form.elements.top.value = share(Math.min(a.y, b.y), h);
  form.elements.bottom.value = share(Math.max(a.y, b.y), h);
  form.elements.at.value = $("#sheet").dataset.at;
  form.elements.vista.value = $("#sheet").dataset.view === "originale" ? "originale" : "";
  form.elements.field.value = lastField;
  form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  // The answer is the field itself: it goes where the field stands.
  if (event.target.id === "read") event.target.setAttribute("hx-target", `#f-${event.target.elements.field.value}`);
}, true);

function putCorner(box, event) {
  event.preventDefault();
  const at = onSheet(event);
  const { w, h } = size();
  const inputs = $$("input[name=corners]", box);
  const next = Number(box.dataset.next ?? 0) % 4;
  inputs[next * 2].value = ((at.x / w) * 100).toFixed(2);
  inputs[next * 2 + 1].value = ((at.y / h) * 100).toFixed(2);
  box.dataset.next = next + 1;
  drawCorners();
}

const cornersHere = () => $(`.corners[open][data-corners="${$("#sheet")?.dataset.at}"]`);

// The four corners as they stand in their inputs, drawn over the sheet as it came.
function drawCorners() {
  const line = $("#sheet [data-corner-line]");
  const box = $("#sheet")?.dataset.view === "originale" && cornersHere();
  if (!line) return;
  const { w, h } = size();
  const told = box ? $$("input[name=corners]", box).map((input) => Number(input.value) / 100) : [];
  line.setAttribute("points", [0, 2, 4, 6].filter((at) => at < told.length).map((at) => `${told[at] * w},${told[at + 1] * h}`).join(" "));
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[name=corners]")) drawCorners();
});

document.addEventListener("toggle", (event) => {
  const corners = event.target.closest?.(".corners");
  if (corners?.open) {
    window.htmx.ajax("GET", `${way()}/foglio/${corners.dataset.corners}?vista=originale`, { target: "#sheet", swap: "outerHTML" });
  }
}, true);

addEventListener("popstate", () => location.reload());

arrive();
markHere();
