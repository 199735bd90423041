// @ts-check
/* The keys of a did:web out of its document, and where that document lies. */

import { momentOf } from "./moments.js";
import { fromJwk, fromMultikey } from "./public-keys.js";
import { refuse } from "./refused.js";
import { isObject, parseObject } from "./strict-json.js";

/** @typedef {import("./issuer-keys.js").IssuerKey} IssuerKey */

const MAX_BYTES = 256000;
const PURPOSE = "assertionMethod";
const LISTS = [PURPOSE, "authentication", "capabilityInvocation", "capabilityDelegation", "keyAgreement"];
const FORMS = new Map([
  ["Multikey", "publicKeyMultibase"], ["Ed25519VerificationKey2020", "publicKeyMultibase"],
  ["JsonWebKey", "publicKeyJwk"], ["JsonWebKey2020", "publicKeyJwk"],
]);
const MATERIAL = ["publicKeyMultibase", "publicKeyJwk", "publicKeyBase58", "publicKeyPem", "publicKeyHex"];
const PRIVATE = ["secretKeyMultibase", "privateKeyMultibase", "secretKeyJwk", "privateKeyJwk"];

/** Where a did:web has its document. Only this machine itself is asked without TLS. @param {string} did */
export function didWebUrl(did) {
  const [authority, ...path] = did.slice("did:web:".length).split(":");
  const [host, port, more] = authority.split("%3A");
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const named = host.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(host) && !/^(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)$/.test(host);
  const ported = port === undefined || (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65535 && more === undefined);
  const placed = path.every((part) => /^(?:[A-Za-z0-9._-]|%[89A-F][0-9A-F])+$/.test(part) && !/^\.+$/.test(part));
  if (!did.startsWith("did:web:") || did.length > 2048 || !named || !ported || !placed) refuse("did_malformed", "not a did:web");
  return `${host === "localhost" ? "http" : "https"}://${host}${port ? ":" + port : ""}/${path.join("/") || ".well-known"}/did.json`;
}

/** Every key in the document of `did`. @param {Uint8Array} bytes @param {string} did @returns {IssuerKey[]} */
export function keysOfDocument(bytes, did) {
  const document = read(bytes);
  if (typeof document.id !== "string") invalid("the document has no id");
  if (document.id !== did) refuse("did_document_id", "the document of somebody else");
  const lists = ["verificationMethod", ...LISTS];
  if (lists.some((name) => name in document && !Array.isArray(document[name]))) invalid("what should be a list is none");
  /** @type {{list: string, method: Record<string, any>}[]} */
  const found = lists.flatMap((list) => (document[list] ?? [])
    .filter((/** @type {any} */ method) => typeof method !== "string" || list === "verificationMethod")
    .map((/** @type {any} */ method) => ({ list, method })));
  if (found.some(({ method }) => !isObject(method) || typeof method.id !== "string")) invalid("a key has no id");
  const listed = (document[PURPOSE] ?? []).filter((/** @type {any} */ entry) => typeof entry === "string")
    .map((/** @type {string} */ entry) => absolute(entry, did));
  const keys = found.map(({ list, method }) => keyOf(method, did, list === PURPOSE || listed.includes(absolute(method.id, did))));
  return new Set(keys.map((key) => key.id)).size === keys.length ? keys : invalid("two keys have the same id");
}

/** @param {string} message @returns {never} */
const invalid = (message) => refuse("did_document_invalid", message);
/** @param {string} id @param {string} did */
const absolute = (id, did) => id.startsWith("#") ? did + id : id;

/** @param {Uint8Array} bytes */
function read(bytes) {
  try {
    return parseObject(bytes, MAX_BYTES);
  } catch {
    return invalid("the document is not strict JSON");
  }
}

/** @param {Record<string, any>} method @param {string} did @param {boolean} vouches @returns {IssuerKey} */
function keyOf(method, did, vouches) {
  const id = absolute(method.id, did);
  try {
    if (method.controller !== did || PRIVATE.some((name) => name in method)) refuse("verification_method_invalid", "not this issuer's alone");
    const [form, ...more] = MATERIAL.filter((name) => name in method);
    if (!form || more.length || FORMS.get(method.type) !== form) refuse("verification_method_invalid", "not a known form of a key");
    const key = form === "publicKeyJwk" ? fromJwk(method[form]) : fromMultikey(method[form]);
    if (method.type === "Ed25519VerificationKey2020" && key.algorithm !== "EdDSA") refuse("verification_method_invalid", "not an Ed25519 key");
    for (const name of ["revoked", "expires"]) if (name in method) momentOf(method[name]);
    const { revoked, expires } = method;
    return { id, ...key, vouches, ...(revoked && { revoked }), ...(expires && { expires }) };
  } catch {
    return { id, algorithm: "", vouches, broken: "verification_method_invalid" };
  }
}
