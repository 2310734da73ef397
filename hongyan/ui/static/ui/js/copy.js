// [data-copy="text"] copies its text and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const text = document.querySelector("[data-toasts]").dataset.copied;
  document.dispatchEvent(new CustomEvent("ui:toast", { detail: { text } }));
});
