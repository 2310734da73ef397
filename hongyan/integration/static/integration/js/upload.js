// form[data-upload]: files are dropped or chosen, sent one by one with their progress, and each gets its own answer.
const MINE = "[data-upload]";

function answer(request, words) {
  if (request.status < 400 && request.responseText) return request.responseText;
  const notice = JSON.parse(request.getResponseHeader("HX-Trigger") || "{}")["ui:toast"];
  const line = document.createElement("p");
  line.className = "form-problem";
  line.textContent = notice?.text || words;
  return line.outerHTML;
}

function send(form, file) {
  const row = form.querySelector("[data-upload-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-upload-name]").textContent = file.name;
  form.querySelector("[data-upload-results]").append(row);
  const body = new FormData(form);
  body.delete("sent");
  body.append("sent", file, file.name);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = total ? Math.floor((loaded * 100) / total) : 0;
    row.querySelector("progress").value = percent;
    row.querySelector("[data-upload-percent]").textContent = `${percent}%`;
  });
  return new Promise((finished) => {
    request.addEventListener("loadend", () => {
      row.innerHTML = answer(request, `${file.name} ${form.dataset.failed}`);
      finished();
    });
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.send(body);
  });
}

async function sendAll(form, files) {
  const button = form.querySelector(".btn-primary");
  button.disabled = true;
  form.querySelector("[data-upload-results]").replaceChildren();
  for (const file of files) await send(form, file);
  button.disabled = false;
  form.querySelector("input[type=file]").value = "";
}

function showExpected(form) {
  const chosen = form.querySelector("select").value;
  for (const one of form.querySelectorAll("[data-expected]")) one.hidden = one.dataset.expected !== chosen;
}

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
  const form = mark(event, false)?.closest(MINE);
  if (form) sendAll(form, [...event.dataTransfer.files]);
});
// Before the page's own listener, which would mark the form as sent for good.
document.addEventListener("submit", (event) => {
  const form = event.target.closest(MINE);
  const files = form ? [...form.querySelector("input[type=file]").files] : [];
  if (!files.length) return;
  event.preventDefault();
  sendAll(form, files);
}, true);
document.addEventListener("change", (event) => {
  const form = event.target.closest(MINE);
  if (form && event.target.matches("select")) showExpected(form);
});

const prepare = () => document.querySelectorAll(MINE).forEach(showExpected);
new MutationObserver(prepare).observe(document.querySelector("[data-dialog-host]"), { childList: true });
prepare();
