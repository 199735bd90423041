// @ts-check
/* Checks a whole credential in the browser, as `credentials.verify` does, up to its status: form, key, signature, issuer,
   validity. It asks nobody: the issuer's keys come from the caller. A status is never judged here. */

import { checkShape, issuerOf, periodOf } from "./credential-shape.js";
import { keyNamed, ownerOf } from "./issuer-keys.js";
import { SKEW, stampOf } from "./moments.js";
import { confirms } from "./public-keys.js";
import { refuse } from "./refused.js";
import { asList, textOf } from "./strict-json.js";
import { readJwt } from "./vc-jwt.js";

/** @typedef {import("./issuer-keys.js").Known} Known */
/** @typedef {{name?: string, created?: bigint, end?: bigint, algorithm?: string, of: (algorithm: string) => Promise<{signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>}>}} Signature */
/** A credential whose form is good; nothing of it is confirmed. `start` is when a token's signature begins to hold.
    @typedef {{document: Record<string, any>, issuer: string, format: string, signatures: Signature[], start?: bigint}} Read */

const TOKEN = /^eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]*(~[A-Za-z0-9_~.-]*)?$/;

/** The credential of a token; nothing for what is none. @param {Uint8Array} bytes @returns {Read | undefined} */
export function readToken(bytes) {
  if (bytes[0] === 0xd2) refuse("format_not_here", "COSE", "COSE");
  const text = textOf(bytes).replace(/^[ \t\n\r\v\f]+|[ \t\n\r\v\f]+$/g, "");
  const token = TOKEN.exec(text);
  if (!token) return undefined;
  if (token[1]) refuse("format_not_here", "SD-JWT", "SD-JWT");
  const { document, kid, algorithm, created, start, end, signature, signed } = readJwt(text);
  checkShape(document);
  const one = { name: kid, created, end, algorithm, of: async () => ({ signature, signed }) };
  return { document, issuer: issuerOf(document) ?? "", format: "vc+jwt", signatures: [one], start };
}

/** The credential, once every signature of it is confirmed by a key of its issuer and it is within its time.
    @param {Read} read @param {Known["keys"]} keys @param {bigint} now */
export async function checkCredential(read, keys, now) {
  const { document, issuer, signatures } = read;
  if (!/^(did:|https:\/\/)/.test(issuer)) refuse("did_method_not_supported", "the issuer is neither a DID nor an address");
  const used = [];
  for (const signature of signatures) {
    if (ownerOf(signature.name, issuer) !== issuer) refuse("issuer_mismatch", "signed with somebody else's key");
    const key = await keyNamed(keys, signature.name, issuer, signature.created, now);
    const { signature: bytes, signed } = await signature.of(key.algorithm);
    if (signature.algorithm && signature.algorithm !== key.algorithm) refuse("alg_key_mismatch", "alg is not the key's");
    if (!await confirms(key, bytes, signed)) refuse("signature_invalid", "not what was signed");
    if (signature.created !== undefined && signature.created > now + SKEW) refuse("proof_created_in_future", "the signature is dated in the future");
    used.push(key);
  }
  const period = periodOf(document);
  checkTime(period.end, [period.start, read.start], signatures, now);
  const created = signatures.map((one) => one.created).find((moment) => moment !== undefined) ?? period.start;
  return {
    document, issuer, format: read.format, keys: used.map((key) => key.id), algorithms: used.map((key) => key.algorithm),
    signedAt: created === undefined ? undefined : stampOf(created),
    status: "credentialStatus" in document ? asList(document.credentialStatus) : [],
  };
}

/** @param {bigint | undefined} end @param {(bigint | undefined)[]} starts @param {Signature[]} signatures @param {bigint} now */
function checkTime(end, starts, signatures, now) {
  if (end !== undefined && end < now) refuse("expired", "it has expired", stampOf(end));
  for (const one of signatures) if (one.end !== undefined && one.end < now) refuse("proof_expired", "its signature has expired", stampOf(one.end));
  for (const start of starts) if (start !== undefined && start > now + SKEW) refuse("not_yet_valid", "it is not in force yet", stampOf(start));
}
