// Selecting rows: shift takes a range, the header takes the page, the bar takes all results.
const rowsOf = (list) => [...list.querySelectorAll("[data-select-row]")];
let last = null;

function refresh(list) {
  const rows = rowsOf(list);
  const bar = list.querySelector("[data-bulk]");
  const head = list.querySelector("[data-select-all]");
  const chosen = rows.filter((row) => row.checked);
  const isAll = bar.querySelector("[data-bulk-scope]").value === "all";
  for (const row of rows) row.closest("tr").classList.toggle("is-selected", row.checked);
  head.checked = chosen.length > 0 && chosen.length === rows.length;
  head.indeterminate = chosen.length > 0 && !head.checked;
  bar.hidden = chosen.length === 0;
  const words = bar.querySelector("[data-bulk-count]");
  words.textContent = isAll ? words.dataset.all : words.dataset.some.replace("{count}", chosen.length);
  const all = bar.querySelector("[data-bulk-all]");
  if (all) all.hidden = isAll || !head.checked;
}

function takePage(list, checked) {
  for (const row of rowsOf(list)) row.checked = checked;
  list.querySelector("[data-bulk-scope]").value = "page";
  refresh(list);
}

function takeRange(list, row) {
  const rows = rowsOf(list);
  const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b);
  if (from >= 0) for (const one of rows.slice(from, to + 1)) one.checked = row.checked;
}

document.addEventListener("click", (event) => {
  const list = event.target.closest("[data-list]");
  if (!list) return;
  if (event.target.matches("[data-select-row]")) {
    if (event.shiftKey && last) takeRange(list, event.target);
    last = event.target;
    list.querySelector("[data-bulk-scope]").value = "page";
    refresh(list);
  } else if (event.target.matches("[data-select-all]")) takePage(list, event.target.checked);
  else if (event.target.closest("[data-bulk-clear]")) takePage(list, false);
  else if (event.target.closest("[data-bulk-all]")) {
    list.querySelector("[data-bulk-scope]").value = "all";
    refresh(list);
  }
});

document.addEventListener("keydown", (event) => {
  const list = document.querySelector("[data-list]:has([data-bulk]:not([hidden]))");
  if (event.key === "Escape" && list && !document.querySelector("dialog[open], details[data-dropdown][open]")) takePage(list, false);
});
