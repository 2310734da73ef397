// [data-tree]: arrow keys open and close branches; right opens, left closes or goes up.
document.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-tree] summary, [data-tree] a");
  if (!row) return;
  const visible = [...row.closest("[data-tree]").querySelectorAll("summary, li > .tree-row > a:first-child")].filter((one) => one.checkVisibility());
  const at = visible.indexOf(row);
  const branch = row.matches("summary") ? row.parentElement : null;
  if (event.key === "ArrowDown") visible[at + 1]?.focus();
  else if (event.key === "ArrowUp") visible[at - 1]?.focus();
  else if (event.key === "ArrowRight" && branch) branch.open = true;
  else if (event.key === "ArrowLeft" && branch?.open) branch.open = false;
  else if (event.key === "ArrowLeft") row.closest("ul")?.closest("details")?.querySelector("summary").focus();
  else return;
  event.preventDefault();
});
