// @ts-check
/* Compares a file of the reader with a digest that was signed, in the browser: the file goes nowhere.
   Knows Subresource Integrity ("sha256-" and base64) and multibase multihashes ("z…" base58btc, "u…" base64url). */

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** Multihash code and length of a digest, as two bytes, and WebCrypto's name for how it is made. */
const MULTIHASHES = new Map([["18,32", "SHA-256"], ["32,48", "SHA-384"], ["19,64", "SHA-512"]]);

/** @param {string} text base64 or base64url */
const base64 = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

/** @param {string} text */
function base58(text) {
  let number = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) throw new RangeError("not base58btc");
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  return Uint8Array.from((hex.length % 2 ? `0${hex}` : hex).match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * What a signed digest demands.
 * @param {string} text
 * @returns {{algorithm: string, digest: Uint8Array} | null} null for a form that is not known here
 */
export function read(text) {
  try {
    const sri = /^sha(256|384|512)-([A-Za-z0-9+/]+=*)$/.exec(text);
    if (sri) return { algorithm: `SHA-${sri[1]}`, digest: base64(sri[2]) };
    const bytes = text[0] === "z" ? base58(text.slice(1)) : text[0] === "u" ? base64(text.slice(1)) : new Uint8Array();
    const algorithm = MULTIHASHES.get(`${bytes[0]},${bytes[1]}`);
    return algorithm && bytes.length === bytes[1] + 2 ? { algorithm, digest: bytes.slice(2) } : null;
  } catch {
    return null;
  }
}

/**
 * Whether these are the bytes that the digest was made of.
 * @param {ArrayBuffer} bytes
 * @param {{algorithm: string, digest: Uint8Array}} signed
 */
export async function fits(bytes, { algorithm, digest }) {
  const made = new Uint8Array(await crypto.subtle.digest(algorithm, bytes));
  return made.length === digest.length && made.every((byte, place) => byte === digest[place]);
}

for (const place of document.querySelectorAll("[data-digest]")) {
  const signed = read(place.getAttribute("data-digest") ?? "");
  const field = place.querySelector("input");
  const answer = place.querySelector("output");
  if (!signed || !field || !answer || !globalThis.crypto?.subtle) continue;
  for (const part of place.querySelectorAll("[data-without-script], [hidden]")) part.toggleAttribute("hidden");
  field.addEventListener("change", async () => {
    const file = field.files?.[0];
    answer.textContent = "";
    if (file) answer.textContent = answer.dataset[(await fits(await file.arrayBuffer(), signed)) ? "same" : "other"] ?? "";
  });
}
