// @ts-check
/* Where this page has an issuer's keys from: out of the file itself, where somebody exported it; else as this site finds
   them now; else as it found them last. */

import { Refused, refuse } from "./refused.js";

/** @typedef {import("./issuer-keys.js").Known} Known */

const KEYS_AT = "/api/v1/verify/issuer-keys?issuer=";
const WAIT_MS = 4000;

/** What an exported file brings along: it asks nobody. @type {{madeAt: string, issuers: Known[]} | null} */
export const pinned = JSON.parse(document.getElementById("pinned")?.textContent ?? "null");

/** @param {string} place @param {string} text */
function remember(place, text) {
  try { localStorage.setItem(place, text); } catch { /* A browser that keeps nothing: then only online. */ }
}

/** @param {string} place */
function remembered(place) {
  try { return localStorage.getItem(place); } catch { return null; }
}

/** @param {string} issuer @returns {Promise<Known>} */
export async function keysOf(issuer) {
  if (pinned) {
    const found = pinned.issuers.find((one) => one.issuer === issuer);
    return found ? { ...found, remembered: true } : refuse("issuer_not_pinned", "no keys of this issuer in the file");
  }
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
