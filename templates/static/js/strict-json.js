// @ts-check
/* Reads JSON from bytes as strictly as `credentials.strict_json`, and writes its one canonical form (RFC 8785).

   UTF-8 without byte order mark, no member twice, no lone surrogate, integers within 2^53, nothing beyond a double,
   at most 32 levels. Objects have no prototype, so that a member may have any name. */

import { refuse } from "./refused.js";

const MAX_BYTES = 1000000, MAX_DEPTH = 32;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS = new Map([["t", ["true", true]], ["f", ["false", false]], ["n", ["null", null]]]);

/** @param {any} value @returns {value is Record<string, any>} */
export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** The value that the bytes are JSON of. @param {Uint8Array} bytes @param {number} [most] @returns {any} */
export function parseJson(bytes, most = MAX_BYTES) {
  if (bytes.length > most) refuse("json_too_large", "more bytes than any credential has");
  const text = textOf(bytes);
  let at = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found;
  };
  /** The next character that is no space; it stays. */
  const next = () => { take(SPACE); return text[at] ?? ""; };
  /** @param {string} character */
  const skip = (character) => next() === character ? (at += 1, true) : false;
  const string = () => {
    const found = next() === '"' && take(STRING);
    if (!found) return refuse("json_syntax", "not a string");
    const value = JSON.parse(found[0]);
    if (/\p{Cs}/u.test(value)) refuse("lone_surrogate", "half of a character");
    return value;
  };
  const number = () => {
    const found = take(NUMBER);
    if (!found) return refuse("json_syntax", "not a value");
    const value = Number(found[0]);
    const exact = found[1] !== "" || found[0].length <= 17 && BigInt(Math.abs(value)) <= 2n ** 53n && BigInt(found[0]) === BigInt(value);
    return exact && Number.isFinite(value) ? value : refuse("number_out_of_range", "a number that a double does not hold");
  };
  /** @param {number} depth @returns {any} */
  const value = (depth) => {
    const first = next();
    if (first === '"') return string();
    if (first === "{" || first === "[") {
      if (depth > MAX_DEPTH) refuse("json_depth", "nested too deep");
      at += 1;
      return first === "{" ? members(depth) : items(depth);
    }
    const word = WORDS.get(first);
    if (!word) return number();
    if (!text.startsWith(String(word[0]), at)) refuse("json_syntax", "not a word of JSON");
    at += String(word[0]).length;
    return word[1];
  };
  /** @param {number} depth */
  const items = (depth) => {
    /** @type {any[]} */
    const list = [];
    if (skip("]")) return list;
    do list.push(value(depth + 1)); while (skip(","));
    return skip("]") ? list : refuse("json_syntax", "a list without its end");
  };
  /** @param {number} depth */
  const members = (depth) => {
    const object = Object.create(null);
    if (skip("}")) return object;
    do {
      const name = string();
      if (name in object) refuse("duplicate_key", "a member that occurs twice");
      if (!skip(":")) refuse("json_syntax", "a member without a value");
      object[name] = value(depth + 1);
    } while (skip(","));
    return skip("}") ? object : refuse("json_syntax", "an object without its end");
  };
  const whole = value(1);
  return next() === "" && at === text.length ? whole : refuse("json_syntax", "more than one value");
}

/** As `parseJson`, for what must be an object. @param {Uint8Array} bytes @param {number} [most] @returns {Record<string, any>} */
export function parseObject(bytes, most) {
  const value = parseJson(bytes, most);
  return isObject(value) ? value : refuse("not_an_object", "the JSON is not an object");
}

/** The text of UTF-8 bytes. @param {Uint8Array} bytes */
export function textOf(bytes) {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    refuse("invalid_utf8", "not UTF-8");
  }
  return text.startsWith("\ufeff") ? refuse("byte_order_mark", "a byte order mark") : text;
}

/** The canonical form (RFC 8785) of what `parseJson` gave. @param {any} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === 2 ** 53 || value === -(2 ** 53)) refuse("not_canonicalizable", "an integer past those that a double tells apart");
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** A single value as a list of one. @param {any} value @returns {any[]} */
export const asList = (value) => Array.isArray(value) ? value : [value];
