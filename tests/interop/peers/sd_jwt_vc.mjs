// @sd-jwt/sd-jwt-vc as operations for worker.mjs. Keys are JWKs; `alg` is ES256, ES384 or EdDSA.

import {ES256, ES384, digest, generateSalt} from '@sd-jwt/crypto-nodejs';
import {createPrivateKey, createPublicKey, sign, verify as verifySignature} from 'node:crypto';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';

/** Its crypto package has ECDSA only; Ed25519 is Node's own. */
const EdDSA = {
  getSigner: async jwk => {
    const key = createPrivateKey({key: jwk, format: 'jwk'});
    return data => sign(null, Buffer.from(data), key).toString('base64url');
  },
  getVerifier: async jwk => {
    const key = createPublicKey({key: jwk, format: 'jwk'});
    return (data, signature) => verifySignature(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'));
  }
};
const ALGORITHMS = {ES256, ES384, EdDSA};

const publicPart = ({d, ...jwk}) => jwk;

async function instance({alg, issuerKey, holderKey, holderAlg = 'ES256', statusList}) {
  const issuer = ALGORITHMS[alg];
  const holder = ALGORITHMS[holderAlg];
  return new SDJwtVcInstance({
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
    signAlg: alg,
    ...issuerKey?.d && {signer: await issuer.getSigner(issuerKey)},
    ...issuerKey && {verifier: await issuer.getVerifier(publicPart(issuerKey))},
    kbSignAlg: holderAlg,
    ...holderKey?.d && {kbSigner: await holder.getSigner(holderKey)},
    // The key that the issuer bound the credential to, and no other.
    kbVerifier: async (data, signature, payload) =>
      (await holder.getVerifier(payload.cnf.jwk))(data, signature),
    ...statusList && {statusListFetcher: async () => statusList}
  });
}

/** Signs `claims`, hiding what `frame` names (`_sd`, `_sd_decoy`). */
export const issue = async ({claims, frame, header, ...keys}) =>
  (await instance(keys)).issue(claims, frame, {header});

/** Discloses what `frame` says, bound to the holder's key where `binding` holds {iat, aud, nonce}. */
export const present = async ({text, frame, binding, ...keys}) =>
  (await instance(keys)).present(text, frame, binding && {kb: {payload: binding}});

/** What each of `texts` says, or why it is not believed. */
export async function verifyAll({texts, nonce, requiredClaimKeys, now, ...keys}) {
  const judge = await instance(keys);
  const found = [];
  for(const text of texts) {
    try {
      const {payload, kb} = await judge.verify(text, {keyBindingNonce: nonce, requiredClaimKeys, currentDate: now});
      found.push({payload, audience: kb?.payload.aud ?? null});
    } catch(error) {
      found.push({error: error.message});
    }
  }
  return found;
}
