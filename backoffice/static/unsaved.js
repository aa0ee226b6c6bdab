// Nothing that was typed is lost: what stands in other fields when an answer brings the case anew is put back, with a
// note; a case with something unsaved is not left unasked; and where the server fails, the case stays as it stands.
// All is held by the page alone, in memory.

const LEAVES = "#go, #decide"; // the forms after which the next case comes
const MARK = "unsaved";
let held = null; // what is put back after the swap
let away = null; // what is put back after a sign-in: the session ended, and the sign-in stands in place of the case

const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const forms = (root = document.getElementById("case") ?? document.createElement("div")) =>
  $$("form[method=post]", root).filter((form) => form.id !== "read"); // the rectangle's numbers are set by the mouse
const controls = (form) => [...form.elements].filter((one) => one.matches("input:not([type=hidden]), textarea, select"));
const ticked = (one) => one.matches("[type=radio], [type=checkbox]");
const value = (one) => (ticked(one) ? one.checked : one.value);

function born(one) {
  if (ticked(one)) return one.defaultChecked;
  if (!one.matches("select")) return one.defaultValue;
  const options = [...one.options];
  return (options.findLast((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

// What was sent with a form counts as saved unless its answer says otherwise; what the server gave back (data-unsaved)
// stands in it as if it were stored, and is not.
const unsaved = (form, sent) => {
  const back = form.dataset.unsaved !== undefined && !sent;
  return controls(form).filter((one) => (back && value(one)) || value(one) !== (sent?.get(one) ?? born(one)));
};
const dirty = (but) => forms().filter((form) => form !== but && unsaved(form).length);
const nameOf = (form) => (form.querySelector(".cf-label, label, summary")?.textContent ?? "").trim();

function* named(form) {
  const who = `${form.getAttribute("action")}|${form.id}|${form.elements.sheet?.value ?? ""}`;
  const counted = new Map();
  for (const one of controls(form)) {
    const at = counted.get(one.name) ?? 0;
    counted.set(one.name, at + 1);
    yield [`${who}|${one.name}|${at}`, one];
  }
}

function gather(from, { source, sent, refused }) {
  const kept = new Map();
  for (const form of from) {
    const open = new Set(unsaved(form, form === source && !refused ? sent : null));
    if (!open.size) continue;
    for (const [key, one] of named(form)) if (open.has(one) || ticked(one)) kept.set(key, value(one));
  }
  return kept;
}

function putBack(kept) {
  for (const form of forms()) {
    for (const [key, one] of named(form)) {
      if (!kept.has(key) || value(one) === kept.get(key)) continue;
      if (ticked(one)) one.checked = kept.get(key);
      else if (!one.matches("select") || [...one.options].some((option) => option.value === kept.get(key))) one.value = kept.get(key);
      for (let box = one.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
  }
}

function note(form) {
  if (form.querySelector(`.${MARK}`)) return;
  const line = Object.assign(document.createElement("p"), { className: MARK });
  const drop = Object.assign(document.createElement("button"), { type: "button", textContent: "Scarta" });
  drop.setAttribute("aria-label", `Scarta quello che è stato scritto: ${nameOf(form)}`);
  drop.addEventListener("click", () => {
    const back = form.dataset.unsaved !== undefined;
    form.removeAttribute("data-unsaved");
    form.reset();
    line.remove();
    controls(form)[0]?.focus();
    if (back) window.htmx.ajax("GET", location.pathname, { target: "#main", select: "#main", swap: "outerHTML" });
  });
  line.append("Non ancora salvato. ", drop);
  form.append(line);
}

function say(words) {
  document.getElementById("unsaved-said")?.remove();
  const box = Object.assign(document.createElement("div"), { id: "unsaved-said", className: "desk-notice desk-notice-warning" });
  box.setAttribute("role", "alert");
  box.append(Object.assign(document.createElement("p"), { textContent: words }));
  document.querySelector(".case-head")?.after(box);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const open = form.matches(LEAVES) ? dirty(form) : [];
    form.sent = new Map(controls(form).map((one) => [one, value(one)]));
    document.getElementById("unsaved-said")?.remove();
    if (!open.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open.forEach(note);
    say(`Non ancora salvato: ${open.map(nameOf).join(", ")}. Salvarlo (Invio nel campo) oppure scartarlo, e poi confermare.`);
    controls(open[0])[0]?.focus();
  },
  true,
);

const ofPage = (task) => task.target === document.getElementById("main") || task.target === "#main";

document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const here = document.getElementById("case");
  if (ctx.response.status === 401 && !here && ctx.request.method !== "POST") {
    event.preventDefault(); // the sign-in stands there already, and carries what was sent
    return;
  }
  const page = tasks.find((task) => ofPage(task));
  const source = ctx.sourceElement?.closest?.("form");
  if (ctx.response.status === 401 && here) away = { way: here.dataset.way, kept: gather(forms(), { source, sent: source?.sent }) };
  const from = page ? forms() : source?.matches("form[data-field]") ? [source] : [];
  if (!here || !from.length) return;
  const refused = ctx.response.status >= 400 && Boolean(page);
  if (page && ctx.response.status >= 400 && ctx.response.status !== 401 && !page.fragment.querySelector("#case")) {
    event.preventDefault();
    $$("form.sent").forEach((form) => form.classList.remove("sent"));
    say(`${page.fragment.textContent.replace("Torna all'inizio", "").replace(/\s+/g, " ").trim()} Quello che è stato scritto è ancora qui.`);
    return;
  }
  held = { way: here.dataset.way, kept: gather(from, { source, sent: source?.sent, refused }) };
});

// The sign-in and what follows it are answered within this page, so that it can hold what stood in the fields. What was
// sent with the request that found the session over is carried by their forms.
function staySignedOut() {
  for (const form of $$("form[action='/accesso'], form[action='/accesso/continua'], form[data-go-on]")) {
    form.setAttribute("hx-post", form.getAttribute("action"));
    form.setAttribute("hx-target", "body");
    form.setAttribute("hx-swap", "outerHTML");
    window.htmx.process(form);
  }
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches?.("form[data-go-on]")) ctx.request.headers["HX-Request"] = "false"; // its answer is a whole page
});

document.addEventListener("htmx:after:swap", () => {
  const here = document.getElementById("case");
  if (away?.kept.size && !here) return staySignedOut();
  if (away && here?.dataset.way === away.way) held = away;
  if (here) away = null;
  if (!held || here?.dataset.way !== held.way) return;
  putBack(held.kept);
  if (held.kept.size) dirty().forEach(note);
  held = null;
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && !unsaved(form).length) form.querySelector(`.${MARK}`)?.remove();
});

addEventListener("beforeunload", (event) => {
  if (dirty(document.activeElement?.form?.sent && document.activeElement.form).length) event.preventDefault();
});

// The server could not be reached at all: the field is still there, and may be sent again.
document.addEventListener("htmx:error", () => {
  if (!document.getElementById("case")) return;
  $$("form.sent").forEach((form) => form.classList.remove("sent"));
  say("Il server non risponde: quello che è stato scritto è ancora qui. Riprovare fra poco.");
});
