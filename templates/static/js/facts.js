// @ts-check
/* What a confirmed credential says, as the few facts of a sentence; `credentials.verify.content` reads the same places.
   What stands elsewhere, or in another shape, is left out: a page never guesses. */

import { momentOf } from "./moments.js";
import { asList, isObject } from "./strict-json.js";

/** @typedef {{issuer: string, employer?: string, student?: string, title?: string, record?: string, hours?: string, start?: string, end?: string, signedAt?: string}} Facts */

/** @param {any} value @returns {Record<string, any>[]} */
const objects = (value) => asList(value).filter(isObject);
/** One object, or none: of several, none is chosen. @param {any} value */
const only = (value) => { const found = objects(value); return found.length === 1 ? found[0] : Object.create(null); };

/** @param {any} value @returns {string | undefined} */
function text(value) {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  const found = isObject(one) ? one["@value"] : one;
  return typeof found === "string" && found ? found : undefined;
}

/** The calendar day as it was signed. @param {any} value */
function day(value) {
  const found = text(value);
  try { return found && momentOf(found) !== undefined ? found.slice(0, 10) : undefined; } catch { return undefined; }
}

/** @param {{document: Record<string, any>, issuer: string, signedAt?: string}} checked @returns {Facts} */
export function factsOf({ document, issuer, signedAt }) {
  const subject = only(document.credentialSubject), achievement = only(subject.achievement);
  const record = text(document.id);
  return {
    issuer, signedAt,
    employer: text(only(document.issuer).name),
    student: studentOf(subject),
    title: text(achievement.name),
    record: record && /^https?:\/\//.test(record) ? record : undefined,
    hours: hoursOf(subject, achievement),
    start: day(subject.activityStartDate),
    end: day(subject.activityEndDate),
  };
}

/** @param {Record<string, any>} subject */
function studentOf(subject) {
  const named = objects(subject.identifier).find((one) => text(one.identityType) === "name" && [false, "false"].includes(one.hashed));
  return named ? text(named.identityHash) : text(subject.name);
}

/** @param {Record<string, any>} subject @param {Record<string, any>} achievement */
function hoursOf(subject, achievement) {
  const kinds = new Map(objects(achievement.resultDescription).map((one) => [text(one.id), text(one.resultType)]));
  const results = objects(subject.result).filter((one) => kinds.get(text(one.resultDescription)) === "ext:HoursWorked");
  return results.length ? text(results[results.length - 1].value) : undefined;
}
