// Keys of the second entry and of the grid of characters. Without them all goes by Tab, Space and the buttons.

const boxes = () => [...document.querySelectorAll(".glyph input[type=checkbox]")];

// The box of the row above or below that lies nearest: rows wrap with the window.
function across(from, down) {
  const here = from.getBoundingClientRect();
  const rows = boxes().map((box) => ({ box, at: box.getBoundingClientRect() })).filter(({ at }) => (down ? at.top > here.top + 8 : at.top < here.top - 8));
  const nearest = rows.sort((a, b) => Math.abs(a.at.top - here.top) - Math.abs(b.at.top - here.top) || Math.abs(a.at.left - here.left) - Math.abs(b.at.left - here.left));
  return nearest[0]?.box;
}

document.addEventListener("keydown", (event) => {
  const active = document.activeElement;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = { F8: "unreadable", F9: "empty" }[event.key];
  const button = act && document.querySelector(`.second-form button[value=${act}]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
  if (!active?.matches?.(".glyph input")) return;
  const every = boxes();
  const at = every.indexOf(active);
  const to = { ArrowRight: every[at + 1], ArrowLeft: every[at - 1], ArrowDown: across(active, true), ArrowUp: across(active, false) }[event.key];
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    to?.focus();
  }
});

document.querySelector("[autofocus]")?.focus();
