// What all pages share: after htmx has swapped something in, the focus goes where the new part says,
// and what happened is announced in the live region.

document.addEventListener("htmx:after:swap", (event) => {
  const swapped = event.detail?.ctx?.target ?? document;
  const wanted = swapped.querySelector?.("[data-focus]");
  wanted?.focus();
});
