// @ts-check
/* Makes the whole entrance a place to drop a file or a link on, or to paste a picture into; what is chosen is checked at
   once. Everything goes through the page's own form to our own server; nothing is read or kept here. */

const form = /** @type {HTMLFormElement} */ (document.getElementById("door"));
const file = /** @type {HTMLInputElement} */ (document.getElementById("file"));
const photo = /** @type {HTMLInputElement} */ (document.getElementById("photo"));
const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("credential"));
const word = /** @type {HTMLElement} */ (document.getElementById("door-word"));

/** An address, or a short code: what can be checked without a second look at it. */
const LEADS = /^\s*(?:https?:\/\/\S+|[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{5})\s*$/i;

/** Check files that were dropped, pasted or photographed. @param {FileList | File[]} files */
export function checkFiles(files) {
  if (files.length > 1) {
    word.textContent = word.dataset.several ?? "";
    return;
  }
  const held = new DataTransfer();
  held.items.add(files[0]);
  file.files = held.files;
  photo.value = "";
  field.value = "";
  form.requestSubmit();
}

/** Check a text. @param {string} text */
export function checkText(text) {
  file.value = "";
  photo.value = "";
  field.value = text;
  form.requestSubmit();
}

for (const chosen of [file, photo]) {
  chosen.addEventListener("change", () => { if (chosen.files?.length) checkFiles(chosen.files); });
}
field.addEventListener("input", () => { file.value = ""; photo.value = ""; });
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !LEADS.test(field.value)) return;
  event.preventDefault();
  form.requestSubmit();
});
form.addEventListener("submit", () => { word.textContent = word.dataset.busy ?? ""; });
addEventListener("pageshow", () => { word.textContent = ""; });

/** @param {DragEvent} event */
const carries = (event) => event.dataTransfer?.types.some((type) => ["Files", "text/uri-list", "text/plain"].includes(type));

/** How deep the pointer is in nested elements: each one entered fires, and each one left. */
let depth = 0;
addEventListener("dragenter", (event) => {
  if (!carries(event)) return;
  depth += 1;
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => {
  depth = Math.max(0, depth - 1);
  if (depth === 0) document.body.classList.remove("dropping");
});
addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!carries(event) || !event.dataTransfer) return;
  event.preventDefault();
  depth = 0;
  document.body.classList.remove("dropping");
  const { files } = event.dataTransfer;
  const text = event.dataTransfer.getData("text/uri-list").split("\n")[0] || event.dataTransfer.getData("text/plain");
  if (files.length) checkFiles(files);
  else if (text.trim()) checkText(text.trim());
});

addEventListener("paste", (event) => {
  const data = event.clipboardData;
  if (!data) return;
  if (data.files.length) {
    event.preventDefault();
    checkFiles(data.files);
    return;
  }
  if (event.target instanceof HTMLTextAreaElement) return;
  const text = data.getData("text/plain");
  if (LEADS.test(text)) checkText(text.trim());
  else if (text.trim()) {
    field.value = text;
    field.focus();
  }
});

const call = document.getElementById("drop-word");
if (call) call.hidden = false;

// Installed as an app, it has the page at hand that needs no server (offline-worker.js).
if (matchMedia("(display-mode: standalone)").matches) {
  navigator.serviceWorker?.register("/verify/offline-worker.js", { scope: "/verify" });
}
