// @ts-check
/* Credentials signed as compact JWS (`vc+jwt`, VC-JOSE-COSE 1.0): read strictly. No header brings or names a key. */

import { CONTEXT, issuerOf, typesOf } from "./credential-shape.js";
import { fromBase64url } from "./encodings.js";
import { momentOf, momentOfSeconds } from "./moments.js";
import { refuse } from "./refused.js";
import { asList, canonical, isObject, parseObject } from "./strict-json.js";

/** @typedef {{document: Record<string, any>, kid?: string, algorithm: string, signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>, created?: bigint, start?: bigint, end?: bigint}} Token */

const MAX_TOKEN = 1400000, MAX_HEADER = 16384, MAX_KID = 2048;
const ALGORITHMS = ["EdDSA", "ES256", "ES384", "ES512", "RS256"];
/** Claims about the token, which stand beside the members of the credential and are none of them. */
const CLAIMS = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"];

/** @param {string} name @returns {never} */
const malformed = (name) => refuse("claim_malformed", "a claim of the wrong type", name);

/** @param {any} value */
function mediaType(value) {
  if (typeof value !== "string") return "";
  const short = value.toLowerCase().replace(/^application\//, "");
  return short.includes("/") ? value.toLowerCase() : short;
}

/** @param {string} text @returns {Token} */
export function readJwt(text) {
  if (text.length > MAX_TOKEN) refuse("token_too_large", "longer than any credential");
  const parts = text.split(".");
  if (parts.length !== 3 || !parts[2]) refuse("token_malformed", "not three parts");
  const header = headerOf(parts[0]);
  const payload = parseObject(fromBase64url(parts[1]));
  if ("vc" in payload || "vp" in payload) refuse("unexpected_claim", "a second credential beside the first");
  for (const name of ["iss", "sub", "aud"]) {
    const differs = name in header && name in payload && canonical(header[name]) !== canonical(payload[name]);
    if (differs) refuse(name === "iss" ? "issuer_mismatch" : "claim_mismatch", "header and payload differ", name);
  }
  const document = Object.assign(Object.create(null), payload);
  for (const name of CLAIMS) delete document[name];
  const claims = { ...Object.fromEntries(["iss", "sub", "aud"].filter((name) => name in header).map((name) => [name, header[name]])), ...payload };
  const times = checkClaims(claims, document);
  return {
    document, kid: header.kid, algorithm: header.alg, ...times,
    signature: fromBase64url(parts[2]), signed: new TextEncoder().encode(`${parts[0]}.${parts[1]}`),
  };
}

/** @param {string} part */
function headerOf(part) {
  if (part.length > MAX_HEADER) refuse("token_too_large", "a header larger than any");
  const header = parseObject(fromBase64url(part));
  if (!ALGORITHMS.includes(header.alg)) refuse("alg_not_allowed", "signed in another way", String(header.alg));
  if ("crit" in header) refuse("crit_not_understood", "an extension that is not known");
  if ("kid" in header && (typeof header.kid !== "string" || header.kid.length > MAX_KID)) refuse("token_malformed", "kid is no name of a key");
  const typ = mediaType("typ" in header ? header.typ : "JWT");
  if (typ === "jwt") refuse("format_not_here", "a token of version 1.1", "JWT of VCDM 1.1");
  if (typ !== "vc+jwt" || ("cty" in header && mediaType(header.cty) !== "vc")) refuse("typ", "not a vc+jwt");
  return header;
}

/** @param {Record<string, any>} claims @param {Record<string, any>} document */
function checkClaims(claims, document) {
  for (const name of ["iss", "sub", "jti", "nonce"]) {
    if (name in claims && (typeof claims[name] !== "string" || !claims[name])) malformed(name);
  }
  if ("aud" in claims && !asList(claims.aud).every((item) => typeof item === "string" && item)) malformed("aud");
  /** @param {string} name */
  const time = (name) => name in claims ? momentOfSeconds(claims[name]) : undefined;
  const created = typeof claims.iat === "string" ? stampOfClaim(claims.iat) : time("iat");
  if ("jti" in claims && "id" in document && document.id !== claims.jti) refuse("claim_mismatch", "jti is another id", "jti");
  if (!typesOf(document).includes("VerifiableCredential")) refuse("not_a_credential", "what was signed is no credential");
  if (asList(document["@context"])[0] !== CONTEXT) refuse("credential_malformed", "not of VCDM 2.0", "@context");
  if ("iss" in claims && claims.iss !== issuerOf(document)) refuse("issuer_mismatch", "iss is another issuer");
  const ids = asList(document.credentialSubject).filter((subject) => isObject(subject) && "id" in subject).map((subject) => subject.id);
  if ("sub" in claims && ids.length && !ids.includes(claims.sub)) refuse("claim_mismatch", "sub is another subject", "sub");
  return { created, start: time("nbf"), end: time("exp") };
}

/** @param {string} text */
function stampOfClaim(text) {
  try { return momentOf(text); } catch { return malformed("iat"); }
}
