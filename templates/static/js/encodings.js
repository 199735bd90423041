// @ts-check
/* base64url and base58btc, strictly: what would be written otherwise than it was read is refused. */

import { refuse } from "./refused.js";

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const MAX_BASE58 = 768;

/** @param {string} message @returns {never} */
const malformed = (message) => refuse("encoding", message);

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64url(text) {
  const rest = text.length % 4;
  if (!/^[A-Za-z0-9_-]*$/.test(text) || rest === 1) malformed("not base64url without padding");
  // With two characters left, four bits of the last belong to no byte; with three, two.
  if (rest && BASE64URL.indexOf(text[text.length - 1]) % (rest === 2 ? 16 : 4)) malformed("bits that belong to no byte");
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export const toBase64url = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** Multibase `z…`. @param {unknown} text @returns {Uint8Array<ArrayBuffer>} */
export function fromMultibase(text) {
  if (typeof text !== "string" || text[0] !== "z") return malformed("not multibase in base58btc");
  if (text.length > MAX_BASE58 + 1) malformed("too long for base58");
  let number = 0n;
  for (const character of text.slice(1)) {
    const value = BASE58.indexOf(character);
    if (value < 0) malformed("a character that is none of base58btc");
    number = number * 58n + BigInt(value);
  }
  const zeros = text.slice(1).match(/^1*/)?.[0].length ?? 0;
  const digits = number ? number.toString(16) : "";
  const hex = digits.length % 2 ? "0" + digits : digits;
  return Uint8Array.from({ length: zeros + hex.length / 2 }, (_, at) => at < zeros ? 0 : parseInt(hex.substr(2 * (at - zeros), 2), 16));
}
