// @ts-check
/* Keeps the progress of a confirmed upload up to date. Without this file the page reloads itself instead. */

const EVERY_MS = 700;
const LONGEST_MS = 10_000;

/** @param {HTMLElement} card @param {number} wait */
async function follow(card, wait) {
  let next = EVERY_MS;
  try {
    const answer = await fetch(card.dataset.progress ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const progress = await answer.json();
    show(card, progress);
    if (progress.state !== "running") return location.reload();
  } catch {
    next = Math.min(wait * 2, LONGEST_MS);
  }
  setTimeout(() => follow(card, next), next);
}

/** @param {HTMLElement} card @param {{done: number, total: number}} progress */
function show(card, progress) {
  const bar = card.querySelector("progress");
  if (bar) { bar.max = progress.total; bar.value = progress.done; }
  const done = card.querySelector("[data-done]");
  if (done) done.textContent = String(progress.done);
}

for (const card of document.querySelectorAll("[data-progress]")) {
  if (card instanceof HTMLElement) follow(card, EVERY_MS);
}
