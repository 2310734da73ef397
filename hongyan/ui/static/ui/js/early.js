// Runs before the first paint: a reader who follows the system gets the dark theme without a flash.
if (document.documentElement.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches) {
  document.documentElement.dataset.bsTheme = "dark";
}
