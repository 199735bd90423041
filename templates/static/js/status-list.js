// @ts-check
/* Whether a confirmed credential was withdrawn: reads its issuer's Bitstring Status Lists, as `vc+jwt`.
   Only a bit that was read from a list whose signature was confirmed says anything. */

import { checkCredential, readToken } from "./credential-check.js";
import { typesOf } from "./credential-shape.js";
import { fromBase64url } from "./encodings.js";
import { refuse } from "./refused.js";
import { asList, isObject } from "./strict-json.js";

/** @typedef {"none" | "standing" | "withdrawn" | "suspended" | "unknown"} Standing */

const MAX_ENTRIES = 4, MAX_BYTES = 2 ** 20, MINIMUM_BYTES = 131072 / 8;
const INFORMING = ["refresh", "message"];

/** @param {any[]} entries of `credentialStatus` @param {string} issuer @param {import("./issuer-keys.js").IssuerKey[]} keys
    @param {bigint} now @param {(url: string) => Promise<Uint8Array>} fetchList @returns {Promise<Standing>} */
export async function standingOf(entries, issuer, keys, now, fetchList) {
  const judged = entries.filter((entry) => !isObject(entry) || !INFORMING.includes(entry.statusPurpose));
  if (!judged.length) return "none";
  const found = await Promise.all(judged.slice(0, MAX_ENTRIES).map((entry) =>
    readEntry(entry, issuer, keys, now, fetchList).catch(() => /** @type {const} */ ("unknown"))));
  if (found.includes("withdrawn")) return "withdrawn";
  if (found.includes("suspended")) return "suspended";
  return judged.length > MAX_ENTRIES || found.includes("unknown") ? "unknown" : "standing";
}

/** @param {any} entry @param {string} issuer @param {import("./issuer-keys.js").IssuerKey[]} keys @param {bigint} now
    @param {(url: string) => Promise<Uint8Array>} fetchList @returns {Promise<Standing>} */
async function readEntry(entry, issuer, keys, now, fetchList) {
  const { type, statusPurpose: purpose, statusListCredential: url, statusListIndex: index, statusSize: size } = entry;
  const known = type === "BitstringStatusListEntry" && ["revocation", "suspension"].includes(purpose) && (size ?? 1) === 1;
  if (!known || typeof url !== "string" || !/^(0|[1-9][0-9]{0,15})$/.test(index)) refuse("status_entry_malformed", "not an entry that is read here");
  const read = readToken(await fetchList(url));
  if (!read || read.issuer !== issuer) return refuse("status_list_not_trusted", "another issuer's list");
  const { document } = await checkCredential(read, keys, now);
  const subject = document.credentialSubject;
  const right = typesOf(document).includes("BitstringStatusListCredential") && document.id === url &&
    isObject(subject) && subject.type === "BitstringStatusList" && asList(subject.statusPurpose).includes(purpose);
  if (!right) refuse("status_list_not_trusted", "not the list that is named");
  const bits = await expanded(subject.encodedList);
  const at = Number(index);
  if (at >= bits.length * 8) refuse("status_index_out_of_range", "the list has no such index");
  if (!(bits[Math.floor(at / 8)] & 0x80 >> at % 8)) return "standing";
  return purpose === "revocation" ? "withdrawn" : "suspended";
}

/** @param {unknown} text */
async function expanded(text) {
  if (typeof text !== "string" || text[0] !== "u") return refuse("status_list_malformed", "not multibase in base64url");
  const reader = new Blob([fromBase64url(text.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const bits = new Uint8Array(MAX_BYTES);
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (size + part.value.length > MAX_BYTES) refuse("status_list_too_large", "larger than any list");
    bits.set(part.value, size);
    size += part.value.length;
  }
  return size < MINIMUM_BYTES ? refuse("status_list_too_short", "too short to hide anybody in") : bits.subarray(0, size);
}
