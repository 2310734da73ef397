// Shows that a request is on its way, says so when it failed, and stops a form from being sent twice; one with
// data-download is answered by a file, which leaves the page as it is, and may be sent again. What the page asks by
// itself (data-by-itself) is asked while somebody looks, and fails quietly: it is asked again.
const bar = document.querySelector("[data-loading]");
const words = document.querySelector("[data-toasts]").dataset;
let running = 0;
let timer = 0;

function count(change) {
  running = Math.max(0, running + change);
  clearTimeout(timer);
  // Answers within a blink need no bar.
  timer = setTimeout(() => (bar.hidden = running === 0), running ? 200 : 0);
}

function complain(text) {
  document.dispatchEvent(new CustomEvent("ui:toast", { detail: { text, tone: "bad" } }));
}

const isByItself = (event) => "byItself" in event.detail.elt.dataset;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isByItself(event)) count(1);
  else if (document.hidden) event.preventDefault();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!isByItself(event)) count(-1);
});
document.addEventListener("htmx:sendError", (event) => {
  if (!isByItself(event)) complain(words.offline);
});
document.addEventListener("htmx:responseError", (event) => {
  if (isByItself(event)) return;
  // The server has said itself what is wrong.
  if (event.detail.xhr.getResponseHeader("HX-Trigger")) return;
  complain([401, 403].includes(event.detail.xhr.status) ? words.expired : words.failed);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || "download" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.querySelector("[data-focus]")?.focus();
