// @ts-check
/* The page /verify/offline, and the file of `plaudit export-verifier`: takes a claim or a credential from the address,
   the field or a file, checks it here, and says what was found. Of it nothing is sent or stored. */

import { credentialIn } from "./baked.js";
import { checkTimes, parse, verify } from "./compact-claim.js";
import { checkCredential } from "./credential-check.js";
import { readCredential } from "./credential-reading.js";
import { factsOf } from "./facts.js";
import { keysOf, pinned } from "./known-keys.js";
import { mark } from "./marks.js";
import { momentOfDate } from "./moments.js";
import { notes, said } from "./offline-words.js";
import { codeIn, isPicture } from "./picture-codes.js";
import { Refused } from "./refused.js";
import { element, sentence } from "./sentences.js";

/** @typedef {import("./facts.js").Facts} Facts */
/** @typedef {import("./issuer-keys.js").Known} Known */
/** A thing whose form is good: whose it is, and what checks it with keys of theirs.
    @typedef {{issuer: string, check: (keys: Known["keys"]) => Promise<{facts: Facts, hasStatus: boolean, document?: any}>}} Given */

/** @param {string} name @returns {HTMLElement} */
const part = (name) => /** @type {HTMLElement} */ (document.getElementById(name));
const field = /** @type {HTMLTextAreaElement} */ (part("claim"));

/** @param {string} text @returns {Given} */
function claimGiven(text) {
  const parsed = parse(text);
  return {
    issuer: parsed.claim.issuer,
    check: async (keys) => {
      const claim = await verify(parsed, keys);
      checkTimes(claim, new Date());
      return { facts: claim, hasStatus: Boolean(claim.revocation || claim.suspension) };
    },
  };
}

/** @param {Uint8Array} bytes @returns {Given} */
function credentialGiven(bytes) {
  const read = readCredential(credentialIn(bytes));
  return {
    issuer: read.issuer,
    check: async (keys) => {
      const checked = await checkCredential(read, keys, momentOfDate(new Date()));
      return { facts: factsOf(checked), hasStatus: checked.status.length > 0, document: checked.document };
    },
  };
}

/** What stands in the text: an address or number with a claim, a token, or JSON. @param {string} text @returns {Given} */
function given(text) {
  const plain = text.trim();
  const fragment = plain.startsWith("{") ? plain : plain.replace(/^[^#]*#/, "");
  return /^(eyJ|\{)/.test(fragment) ? credentialGiven(new TextEncoder().encode(fragment)) : claimGiven(fragment);
}

/** How many checks were begun: only the last one is shown. */
let begun = 0;

/** @param {() => Given | Promise<Given>} take @param {string} done What the page is marked with once it shows the answer. */
async function check(take, done) {
  const mine = ++begun;
  const result = part("result");
  result.hidden = true;
  const answer = await judged(take);
  if (mine !== begun) return;
  part("verdict").className = `found found--${answer.tone}`;
  part("mark").replaceChildren(mark(answer.tone));
  part("sentence").replaceChildren(...answer.heading);
  part("word").textContent = answer.word;
  part("why").replaceChildren(...answer.lines.flatMap((line) => [element("span", "", line), " "]));
  part("next").hidden = !answer.record;
  if (answer.record) /** @type {HTMLAnchorElement} */ (part("record")).href = answer.record;
  part("signed").hidden = !answer.document;
  part("text").textContent = answer.document ? JSON.stringify(answer.document, null, 2) : "";
  result.dataset.milliseconds = String(answer.milliseconds);
  result.dataset.done = done;
  result.hidden = false;
}

/** What is to be said; `milliseconds` is what reading and checking took, without waiting for keys.
    @param {() => Given | Promise<Given>} take
    @returns {Promise<{tone: string, heading: (string | Node)[], word: string, lines: string[], record?: string, document?: any, milliseconds?: number}>} */
async function judged(take) {
  let remembered = false;
  try {
    const started = performance.now();
    const { issuer, check: confirm } = await take();
    const asking = performance.now();
    const known = await keysOf(issuer);
    const asked = performance.now();
    remembered = Boolean(known.remembered);
    const { facts, hasStatus, document: signed } = await confirm(known.keys);
    const milliseconds = performance.now() - started - (asked - asking);
    const lines = notes({ hasStatus, signedAt: facts.signedAt }, known, Boolean(pinned));
    return { tone: "caution", heading: sentence(facts), word: "Signature confirmed", lines, record: facts.record, document: signed, milliseconds };
  } catch (error) {
    const { code, detail } = error instanceof Refused ? error : { code: "internal_error", detail: undefined };
    const old = remembered && code === "kid_unknown";
    const { word, why, tone } = said(old ? (pinned ? "pinned_keys_old" : "keys_old") : code, detail);
    return { tone, heading: [tone === "bad" ? "This cannot be relied on." : "Nothing was confirmed."], word, lines: [why] };
  }
}

/** A credential's file, or a picture: with one baked into it, else of a code. @param {File} file @returns {Promise<Given>} */
async function fileGiven(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    return credentialGiven(bytes);
  } catch (error) {
    if (!isPicture(bytes) || (error instanceof Refused && !["not_baked", "invalid_utf8"].includes(error.code))) throw error;
    return given(await codeIn(file));
  }
}

/** @param {File | undefined} file */
async function checkFile(file) {
  if (file) await check(() => fileGiven(file), file.name);
}

function checkAddress() {
  const text = location.hash.slice(1);
  if (text) check(() => given(text), text);
}

part("check").addEventListener("click", () => check(() => given(field.value), field.value.trim().replace(/^[^#{]*#/, "")));
part("file").addEventListener("change", (event) => checkFile(/** @type {HTMLInputElement} */ (event.target).files?.[0]));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  checkFile(event.dataTransfer?.files[0]);
});
addEventListener("hashchange", checkAddress);
part("offline").hidden = false;
checkAddress();
if (!pinned) {
  navigator.serviceWorker?.register("/verify/offline-worker.js", { scope: "/verify" })
    .then(() => navigator.serviceWorker.ready)
    .then(() => { part("kept").hidden = false; });
}
