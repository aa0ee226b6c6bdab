// What all pages share. After htmx has swapped a part in, the focus goes where the part says (data-focus),
// and what it says has happened (data-say) is announced in the page's live region.

const flash = document.getElementById("flash");

document.addEventListener("htmx:after:swap", () => {
  const say = document.querySelector("[data-say]");
  if (say && flash) {
    flash.textContent = say.textContent;
    flash.classList.add("visually-hidden");
    say.remove();
  }
  const focus = document.querySelector("[data-focus]:not(.desk-count)");
  focus?.focus();
  focus?.removeAttribute("data-focus");
});
