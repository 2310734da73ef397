// [data-appearance] and [data-sidebar-toggle] change the look at once; the same form keeps it in a cookie.
const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");

function show(name, value) {
  root.dataset[name] = value;
  const isDark = root.dataset.theme === "dark" || (root.dataset.theme === "auto" && systemDark.matches);
  root.dataset.bsTheme = isDark ? "dark" : "light";
  document.dispatchEvent(new CustomEvent("ui:appearance"));
}

function keep(button) {
  const body = new FormData(button.form);
  body.set(button.name, button.value);
  fetch(button.form.action, { method: "POST", body, redirect: "manual" });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-appearance], [data-sidebar-toggle]");
  if (!button) return;
  event.preventDefault();
  show(button.name, button.value);
  keep(button);
  if (button.matches("[data-sidebar-toggle]")) {
    button.value = button.value === "open" ? "closed" : "open";
    return;
  }
  for (const other of button.parentElement.querySelectorAll("[data-appearance]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});

systemDark.addEventListener("change", () => show("theme", root.dataset.theme));
