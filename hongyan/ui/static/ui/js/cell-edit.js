// [data-cell-edit]: the pencil behind a value opens its form over the cell, as do two clicks on the cell. What is saved is
// shown by drawing the row anew. On a phone, and without scripts, the pencil leads to the form's own page.
const host = document.querySelector("[data-dialog-host]");
const PHONE = matchMedia("(max-width: 767.98px)");
const AS_FRAGMENT = { "HX-Request": "true" };
let edited = null;

function place(dialog, cell) {
  const { left, top } = cell.getBoundingClientRect();
  dialog.style.margin = "0";
  dialog.style.left = `${Math.max(8, Math.min(left, innerWidth - dialog.offsetWidth - 8))}px`;
  dialog.style.top = `${Math.max(8, Math.min(top, innerHeight - dialog.offsetHeight - 8))}px`;
}

function show(fragment) {
  host.innerHTML = fragment;
  const dialog = host.querySelector("dialog");
  dialog.classList.add("is-in-place");
  dialog.addEventListener("close", () => edited?.pencil.isConnected && edited.pencil.focus({ preventScroll: true }));
  dialog.showModal();
  place(dialog, edited.pencil.closest("td"));
  const field = dialog.querySelector("[aria-invalid=true], input:not([type=hidden]), select, textarea");
  field?.focus();
  field?.select?.();
}

function notice(answer) {
  const said = JSON.parse(answer.headers.get("HX-Trigger") || "{}")["ui:toast"];
  if (said) document.dispatchEvent(new CustomEvent("ui:toast", { detail: said }));
  return Boolean(said);
}

function leave(answer, url) {
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere || !notice(answer)) location.assign(elsewhere ?? url);
}

async function open(pencil) {
  edited = { pencil, row: pencil.closest("tr") };
  const answer = await fetch(pencil.href, { headers: AS_FRAGMENT });
  if (answer.ok) show(await answer.text());
  else leave(answer, pencil.href);
}

async function redraw({ pencil, row }) {
  const list = row.closest("[data-list]");
  const answer = await fetch(location.href, { headers: { ...AS_FRAGMENT, "HX-Target": list.id } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`tr[data-row-url="${CSS.escape(row.dataset.rowUrl)}"]`);
  if (!fresh) return;
  const place = [...row.cells].indexOf(pencil.closest("td"));
  row.replaceWith(fresh);
  fresh.cells[place]?.querySelector("[data-cell-edit]")?.focus({ preventScroll: true });
}

async function save(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: AS_FRAGMENT });
  if (answer.status === 204) {
    form.closest("dialog").close();
    notice(answer);
    await redraw(edited);
  } else if ([409, 422].includes(answer.status) && !answer.headers.get("HX-Trigger")) show(await answer.text());
  else leave(answer, form.action);
}

document.addEventListener("click", (event) => {
  const pencil = event.target.closest("[data-cell-edit]");
  if (!pencil || PHONE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(pencil);
});

document.addEventListener("dblclick", (event) => {
  const pencil = event.target.closest("[data-rows] td")?.querySelector("[data-cell-edit]");
  if (!pencil || PHONE.matches || event.target.closest("a, button, input, label")) return;
  getSelection()?.removeAllRanges();
  open(pencil);
});

// Before the page's own listener, which would mark the form as sent for good.
document.addEventListener("submit", (event) => {
  if (!event.target.closest("dialog.is-in-place")) return;
  event.preventDefault();
  save(event.target);
}, true);
