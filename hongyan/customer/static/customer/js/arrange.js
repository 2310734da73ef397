// [data-arrange]: rows are dragged, or moved by the buttons beside them, without asking the server; their numbers follow.
const body = document.querySelector("[data-arrange]");
let dragged = null;

function number() {
  [...body.rows].forEach((row, place) => (row.querySelector("[data-place]").value = place + 1));
}

body?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("tr");
  dragged?.classList.add("is-dragged");
});
body?.addEventListener("dragover", (event) => {
  const over = event.target.closest("tr");
  if (!dragged || !over || over === dragged) return;
  event.preventDefault();
  const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
  body.insertBefore(dragged, event.clientY < middle ? over : over.nextElementSibling);
});
body?.addEventListener("drop", (event) => event.preventDefault());
body?.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  number();
});
body?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("tr");
  if (button.dataset.move === "-1") row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  number();
  button.focus();
});
