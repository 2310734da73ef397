// [data-dialog-open="id"] opens a <dialog> of the page; [data-dialog-url] loads one into the host and opens it.
const host = document.querySelector("[data-dialog-host]");

async function load(url) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (!answer.ok) {
    location.assign(url);
    return;
  }
  host.innerHTML = await answer.text();
  window.htmx?.process(host);
  host.querySelector("dialog")?.showModal();
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const opener = event.target.closest("[data-dialog-open], [data-dialog-url]");
  if (opener) {
    event.preventDefault();
    opener.closest("details[data-dropdown]")?.removeAttribute("open");
    if (opener.dataset.dialogUrl) load(opener.dataset.dialogUrl);
    else document.getElementById(opener.dataset.dialogOpen)?.showModal();
    return;
  }
  const isBackdrop = event.target instanceof HTMLDialogElement;
  if (isBackdrop || event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
});

// What was asked for from inside a dialog has come: the list filtered by the drawer.
document.addEventListener("htmx:afterSwap", (event) => event.detail.requestConfig.elt.closest("dialog")?.close());
