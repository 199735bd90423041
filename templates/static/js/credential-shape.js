// @ts-check
/* The shape of a credential: the rules of VCDM 2.0 and 1.1, as `credentials.vcdm` has them. No JSON-LD: what the terms
   of a context mean, and whether it defines them, is not looked at here. */

import { momentOf } from "./moments.js";
import { refuse } from "./refused.js";
import { asList, isObject } from "./strict-json.js";

export const CONTEXT = "https://www.w3.org/ns/credentials/v2";
const OLD_CONTEXT = "https://www.w3.org/2018/credentials/v1";
/** Contexts whose content is pinned in every Plaudit: others may mean anything. */
export const KNOWN = [
  CONTEXT, OLD_CONTEXT, "https://www.w3.org/ns/credentials/examples/v2", "https://www.w3.org/ns/credentials/status/v1",
  ...["context-3.0.3.json", "context-3.0.2.json", "context-3.0.1.json", "context.json", "extensions.json"]
    .map((name) => "https://purl.imsglobal.org/spec/ob/v3p0/" + name),
  ...["vc/status-list/2021/v1", "security/data-integrity/v2", "security/data-integrity/v1", "security/multikey/v1",
    "security/suites/ed25519-2020/v1", "citizenship/v4rc1", "plaudit/v1"].map((name) => "https://w3id.org/" + name),
  "https://www.w3.org/ns/did/v1", "https://identity.foundation/.well-known/did-configuration/v1",
];
/** Members that are typed objects, and whether they must have an id. */
const TYPED = { credentialStatus: false, termsOfUse: false, evidence: false, refreshService: false, credentialSchema: true, confidenceMethod: false, renderMethod: false };
const OLD_TYPED = { credentialStatus: true, credentialSchema: true, refreshService: true, termsOfUse: false, evidence: false };

/** @param {string} where @returns {never} */
const broken = (where) => refuse("credential_malformed", "against the data model", where);

/** @param {any} value */
const isUrl = (value) => typeof value === "string" && /^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|\\^`\x7f]+$/.test(value);

/** @param {any} value */
const isText = (value) => typeof value === "string" || (isObject(value) && typeof value["@value"] === "string" &&
  Object.keys(value).every((name) => ["@value", "@language", "@direction"].includes(name)) &&
  (!("@language" in value) || (typeof value["@language"] === "string" && /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/.test(value["@language"]))) &&
  (!("@direction" in value) || ["ltr", "rtl"].includes(value["@direction"])));

/** @param {Record<string, any>} holder */
const checkTexts = (holder) => {
  for (const name of ["name", "description"]) if (name in holder && !asList(holder[name]).every(isText)) broken(name);
};

/** @param {Record<string, any>} document @returns {any[]} */
export const typesOf = (document) => asList("type" in document ? document.type : []);

/** The issuer's id, written plainly or in an object. @param {Record<string, any>} document @returns {string | undefined} */
export function issuerOf(document) {
  const found = isObject(document.issuer) ? document.issuer.id : document.issuer;
  return typeof found === "string" ? found : undefined;
}

/** @param {any[]} found */
const areTypes = (found) => found.every((kind) => typeof kind === "string" && kind);

/** Refuses a document that is no well-formed credential. @param {Record<string, any>} document */
export function checkShape(document) {
  const old = asList(document["@context"])[0] === OLD_CONTEXT;
  const contexts = document["@context"];
  if (!Array.isArray(contexts) || contexts[0] !== (old ? OLD_CONTEXT : CONTEXT)) broken("@context");
  if (!contexts.every((/** @type {any} */ item) => typeof item === "string" || isObject(item))) broken("@context");
  if (!areTypes(typesOf(document)) || !typesOf(document).includes("VerifiableCredential")) broken("type");
  if ("id" in document && !isUrl(document.id)) broken("id");
  checkIssuer(document);
  checkSubject(document);
  checkPeriod(document, old);
  for (const [name, needsId] of Object.entries(old ? OLD_TYPED : TYPED)) if (name in document) checkTyped(document[name], name, needsId);
  if (!old) {
    checkTexts(document);
    checkRelated(document);
  }
  for (const context of contexts) if (!KNOWN.includes(context)) refuse("context_not_known", "a context that is not known here", String(context));
}

/** @param {Record<string, any>} document */
function checkIssuer(document) {
  if (!isUrl(issuerOf(document))) broken("issuer");
  if (isObject(document.issuer)) checkTexts(document.issuer);
}

/** @param {Record<string, any>} document */
function checkSubject(document) {
  const subjects = asList(document.credentialSubject);
  if (!subjects.length) broken("credentialSubject");
  for (const subject of subjects) {
    if (!isObject(subject) || !Object.keys(subject).length || ("id" in subject && !isUrl(subject.id))) broken("credentialSubject");
  }
}

/** @param {Record<string, any>} document @param {boolean} old */
function checkPeriod(document, old) {
  const [start, end] = (old ? ["issuanceDate", "expirationDate"] : ["validFrom", "validUntil"])
    .map((name) => name in document ? stamp(document[name], name) : undefined);
  if (old && start === undefined) broken("issuanceDate");
  if (start !== undefined && end !== undefined && end < start) broken("validUntil");
}

/** @param {any} text @param {string} name */
function stamp(text, name) {
  try { return momentOf(text); } catch { return broken(name); }
}

/** @param {any} value @param {string} name @param {boolean} needsId */
function checkTyped(value, name, needsId) {
  for (const item of asList(value)) {
    if (!isObject(item) || !typesOf(item).length || !areTypes(typesOf(item))) broken(name);
    if ((needsId || "id" in item) && !isUrl(item.id)) broken(name);
  }
}

/** Each named once, with a digest; whether that fits is for whoever reads the resource. @param {Record<string, any>} document */
function checkRelated(document) {
  const seen = new Set();
  for (const item of "relatedResource" in document ? asList(document.relatedResource) : []) {
    if (!isObject(item) || !isUrl(item.id) || seen.has(item.id)) broken("relatedResource");
    seen.add(item.id);
    const digests = ["digestSRI", "digestMultibase"].filter((name) => name in item);
    if (!digests.length || digests.some((name) => typeof item[name] !== "string" || !item[name])) broken("relatedResource");
  }
}

/** From when until when the credential says that it holds. @param {Record<string, any>} document */
export function periodOf(document) {
  /** @param {string[]} names */
  const first = (...names) => names.filter((name) => name in document).slice(0, 1).map((name) => momentOf(document[name]))[0];
  return { start: first("validFrom", "issuanceDate"), end: first("validUntil", "expirationDate") };
}
