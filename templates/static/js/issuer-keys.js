// @ts-check
/* The keys of one issuer, with their history: which of them a signature names, and whether that one may be believed. */

import { momentOf, stampOf } from "./moments.js";
import { refuse } from "./refused.js";
import { thumbprint } from "./public-keys.js";

/** One published key. `vouches` is false for a key that its issuer no longer lists; `broken` says why it is no key.
    @typedef {{id: string, algorithm: string, jwk?: import("./public-keys.js").Jwk, hint?: string, vouches?: boolean, broken?: string, revoked?: string, expires?: string}} IssuerKey */
/** The keys as they were found at `asOf`; `remembered` when they could not be looked up again.
    @typedef {{issuer: string, asOf: string, keys: IssuerKey[], remembered?: boolean}} Known */

const WHOLE_ID = /^(?:did|https):[^#]+#/;
const FRAGMENT = /^[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+$/;

/** Whose key is named: the part before the fragment of a whole id; a shorter name is one of the issuer's.
    @param {string | undefined} name @param {string} issuer */
export const ownerOf = (name, issuer) => name !== undefined && WHOLE_ID.test(name) ? name.slice(0, name.indexOf("#")) : issuer;

/** The key that `name` means, in force for a signature of the moment `created`. A token may call its key by less than
    its whole id, or not at all when there is just one.
    @param {IssuerKey[]} keys @param {string | undefined} name @param {string} issuer @param {bigint | undefined} created @param {bigint} now */
export async function keyNamed(keys, name, issuer, created, now) {
  const key = name !== undefined && WHOLE_ID.test(name) ? byId(keys, name, issuer) : await byLess(keys, name);
  checkInForce(key, created ?? now, now);
  return key;
}

/** @param {IssuerKey[]} keys @param {string} id @param {string} issuer */
function byId(keys, id, issuer) {
  if (ownerOf(id, issuer) !== issuer) refuse("issuer_mismatch", "somebody else's key");
  if (!FRAGMENT.test(id.slice(issuer.length + 1))) refuse("did_malformed", "no fragment that names a key");
  const key = keys.find((one) => one.id === id);
  if (!key) return refuse("kid_unknown", "the issuer has no such key");
  if (key.broken) refuse(key.broken, "not a usable key");
  if (key.vouches === false) refuse(key.revoked ? "key_later_withdrawn" : "verification_relationship", "the issuer does not vouch with it", key.revoked);
  return key;
}

/** @param {IssuerKey[]} keys @param {string | undefined} name */
async function byLess(keys, name) {
  const vouching = keys.filter((key) => key.vouches !== false && !key.broken);
  const exact = vouching.find((key) => key.id === name);
  if (exact) return exact;
  const named = [];
  for (const key of vouching) {
    const fragment = key.id.slice(key.id.indexOf("#") + 1);
    if (name === undefined || [fragment, "#" + fragment, await thumbprint(key)].includes(name)) named.push(key);
  }
  return named.length === 1 ? named[0] : refuse("kid_unknown", "no key of this name, or several");
}

/** As `VerificationMethod.check_in_force`: an end that came later is rotation; a withdrawal counts whenever it came.
    @param {IssuerKey} key @param {bigint} signedAt @param {bigint} now */
export function checkInForce(key, signedAt, now) {
  const revoked = key.revoked && momentOf(key.revoked), expires = key.expires && momentOf(key.expires);
  if (revoked && revoked <= signedAt) refuse("key_revoked", "the key had been withdrawn", stampOf(revoked));
  if (expires && expires <= signedAt) refuse("key_expired", "the key had ended", stampOf(expires));
  if (revoked && revoked <= now) refuse("key_later_withdrawn", "the key was withdrawn", stampOf(revoked));
}
