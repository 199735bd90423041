// @ts-check
/* Public keys that WebCrypto can check signatures with, Ed25519 and P-256, out of their text forms. The key chooses the
   algorithm. What could deceive is refused: private halves, points off the curve or of small order, other forms. */

import { fromBase64url, fromMultibase, toBase64url } from "./encodings.js";
import { refuse } from "./refused.js";
import { canonical, isObject } from "./strict-json.js";

/** @typedef {{kty: string, crv: string, x: string, y?: string}} Jwk */
/** `jwk` is missing for kinds of key that this code cannot use. @typedef {{algorithm: string, jwk?: Jwk}} PublicKey */

const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** Kinds of keys by the bytes of their Multicodec. */
const CODECS = new Map([["ed01", "EdDSA"], ["8024", "ES256"], ["8124", "ES384"], ["8224", "ES512"], ["8524", "RS256"]]);
const KINDS = new Map([["OKP Ed25519", "EdDSA"], ["EC P-256", "ES256"], ["EC P-384", "ES384"], ["EC P-521", "ES512"], ["RSA ", "RS256"]]);
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const ED_P = 2n ** 255n - 19n;
/** The y coordinates of Ed25519's points of small order. */
const SMALL = [0n, 1n, ED_P - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n];

/** @param {string} message @returns {never} */
const unusable = (message) => refuse("invalid_public_key", message);
/** @param {Uint8Array} bytes */
const hexOf = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {Uint8Array} bytes */
const numberOf = (bytes) => BigInt("0x" + (hexOf(bytes) || "0"));

/** Has an Ed25519 point small order, or another form than its canonical one? @param {Uint8Array} bytes */
function isWeak(bytes) {
  const y = numberOf(bytes.slice().reverse()) & 2n ** 255n - 1n;
  return y >= ED_P || SMALL.includes(y);
}

/** What y² must be. @param {bigint} x */
const curve = (x) => (((x * x - 3n) * x + B) % P + P) % P;

/** @param {Uint8Array} raw @returns {PublicKey} */
function ed25519(raw) {
  if (raw.length !== 32 || isWeak(raw)) unusable("not a usable point of Ed25519");
  return { algorithm: "EdDSA", jwk: { kty: "OKP", crv: "Ed25519", x: toBase64url(raw) } };
}

/** @param {Uint8Array} x @param {Uint8Array} y @returns {PublicKey} */
function p256(x, y) {
  const [one, other] = [numberOf(x), numberOf(y)];
  if (x.length !== 32 || y.length !== 32 || one >= P || other >= P || other * other % P !== curve(one)) unusable("not a point of P-256");
  return { algorithm: "ES256", jwk: { kty: "EC", crv: "P-256", x: toBase64url(x), y: toBase64url(y) } };
}

/** The other coordinate of a compressed point. @param {Uint8Array} raw @returns {PublicKey} */
function decompressed(raw) {
  if (raw.length !== 33 || raw[0] >> 1 !== 1) unusable("not a compressed point of P-256");
  const square = curve(numberOf(raw.slice(1)));
  let root = 1n;
  for (let exponent = P + 1n >> 2n, power = square; exponent; exponent >>= 1n, power = power * power % P) {
    if (exponent & 1n) root = root * power % P;
  }
  const y = (root & 1n) === BigInt(raw[0] & 1) ? root : P - root;
  return p256(raw.slice(1), Uint8Array.from({ length: 32 }, (_, at) => Number(y >> BigInt(8 * (31 - at)) & 255n)));
}

/** `publicKeyMultibase`. @param {unknown} text @returns {PublicKey} */
export function fromMultikey(text) {
  const bytes = fromMultibase(text);
  const algorithm = CODECS.get(hexOf(bytes.slice(0, 2)));
  if (!algorithm) return unusable("not a kind of key that is known here");
  const raw = bytes.slice(2);
  return algorithm === "EdDSA" ? ed25519(raw) : algorithm === "ES256" ? decompressed(raw) : { algorithm };
}

/** `publicKeyJwk`. @param {unknown} jwk @returns {PublicKey} */
export function fromJwk(jwk) {
  if (!isObject(jwk) || SECRET.some((name) => name in jwk)) return unusable("not a public JWK");
  const algorithm = KINDS.get(`${jwk.kty} ${jwk.crv ?? ""}`);
  if (!algorithm) return unusable("not a kind of key that is known here");
  const operations = "key_ops" in jwk ? jwk.key_ops : ["verify"];
  if (("use" in jwk && jwk.use !== "sig") || !Array.isArray(operations) || !operations.includes("verify")) unusable("not a key for signatures");
  if ("alg" in jwk && jwk.alg !== algorithm && !(algorithm === "EdDSA" && jwk.alg === "Ed25519")) unusable("a key for something else");
  /** @param {string} name */
  const part = (name) => typeof jwk[name] === "string" ? fromBase64url(jwk[name]) : unusable("a coordinate is missing");
  return algorithm === "EdDSA" ? ed25519(part("x")) : algorithm === "ES256" ? p256(part("x"), part("y")) : { algorithm };
}

/** The key's thumbprint (RFC 7638). @param {PublicKey} key */
export async function thumbprint(key) {
  if (!key.jwk) return "";
  const { kty, crv, x, y } = key.jwk;
  const text = canonical(y ? { crv, kty, x, y } : { crv, kty, x });
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

/** Is `signature` this key's over `data`? `browser_cannot` where WebCrypto does not know its kind.
    @param {PublicKey} key @param {Uint8Array<ArrayBuffer>} signature @param {Uint8Array<ArrayBuffer>} data */
export async function confirms(key, signature, data) {
  const ed = key.algorithm === "EdDSA";
  if (!key.jwk || !(ed || key.algorithm === "ES256")) return refuse("browser_cannot", "there is no code for keys of this kind here", key.algorithm);
  if (signature.length !== 64) refuse("signature_malformed", "signatures have 64 bytes");
  if (ed && isWeak(signature.slice(0, 32))) return false;
  const { kty, crv, x, y } = key.jwk;
  const kind = ed ? { name: "Ed25519" } : { name: "ECDSA", namedCurve: "P-256" };
  let loaded;
  try {
    loaded = await crypto.subtle.importKey("jwk", y ? { kty, crv, x, y } : { kty, crv, x }, kind, false, ["verify"]);
  } catch {
    return refuse("browser_cannot", "this browser does not check signatures of this kind", key.algorithm);
  }
  return crypto.subtle.verify(ed ? kind : { name: "ECDSA", hash: "SHA-256" }, loaded, signature, data);
}
