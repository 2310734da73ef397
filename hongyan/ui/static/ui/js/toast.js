// Short notices. Server: HX-Trigger {"ui:toast": {"text": "…", "tone": "good"}}; scripts: the same event on document.
const host = document.querySelector("[data-toasts]");
const STAY_MS = 6000;

function toast({ text, tone = "good", undo = "" }) {
  // A page that polls while the server is away would say the same every second.
  if (!undo && [...host.querySelectorAll("p")].some((said) => said.textContent === text)) return;
  const item = document.createElement("div");
  item.className = `toast-item tone-${tone}`;
  item.append(Object.assign(document.createElement("i"), { className: "shape" }));
  item.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (undo) item.append(Object.assign(document.createElement("a"), { className: "btn btn-sm", href: undo.url, textContent: undo.label }));
  const close = Object.assign(document.createElement("button"), { className: "btn-quiet", type: "button", textContent: "×" });
  close.setAttribute("aria-label", host.dataset.closeLabel);
  close.addEventListener("click", () => item.remove());
  item.append(close);
  host.append(item);
  setTimeout(() => item.matches(":hover, :focus-within") || item.remove(), STAY_MS);
}

document.addEventListener("ui:toast", (event) => toast(event.detail));
