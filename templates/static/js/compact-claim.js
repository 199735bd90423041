// @ts-check
/* Reads a compact claim (docs/compact-claim.md) and checks its signature with WebCrypto. It asks nobody and shows
   nothing: whose key it is comes from the caller. What would be written otherwise than it was read is refused. */

import { domainOf } from "./domains.js";
import { confirms } from "./public-keys.js";
import { Refused } from "./refused.js";

const COMPLETION = -70001;
const MAX_BYTES = 1024, MAX_DIGITS = 2467, MAX_TEXT = 300;
const MAX_SECONDS = 253402300799, MAX_DAY = 2932896, MAX_HUNDREDTHS = 1000000, MAX_INDEX = 2 ** 32 - 1;
const RECORDS = "/c/", LISTS = "/status/";
const ALGORITHMS = new Map([[-8, "EdDSA"], [-7, "ES256"]]);
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

/** @param {string} message @returns {never} */
const malformed = (message) => { throw new Refused("compact_claim_malformed", message); };
/** @param {string} message @returns {never} */
const notCbor = (message) => { throw new Refused("cbor_malformed", message); };

/** The bytes of `9…`: base10 as multibase has it. @param {string} text */
export function bytesOf(text) {
  if (text.length > 1 + MAX_DIGITS) throw new Refused("compact_claim_too_large", "longer than any claim");
  if (!/^9[1-9][0-9]*$/.test(text)) throw new Refused("fragment_malformed", "not 9 and a decimal number");
  const hex = BigInt(text.slice(1)).toString(16);
  const even = hex.length % 2 ? "0" + hex : hex;
  if (even.length > 2 * MAX_BYTES) throw new Refused("compact_claim_too_large", "longer than any claim");
  return Uint8Array.from({ length: even.length / 2 }, (_, at) => parseInt(even.substr(2 * at, 2), 16));
}

/* --- CBOR: integers, texts, byte strings, arrays, maps; in deterministic encoding --------------------------------- */

/** @param {Uint8Array} bytes @returns {any} */
function decode(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 0;
  /** @param {number} count */
  const take = (count) => {
    if (count > bytes.length - at) notCbor("the CBOR ends too early");
    at += count;
    return at - count;
  };
  /** @param {number} info */
  const argument = (info) => {
    if (info < 24) return info;
    if (info === 24) return view.getUint8(take(1));
    if (info === 25) return view.getUint16(take(2));
    if (info === 26) return view.getUint32(take(4));
    if (info !== 27) return notCbor("an indefinite length, or a reserved one");
    const start = take(8);
    const number = view.getUint32(start) * 2 ** 32 + view.getUint32(start + 4);
    return Number.isSafeInteger(number) ? number : notCbor("a number that is too large");
  };
  /** @param {number} depth @returns {any} */
  const item = (depth) => {
    if (depth > 8) notCbor("nested too deep");
    const head = view.getUint8(take(1));
    const number = argument(head & 31);
    switch (head >> 5) {
      case 0: return number;
      case 1: return -1 - number;
      case 2: { const start = take(number); return bytes.slice(start, at); }
      case 3: { const start = take(number); return text(bytes.subarray(start, at)); }
      case 4: {
        const list = [];
        for (let left = number; left > 0; left--) list.push(item(depth + 1));
        return list;
      }
      case 5: {
        const map = new Map();
        for (let left = number; left > 0; left--) {
          const key = item(depth + 1);
          if (!["number", "string"].includes(typeof key) || map.has(key)) notCbor("a key that cannot be one");
          map.set(key, item(depth + 1));
        }
        return map;
      }
      default: return notCbor("a tag, a float or a simple value");
    }
  };
  /** @param {Uint8Array} part */
  const text = (part) => {
    try { return utf8.decode(part); } catch { return notCbor("a text that is not UTF-8"); }
  };
  const value = item(0);
  if (at !== bytes.length) notCbor("bytes after the item");
  if (!same(encode(value), bytes)) throw new Refused("cbor_not_deterministic", "not in the one form");
  return value;
}

/** @param {any} value @returns {Uint8Array<ArrayBuffer>} */
function encode(value) {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (value instanceof Uint8Array) return join([head(2, value.length), value]);
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return join([head(3, bytes.length), bytes]);
  }
  if (Array.isArray(value)) return join([head(4, value.length), ...value.map(encode)]);
  const pairs = [...value].map(([key, item]) => ({ key: encode(key), item: encode(item) }));
  pairs.sort((one, other) => compare(one.key, other.key));
  return join([head(5, pairs.length), ...pairs.flatMap(({ key, item }) => [key, item])]);
}

/** @param {number} major @param {number} number */
function head(major, number) {
  const info = number < 24 ? number : number < 256 ? 24 : number < 65536 ? 25 : number < 2 ** 32 ? 26 : 27;
  const bytes = new Uint8Array(info < 24 ? 1 : 1 + 2 ** (info - 24));
  bytes[0] = major << 5 | info;
  for (let at = bytes.length - 1, rest = number; at > 0; at--, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

/** @param {Uint8Array[]} parts */
function join(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (all.set(part, at), at + part.length), 0);
  return all;
}

/** @param {Uint8Array} one @param {Uint8Array} other */
function compare(one, other) {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length - other.length : one[at] - (other[at] ?? -1);
}

/** @param {Uint8Array} one @param {Uint8Array} other */
const same = (one, other) => one.length === other.length && compare(one, other) === 0;

/* --- the claims ---------------------------------------------------------------------------------------------------- */

/** @param {Uint8Array} bytes */
function base32(bytes) {
  let bits = 0n;
  for (const byte of bytes) bits = bits << 8n | BigInt(byte);
  bits <<= 2n;
  let text = "";
  for (; text.length < 26; bits >>= 5n) text = BASE32[Number(bits & 31n)] + text;
  return text;
}

/** Restores a URL from its one short form. @param {any} value @param {string} issuer @param {string} folder */
function urlOf(value, issuer, folder) {
  const domain = domainOf(issuer);
  const origin = `https://${domain}`;
  if (value instanceof Uint8Array) {
    return domain && value.length === 16 ? origin + folder + base32(value) : malformed("a URL of other bytes");
  }
  if (typeof value !== "string") return malformed("a URL is a text or 16 bytes");
  const relative = value.startsWith("/");
  if (relative && !domain) malformed("a path at no domain");
  const url = relative ? origin + value : value;
  if (!/^https?:\/\/[!-~]{1,300}$/.test(url)) malformed("not a short URL of visible ASCII characters");
  if (domain && !relative && url.startsWith(origin + "/")) malformed("a URL that was not shortened");
  const name = relative && value.startsWith(folder) ? value.slice(folder.length) : "";
  // The last character of 26 stands for three bits and two that are zero in the one form.
  if (/^[a-z2-7]{25}[aeimquy4]$/.test(name)) malformed("a name that was not shortened");
  return url;
}

/** @param {any} value @param {number} most @returns {number} */
const count = (value, most) =>
  Number.isInteger(value) && value >= 0 && value <= most ? value : malformed("not a whole number in its range");

/** @param {any} value @returns {string} */
const line = (value) =>
  typeof value === "string" && !/^\p{White_Space}*$/u.test(value) && [...value].length <= MAX_TEXT ? value : malformed("not a line of text");

/** @param {number} days */
const dayOf = (days) => new Date(days * 86400000).toISOString().slice(0, 10);
/** @param {number} seconds */
const momentOf = (seconds) => new Date(seconds * 1000).toISOString().replace(".000", "");

/** @param {any} claims */
function claimOf(claims) {
  if (!(claims instanceof Map)) return malformed("the claims are not a map");
  const issuer = claims.get(1), facts = claims.get(COMPLETION);
  if (typeof issuer !== "string" || !/^did:[a-z0-9]{1,20}:[A-Za-z0-9._:%-]{1,300}$/.test(issuer)) malformed("no issuer");
  if (!(facts instanceof Map) || !claims.has(6)) return malformed("no completion, or no time of signing");
  if ([...claims.keys()].some((key) => ![1, 4, 5, 6, COMPLETION].includes(key))) malformed("a claim that is not known");
  if ([...facts.keys()].some((key) => !Number.isInteger(key) || key < 1 || key > 10)) malformed("a fact that is not known");
  const awarded = count(facts.get(6), MAX_DAY);
  /** @param {number} key */
  const before = (key) => (facts.has(key) ? dayOf(awarded - count(facts.get(key), awarded)) : undefined);
  /** @param {number} key */
  const place = (key) => {
    if (!facts.has(key)) return undefined;
    const value = facts.get(key);
    if (!Array.isArray(value) || value.length !== 2) return malformed("a status is a URL and an index");
    return { list: urlOf(value[0], issuer, LISTS), index: count(value[1], MAX_INDEX) };
  };
  /** @param {number} key */
  const moment = (key) => (claims.has(key) ? momentOf(count(claims.get(key), MAX_SECONDS)) : undefined);
  if (facts.has(7) && facts.has(8) && facts.get(8) > facts.get(7)) malformed("the end is before the start");
  return {
    issuer,
    employer: line(facts.get(1)),
    student: line(facts.get(2)),
    title: line(facts.get(3)),
    record: urlOf(facts.get(4), issuer, RECORDS),
    awarded: dayOf(awarded),
    signedAt: momentOf(count(claims.get(6), MAX_SECONDS)),
    hours: facts.has(5) ? String(count(facts.get(5), MAX_HUNDREDTHS) / 100) : undefined,
    start: before(7),
    end: before(8),
    revocation: place(9),
    suspension: place(10),
    validFrom: moment(5),
    validUntil: moment(4),
  };
}

/* --- the signature ------------------------------------------------------------------------------------------------- */

/** @typedef {import("./issuer-keys.js").IssuerKey} Key */

/** Takes a claim apart; it is not to be believed yet. @param {string} text */
export function parse(text) {
  const message = bytesOf(text);
  if (message[0] !== 0xd2) throw new Refused("cose_malformed", "no COSE_Sign1");
  const parts = decode(message.subarray(1));
  if (!Array.isArray(parts) || parts.length !== 4) throw new Refused("cose_malformed", "not four parts");
  const [headers, unprotected, payload, signature] = parts;
  if (![headers, payload, signature].every((part) => part instanceof Uint8Array) || !(unprotected instanceof Map)) {
    throw new Refused("cose_malformed", "parts of other types");
  }
  const known = decode(headers);
  if (!(known instanceof Map)) throw new Refused("cose_malformed", "the headers are not a map");
  const algorithm = ALGORITHMS.get(known.get(1)), kid = known.get(4);
  if (!algorithm) throw new Refused("alg_not_allowed", "signed in another way");
  if (known.size !== 2 || unprotected.size !== 0) malformed("other headers");
  if (!(kid instanceof Uint8Array) || kid.length !== 4) malformed("the key hint has not four bytes");
  const hint = [.../** @type {Uint8Array} */ (kid)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const signed = encode(["Signature1", headers, new Uint8Array(), payload]);
  return { algorithm, hint, signature, signed, claim: claimOf(decode(payload)) };
}

/** The facts of the claim, once one of `keys`, its issuer's own, confirms it. @param {ReturnType<typeof parse>} parsed @param {Key[]} keys */
export async function verify(parsed, keys) {
  const candidates = keys.filter((key) => key.hint === parsed.hint && key.algorithm === parsed.algorithm && (key.vouches !== false || key.revoked));
  if (candidates.length === 0) throw new Refused("kid_unknown", "the issuer has no such key");
  const key = await firstThatFits(parsed, candidates);
  if (!key) throw new Refused("signature_invalid", "the signature is not this key's");
  if (key.revoked) throw new Refused("key_revoked", "the key was withdrawn");
  if (key.expires && key.expires <= parsed.claim.signedAt) throw new Refused("key_expired", "the key had ended");
  return parsed.claim;
}

/** @param {ReturnType<typeof parse>} parsed @param {Key[]} keys */
async function firstThatFits(parsed, keys) {
  for (const key of keys) if (await confirms(key, parsed.signature, parsed.signed)) return key;
  return undefined;
}

/** Refuses a claim outside its time; `now` is a moment as the claim's are. @param {{signedAt: string, validFrom?: string, validUntil?: string}} claim @param {Date} now */
export function checkTimes(claim, now) {
  if (claim.validUntil && now >= new Date(claim.validUntil)) throw new Refused("token_expired", "it has expired");
  if ([claim.signedAt, claim.validFrom].some((start) => start && now < new Date(start))) {
    throw new Refused("token_not_yet_valid", "it is not valid yet");
  }
}
