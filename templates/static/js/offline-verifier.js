// @ts-check
/* The page /verify/offline: takes a claim from the address or from the field, checks it here, and says what was found.
   Of the claim nothing is sent or stored; an issuer's public keys are asked for by its DID, and remembered. */

import { Refused, checkTimes, domainOf, parse, verify } from "./compact-claim.js";

const KEYS_AT = "/api/v1/verify/issuer-keys?issuer=";
const WAIT_MS = 4000;
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** Outcomes: word, what it means, tone. */
const WORDS = new Map([
  ["fragment_malformed", ["Not a claim", "There is no claim in this text, or it was not copied whole.", "caution"]],
  ["compact_claim_too_large", ["Not a claim", "This is longer than any claim in a printed code.", "caution"]],
  ["signature_invalid", ["Changed after signing", "The text is not what was signed, so nothing of it is shown.", "bad"]],
  ["kid_unknown", ["Not confirmed", "The named issuer does not publish the key that this was signed with.", "bad"]],
  ["key_revoked", ["Not confirmed", "The issuer has declared the key withdrawn that this was signed with.", "bad"]],
  ["key_expired", ["Not confirmed", "The key that this was signed with had already ended.", "bad"]],
  ["token_expired", ["Expired", "The signature is good, but the claim has expired.", "caution"]],
  ["token_not_yet_valid", ["Not yet valid", "The signature is good, but the claim does not hold yet. Is this device's clock right?", "caution"]],
  ["keys_missing", ["Can’t check right now", "The issuer’s keys are not on this device. Open this page once while it can reach the network.", "caution"]],
  ["keys_unknown", ["Can’t check right now", "The named issuer’s keys could not be found.", "caution"]],
  ["keys_old", ["Can’t check right now", "This device knows the issuer’s older keys only. Open this page once while it can reach the network.", "caution"]],
  ["browser", ["Can’t check right now", "This browser cannot check signatures of this kind.", "caution"]],
]);
const MALFORMED = ["Changed after signing", "This is not a claim as an issuer writes it, so nothing of it is shown.", "bad"];

/** @param {string} name @returns {HTMLElement} */
const part = (name) => /** @type {HTMLElement} */ (document.getElementById(name));
const field = /** @type {HTMLTextAreaElement} */ (part("claim"));

/** @param {string} text such as 2026-05-02 */
const day = (text) => `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]} ${Number(text.slice(0, 4))}`;

/** @param {string} place @param {string} text */
function remember(place, text) {
  try { localStorage.setItem(place, text); } catch { /* A browser that keeps nothing: then only online. */ }
}

/** @param {string} place */
function remembered(place) {
  try { return localStorage.getItem(place); } catch { return null; }
}

/** The keys of an issuer: as this site finds them now, else as it found them last. @param {string} issuer */
async function keysOf(issuer) {
  const place = `plaudit-keys ${issuer}`;
  let missing = "keys_missing";
  try {
    const answer = await fetch(KEYS_AT + encodeURIComponent(issuer), { signal: AbortSignal.timeout(WAIT_MS), cache: "no-store" });
    if (answer.ok) {
      const found = await answer.text();
      remember(place, found);
      return { ...JSON.parse(found), remembered: false };
    }
    missing = "keys_unknown";
  } catch {
    // No network: that is what this page is for.
  }
  const kept = remembered(place);
  if (!kept) throw new Refused(missing, "no keys");
  return { ...JSON.parse(kept), remembered: true };
}

/** @param {string} tag @param {string} style @param {string} text */
function element(tag, style, text) {
  const made = document.createElement(tag);
  if (style) made.className = style;
  made.textContent = text;
  if (tag === "bdi") made.dir = "auto";
  return made;
}

/** The sentence, with what was signed set apart. @param {any} claim */
function sentence(claim) {
  const domain = domainOf(claim.issuer);
  const facts = [claim.hours && (claim.hours === "1" ? "1 hour" : `${claim.hours} hours`), period(claim)].filter(Boolean).join(", ");
  return [
    element("bdi", "verdict__issuer", claim.employer),
    ...(domain ? [" (", element("bdi", "verdict__domain", domain), ")"] : []),
    ` confirmed on ${day(claim.signedAt)} that `,
    element("bdi", "verdict__student", claim.student),
    " completed “",
    element("bdi", "verdict__title", claim.title),
    `”${facts ? `: ${facts}` : ""}.`,
  ];
}

/** @param {any} claim */
function period(claim) {
  const { start, end } = claim;
  if (!start || !end || start === end) return start || end ? day(start || end) : "";
  if (start.slice(0, 7) === end.slice(0, 7)) return `${Number(start.slice(8))}–${day(end)}`;
  return `${start.slice(0, 4) === end.slice(0, 4) ? day(start).slice(0, -5) : day(start)} – ${day(end)}`;
}

/** @param {string} tone @param {(string | Node)[]} heading @param {string} word @param {string[]} lines */
function show(tone, heading, word, lines) {
  part("result").hidden = false;
  part("verdict").className = `verdict verdict--${tone}`;
  part("sentence").replaceChildren(...heading);
  part("word").textContent = word;
  part("why").replaceChildren(...lines.map((line) => element("span", "verdict__time", line)).flatMap((line) => [line, " "]));
}

/** How many checks were begun: only the last one is shown. */
let begun = 0;

/** @param {string} text */
async function check(text) {
  const mine = ++begun;
  part("result").hidden = true;
  const { tone, heading, word, lines, claim, milliseconds } = await judged(text);
  if (mine !== begun) return;
  show(tone, heading, word, lines);
  part("next").hidden = !claim;
  if (claim) /** @type {HTMLAnchorElement} */ (part("record")).href = claim.record;
  part("result").dataset.milliseconds = String(milliseconds);
  part("result").dataset.done = text;
}

/** What is to be said of a claim; `milliseconds` is what reading and checking took, without waiting for keys.
    @param {string} text
    @returns {Promise<{tone: string, heading: (string | Node)[], word: string, lines: string[], claim?: any, milliseconds?: number}>} */
async function judged(text) {
  let remembered = false;
  try {
    const started = performance.now();
    const parsed = parse(text);
    const asking = performance.now();
    const known = await keysOf(parsed.claim.issuer);
    const asked = performance.now();
    remembered = known.remembered;
    const claim = await verify(parsed, known.keys);
    const milliseconds = performance.now() - started - (asked - asking);
    checkTimes(claim, new Date());
    return { tone: "caution", heading: sentence(claim), word: "Signature confirmed", lines: notes(claim, known), claim, milliseconds };
  } catch (error) {
    const found = error instanceof Refused ? error.code : "browser";
    const [word, why, tone] = WORDS.get(remembered && found === "kid_unknown" ? "keys_old" : found) ?? MALFORMED;
    return { tone, heading: [tone === "bad" ? "This cannot be relied on." : "Nothing was confirmed."], word, lines: [why] };
  }
}

/** What was not asked, and which keys were used. @param {any} claim @param {{asOf: string, remembered: boolean}} known */
function notes(claim, known) {
  return [
    claim.revocation || claim.suspension
      ? `Status as of ${day(claim.signedAt)}, not asked now: it may have been withdrawn since.`
      : "The claim names no place where a withdrawal would be published.",
    known.remembered
      ? `The issuer’s keys are the ones this site found on ${day(known.asOf)}; they could not be looked up again now.`
      : "The issuer’s keys were looked up just now.",
  ];
}

function checkAddress() {
  if (location.hash.length > 1) check(location.hash.slice(1));
}

part("check").addEventListener("click", () => check(field.value.trim().replace(/^[^#]*#/, "")));
addEventListener("hashchange", checkAddress);
part("offline").hidden = false;
checkAddress();
navigator.serviceWorker?.register("/verify/offline-worker.js", { scope: "/verify/offline" })
  .then(() => navigator.serviceWorker.ready)
  .then(() => { part("kept").hidden = false; });
