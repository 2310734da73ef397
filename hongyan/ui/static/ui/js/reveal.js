// [data-reveal="url"] asks for a purpose, shows the plain value with a countdown, and masks it again. Inside [data-call]
// the plain value is a number to call.
const dialog = document.getElementById("reveal-dialog");
const form = dialog?.querySelector("[data-reveal-form]");
const problem = dialog?.querySelector("[data-reveal-problem]");
const token = document.querySelector('meta[name="csrf-token"]')?.content;
let current = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reveal]");
  if (!link || !dialog || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  current = link;
  form.reset();
  problem.hidden = true;
  dialog.showModal();
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const answer = await fetch(current.dataset.reveal, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-CSRFToken": token, Accept: "application/json" },
    });
    const { value, seconds, message } = await answer.json();
    if (!answer.ok) throw new Error(message);
    dialog.close();
    reveal(current, value, seconds);
  } catch (error) {
    const words = document.querySelector("[data-toasts]").dataset;
    problem.textContent = error instanceof TypeError || error instanceof SyntaxError ? words.failed : error.message || words.failed;
    problem.hidden = false;
  }
});

function reveal(link, value, seconds) {
  const box = link.closest(".masked");
  const text = box.querySelector("[data-masked-text]");
  const masked = text.textContent;
  const left = Object.assign(document.createElement("span"), { className: "masked-left num", ariaHidden: "true" });
  text.replaceChildren(link.closest("[data-call]") ? call(value) : value);
  box.classList.add("is-revealed");
  link.hidden = true;
  box.append(left);
  // Counted by the clock: a background tab slows timers down, and 60 s must stay 60 s.
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const rest = Math.ceil((end - Date.now()) / 1000);
    left.textContent = `${rest} s`;
    if (rest > 0) return;
    clearInterval(timer);
    text.textContent = masked;
    box.classList.remove("is-revealed");
    link.hidden = false;
    left.remove();
  };
  const timer = setInterval(tick, 500);
  tick();
}

function call(number) {
  return Object.assign(document.createElement("a"), { href: `tel:${number.replace(/[^+\d]/g, "")}`, textContent: number });
}
