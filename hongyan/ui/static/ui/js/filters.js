// [data-filters]: a list's quick filters act as soon as they change. htmx sends the form; without it, the browser does.
const PAUSE_MS = 350;
let timer = 0;

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-filters]") || event.target.matches("[data-filter-typed]")) return;
  clearTimeout(timer);
  form.requestSubmit();
});

function typed(event) {
  const form = event.target.form;
  if (!form?.matches("[data-filters]") || !event.target.matches("[data-filter-typed]") || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => form.isConnected && form.requestSubmit(), PAUSE_MS);
}
document.addEventListener("input", typed);
document.addEventListener("compositionend", typed);

// Empty fields stay out of the request: the address says only what was chosen.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  const { formData } = event.detail;
  for (const key of new Set(formData.keys())) {
    const values = formData.getAll(key).filter((value) => value !== "");
    formData.delete(key);
    for (const value of values) formData.append(key, value);
  }
});
