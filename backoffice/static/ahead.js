// The next case, ahead of its turn: its page and the pictures of its form wait in the memory of this page, unseen.
// They are shown when the server says that they are still what it would send; else it sends the page anew.

const MARK = "X-Sent-Ahead";
const held = { way: "", mark: "", main: null, pictures: new Map() }; // memory only: the browser's cache is told to keep nothing
let known = null;

const fits = () => held.mark && held.way === document.getElementById("case")?.dataset.way;

function drop() {
  held.pictures.forEach(({ blob }) => URL.revokeObjectURL(blob));
  Object.assign(held, { way: "", mark: "", main: null, pictures: new Map() });
}

// The server draws the sheets of the next cases, and sends the very next one.
async function prepare(here) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
  const answer = await fetch(`${here.dataset.way}/prepara`, { method: "POST", headers }).catch(() => null); // then it comes later
  if (!answer?.ok || !answer.headers.get("content-type")?.startsWith("application/json")) return;
  const { mark, page, pictures } = await answer.json();
  if (here !== document.getElementById("case")) return;
  drop();
  for (const address of pictures) await fetchPicture(address);
  if (here !== document.getElementById("case") || !mark) return;
  const main = new DOMParser().parseFromString(page, "text/html").getElementById("main");
  useHeld(main);
  Object.assign(held, { way: here.dataset.way, mark, main: document.adoptNode(main) });
}

async function fetchPicture(address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const blob = URL.createObjectURL(await answer.blob());
  const image = Object.assign(new Image(), { src: blob }); // kept: what it has decoded need not be decoded again
  held.pictures.set(address, { blob, image });
  await image.decode().catch(() => null); // a broken picture is shown as one, in its place
}

function useHeld(root) {
  for (const image of root.querySelectorAll("image")) {
    const picture = held.pictures.get(image.getAttribute("href"));
    if (picture) image.setAttribute("href", picture.blob);
  }
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.matches?.("form[action$='/decisione']") && fits()) ctx.request.headers[MARK] = held.mark;
});

document.addEventListener("htmx:before:swap", (event) => {
  for (const { fragment } of event.detail.tasks) {
    const told = fragment.querySelector("#main[data-ahead]");
    if (told && told.dataset.ahead === held.mark) told.replaceWith(held.main);
    else if (told) {
      event.preventDefault();
      location.assign(told.dataset.way);
    }
    useHeld(fragment);
  }
});

function arrive() {
  const here = document.querySelector("#case[data-editable]");
  if (here && here !== known) setTimeout(prepare, 250, here);
  known = here;
}

document.addEventListener("htmx:after:swap", arrive);
arrive();
