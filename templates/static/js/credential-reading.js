// @ts-check
/* Takes a credential of any kind apart that is checked in a browser: a `vc+jwt`, or JSON with JCS proofs. */

import { readToken } from "./credential-check.js";
import { checkShape, issuerOf, typesOf } from "./credential-shape.js";
import { proofsOf, signedBy } from "./jcs-proofs.js";
import { momentOf } from "./moments.js";
import { refuse } from "./refused.js";
import { parseObject } from "./strict-json.js";

/** @typedef {import("./credential-check.js").Read} Read */

const MAX_BYTES = 1000000;

/** @param {Uint8Array} bytes @returns {Read} */
export function readCredential(bytes) {
  if (bytes.length > MAX_BYTES) refuse("json_too_large", "more bytes than any credential has");
  return readToken(bytes) ?? ofJson(parseObject(bytes));
}

/** @param {Record<string, any>} document @returns {Read} */
function ofJson(document) {
  const kinds = typesOf(document);
  const other = kinds.find((kind) => typeof kind === "string" && /^(Enveloped)?Verifiable(Credential|Presentation)$/.test(kind) && kind !== "VerifiableCredential");
  if (other) refuse("format_not_here", "not a credential itself", other);
  if (!kinds.includes("VerifiableCredential") && !("@context" in document)) refuse("not_a_credential", "no credential");
  checkShape(document);
  const proofs = proofsOf(document);
  const signatures = proofs.map((proof) => ({
    name: proof.verificationMethod,
    created: "created" in proof ? momentOf(proof.created) : undefined,
    end: "expires" in proof ? momentOf(proof.expires) : undefined,
    of: (/** @type {string} */ algorithm) => signedBy(document, proof, algorithm),
  }));
  return { document, issuer: issuerOf(document) ?? "", format: proofs[0].cryptosuite, signatures };
}
