// <details data-dropdown> opens by itself; this closes it on a click elsewhere, on Escape, and keeps it in the window.
const open = () => document.querySelectorAll("details[data-dropdown][open]");

document.addEventListener("click", (event) => {
  for (const one of open()) if (!one.contains(event.target)) one.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of open()) {
    one.open = false;
    one.querySelector("summary").focus();
  }
});

document.addEventListener(
  "toggle",
  (event) => {
    const host = event.target;
    if (!host.matches?.("details[data-dropdown]") || !host.open) return;
    const pop = host.querySelector(".pop");
    pop?.classList.remove("is-flipped");
    if (pop && pop.getBoundingClientRect().right > innerWidth - 8) pop.classList.add("is-flipped");
  },
  true,
);

// A swap must not close the menu in which the reader is still ticking.
let kept = null;
document.addEventListener("htmx:beforeSwap", () => {
  kept = document.querySelector("details[data-dropdown-key][open]")?.dataset.dropdownKey;
});
document.addEventListener("htmx:afterSwap", () => {
  const again = kept && document.querySelector(`details[data-dropdown-key="${CSS.escape(kept)}"]`);
  if (again) again.open = true;
});
