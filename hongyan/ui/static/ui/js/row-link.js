// tr[data-row-url]: the whole row opens its record; j and k walk the rows, Enter opens, x selects.
const INTERACTIVE = "a, button, input, label, summary, select, textarea";

// A second click on a cell that can be changed opens its editor instead: the first waits for it that long.
const DOUBLE_MS = 300;
let leaving = 0;

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-row-url]");
  if (!row || event.target.closest(INTERACTIVE) || String(getSelection())) return;
  clearTimeout(leaving);
  if (event.ctrlKey || event.metaKey) window.open(row.dataset.rowUrl, "_blank", "noopener");
  else if (!event.target.closest("td").querySelector("[data-cell-edit]")) location.assign(row.dataset.rowUrl);
  else if (event.detail < 2) leaving = setTimeout(() => location.assign(row.dataset.rowUrl), DOUBLE_MS);
});

document.addEventListener("auxclick", (event) => {
  const row = event.target.closest("tr[data-row-url]");
  if (row && event.button === 1 && !event.target.closest(INTERACTIVE)) window.open(row.dataset.rowUrl, "_blank", "noopener");
});

function step(by) {
  const rows = [...document.querySelectorAll("[data-rows] > tr")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.classList.contains("is-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  rows[at]?.classList.remove("is-current");
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector(".row-link")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "x") document.querySelector("tr.is-current [data-select-row]")?.click();
});
