// [data-drop]: files dropped on the zone are chosen in its input, as if they had been picked there.
function mark(event, isOver) {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone) return null;
  event.preventDefault();
  zone.classList.toggle("is-over", isOver);
  return zone;
}

document.addEventListener("dragover", (event) => mark(event, true));
document.addEventListener("dragleave", (event) => mark(event, false));
document.addEventListener("drop", (event) => {
  const input = mark(event, false)?.querySelector("input[type=file]");
  if (!input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
