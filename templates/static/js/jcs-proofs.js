// @ts-check
/* Data Integrity proofs over the JSON itself: eddsa-jcs-2022, and ecdsa-jcs-2019 with P-256. */

import { fromMultibase } from "./encodings.js";
import { momentOf } from "./moments.js";
import { refuse } from "./refused.js";
import { asList, canonical, isObject } from "./strict-json.js";

const SUITES = new Map([["eddsa-jcs-2022", "EdDSA"], ["ecdsa-jcs-2019", "ES256"]]);
const STRINGS = ["id", "type", "cryptosuite", "verificationMethod", "proofPurpose", "challenge", "nonce"];
const MAX_PROOFS = 8;

/** @param {string} message @returns {never} */
const malformed = (message) => refuse("proof_malformed", message);

/** The proofs of a document, each of a kind that can be checked here. @param {Record<string, any>} document */
export function proofsOf(document) {
  const proofs = asList(document.proof ?? []);
  if (!proofs.length) refuse("no_proof", "nobody signed this");
  if (!proofs.every(isObject)) malformed("a proof is not an object");
  if (proofs.length > MAX_PROOFS) refuse("too_many_proofs", "more proofs than are checked");
  proofs.forEach(checkProof);
  return proofs;
}

/** @param {Record<string, any>} proof */
function checkProof(proof) {
  if (STRINGS.some((name) => name in proof && typeof proof[name] !== "string")) malformed("a member of another type");
  const suite = proof.type === "DataIntegrityProof" ? proof.cryptosuite : proof.type;
  if (proof.type !== "DataIntegrityProof" || !SUITES.has(suite)) refuse("format_not_here", "another way of signing", String(suite).slice(0, 60));
  if (!proof.verificationMethod || !proof.proofPurpose) malformed("no key, or no purpose");
  if (!proof.proofValue) refuse("no_proof", "a proof without a signature");
  strings(proof, "domain");
  for (const name of ["created", "expires"]) if (name in proof) momentOf(proof[name]);
  if (proof.proofPurpose !== "assertionMethod") refuse("proof_purpose", "signed for another purpose");
}

/** @param {Record<string, any>} proof @param {string} name @returns {string[]} */
function strings(proof, name) {
  const found = name in proof ? asList(proof[name]) : [];
  return found.every((item) => typeof item === "string") ? found : malformed("not text, or a list of texts");
}

/** What a key for `algorithm` signed, and its signature. @param {Record<string, any>} document @param {Record<string, any>} proof @param {string} algorithm */
export async function signedBy(document, proof, algorithm) {
  const needed = SUITES.get(proof.cryptosuite);
  if (algorithm === "ES384" && needed === "ES256") refuse("browser_cannot", "this page has no code for keys of this kind", algorithm);
  if (algorithm !== needed) refuse("alg_key_mismatch", "the key is of another kind");
  const signature = fromMultibase(proof.proofValue);
  if (signature.length !== 64) refuse("encoding", "signatures have 64 bytes");
  if ("@context" in proof) checkContexts(asList(document["@context"]), asList(proof["@context"]));
  const unsecured = Object.assign(Object.create(null), document), options = Object.assign(Object.create(null), proof);
  delete unsecured.proof;
  delete options.proofValue;
  const previous = previousOf(document, proof);
  if (previous.length) unsecured.proof = previous;
  const hashes = await Promise.all([options, unsecured].map((part) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(part)))));
  const signed = new Uint8Array(64);
  hashes.forEach((hash, at) => signed.set(new Uint8Array(hash), 32 * at));
  return { signature, signed };
}

/** The document's contexts begin with the proof's. @param {any[]} present @param {any[]} signed */
function checkContexts(present, signed) {
  if (!signed.length || canonical(present.slice(0, signed.length)) !== canonical(signed)) refuse("proof_context", "other contexts were signed");
}

/** The proofs that this one signs too. @param {Record<string, any>} document @param {Record<string, any>} proof */
function previousOf(document, proof) {
  if (!("previousProof" in proof)) return [];
  const names = strings(proof, "previousProof");
  const found = asList(document.proof).filter((one) => names.includes(one.id));
  const same = canonical([...names].sort()) === canonical(found.map((one) => one.id).sort());
  return names.length && !names.includes(proof.id) && same ? found : malformed("previousProof names no other proofs of the document");
}
