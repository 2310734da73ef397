// Every HTMX request that writes carries Django's token.
const token = document.querySelector('meta[name="csrf-token"]')?.content;

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, verb } = event.detail;
  if (verb !== "get") headers["X-CSRFToken"] = token;
});
