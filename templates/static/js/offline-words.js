// @ts-check
/* What the page without a server says, in words: outcomes, and what was and was not checked. */

import { day } from "./sentences.js";

/** @typedef {{word: string, why: string, tone: "caution" | "bad"}} Said */

const CANNOT = "Can’t check right now", NOT_CONFIRMED = "Not confirmed", NOT_HERE = "Can’t check here";
const BEFORE = "It says when it was signed itself, and a thief would write an early date.";

/** Outcomes: word, what it means, tone. `%` stands for a day. @type {Map<string, [string, string, "caution" | "bad"]>} */
const WORDS = new Map([
  ["fragment_malformed", ["Not a claim", "There is no claim and no credential in this text, or it was not copied whole.", "caution"]],
  ["compact_claim_too_large", ["Not a claim", "This is longer than any claim in a printed code.", "caution"]],
  ["not_a_credential", ["Not a credential", "This is not a credential that somebody signed.", "caution"]],
  ["no_proof", ["Not a credential", "Nobody signed this.", "caution"]],
  ["not_baked", ["Not a credential", "There is no credential in this image.", "caution"]],
  ["no_code", ["Not a claim", "There is not one QR code to be seen in this picture.", "caution"]],
  ["codes_not_here", [NOT_HERE, "This browser reads no codes off pictures. Open the code with the camera’s own app, and paste its address.", "caution"]],
  ["input_too_large", ["Not a credential", "This file is larger than any credential.", "caution"]],
  ["signature_invalid", ["Changed after signing", "The text is not what was signed, so nothing of it is shown.", "bad"]],
  ["kid_unknown", [NOT_CONFIRMED, "The named issuer does not publish the key that this was signed with.", "bad"]],
  ["issuer_mismatch", [NOT_CONFIRMED, "It was signed with the key of somebody else than the issuer whom it names.", "bad"]],
  ["key_revoked", [NOT_CONFIRMED, "The issuer has declared the key withdrawn that this was signed with.", "bad"]],
  ["key_later_withdrawn", [NOT_CONFIRMED, `The issuer declared the key stolen on %. ${BEFORE}`, "bad"]],
  ["key_expired", [NOT_CONFIRMED, "The key that this was signed with had already ended.", "bad"]],
  ["token_expired", ["Expired", "The signature is good, but the claim has expired.", "caution"]],
  ["expired", ["Expired", "The signature is good, but it expired on %.", "caution"]],
  ["proof_expired", ["Expired", "The signature was meant to hold until %.", "caution"]],
  ["token_not_yet_valid", ["Not yet valid", "The signature is good, but the claim does not hold yet. Is this device’s clock right?", "caution"]],
  ["not_yet_valid", ["Not yet valid", "The signature is good, but it does not hold before %. Is this device’s clock right?", "caution"]],
  ["proof_created_in_future", ["Not yet valid", "The signature is dated in the future. Is this device’s clock right?", "caution"]],
  ["keys_missing", [CANNOT, "The issuer’s keys are not on this device. Open this page once while it can reach the network.", "caution"]],
  ["keys_unknown", [CANNOT, "The named issuer’s keys could not be found.", "caution"]],
  ["keys_old", [CANNOT, "This device knows the issuer’s older keys only. Open this page once while it can reach the network.", "caution"]],
  ["issuer_not_pinned", [CANNOT, "The keys of the named issuer are not in this file.", "caution"]],
  ["pinned_keys_old", [CANNOT, "The key that this was signed with is not in this file: it may be newer.", "caution"]],
  ["browser_cannot", [NOT_HERE, "This browser cannot check signatures of this kind. The verifier on the network can.", "caution"]],
  ["context_not_known", [NOT_HERE, "It uses words whose meaning is not known here.", "caution"]],
  ["did_method_not_supported", [NOT_HERE, "Its issuer has a kind of name that is not known here.", "caution"]],
  ["internal_error", [CANNOT, "This check broke down, so it says nothing.", "caution"]],
]);
const NOT_JSON = ["json_syntax", "not_an_object", "invalid_utf8", "byte_order_mark", "json_too_large", "token_malformed", "image_damaged", "baked_twice"];
/** Ways of signing that are named; others are not repeated, because nobody confirmed them. */
const FORMATS = new Set(["eddsa-rdfc-2022", "ecdsa-rdfc-2019", "ecdsa-sd-2023", "bbs-2023", "Ed25519Signature2020", "SD-JWT", "COSE", "PDF",
  "JWT of VCDM 1.1", "EnvelopedVerifiableCredential", "VerifiablePresentation", "compressed PNG text"]);

/** @param {string} code @param {string} [detail] @returns {Said} */
export function said(code, detail) {
  if (code === "format_not_here") {
    const way = detail && FORMATS.has(detail) ? `“${detail}”` : "another way";
    return { word: NOT_HERE, tone: "caution", why: `This is ${way}, which this page cannot check without the server. The same record as .jwt can be checked here.` };
  }
  const [word, why, tone] = WORDS.get(code) ?? (NOT_JSON.includes(code)
    ? WORDS.get("not_a_credential") ?? []
    : ["Changed after signing", "This is not written as an issuer writes it, so nothing of it is shown.", "bad"]);
  return { word: String(word), why: String(why).replace("%", detail ? day(detail) : "an unknown day"), tone: tone === "bad" ? "bad" : "caution" };
}

/** What was not asked, and which keys were used.
    @param {{hasStatus: boolean, signedAt?: string}} found @param {import("./issuer-keys.js").Known} known @param {boolean} exported */
export function notes({ hasStatus, signedAt }, known, exported) {
  const found = day(known.asOf);
  return [
    hasStatus
      ? `Status as of ${signedAt ? day(signedAt) : "its signing"}, not asked now: it may have been withdrawn since.`
      : "It names no place where a withdrawal would be published.",
    exported ? `The issuer’s keys are the ones of ${found}, which came with this file.`
      : known.remembered ? `The issuer’s keys are the ones this site found on ${found}; they could not be looked up again now.`
      : "The issuer’s keys were looked up just now.",
  ];
}
