// DIDKit 0.4 (Rust, as WebAssembly in @learncard/didkit-plugin), as operations for worker.mjs. It is given the pinned
// contexts and asked for nothing that needs the network.

import {pages, replaceFetch} from '../memory_web.mjs';
import {readFileSync} from 'node:fs';

const DIST = new URL('../node_modules/@learncard/didkit-plugin/dist/', import.meta.url);
const web = pages();
const missed = replaceFetch(web);

const didkit = await import(new URL('didkit_wasm.js', DIST));
didkit.initSync({module: readFileSync(new URL('didkit_wasm_bg.wasm', DIST))});

const contexts = () => JSON.stringify(Object.fromEntries([...web].map(([url, page]) => [url, JSON.stringify(page)])));

/** The addresses that it asked for in vain. */
export const asked = () => missed;

export const version = () => didkit.getVersion();

/** The did:key of a JWK, and the verification method in it. */
export const identify = async ({jwk}) => ({
  did: didkit.keyToDID('key', JSON.stringify(jwk)),
  verificationMethod: await didkit.keyToVerificationMethod('key', JSON.stringify(jwk))
});

/** Signs `credential` with `jwk`, as `options` say; a JWT comes as text, anything else as JSON. */
export async function issue({credential, options, jwk}) {
  const made = await didkit.issueCredential(
    JSON.stringify(credential), JSON.stringify(options), JSON.stringify(jwk), contexts());
  return options.proofFormat === 'jwt' ? made : JSON.parse(made);
}

/** Its own report on each of `texts`: {checks, warnings, errors}, or {error} where it threw. */
export async function verifyAll({texts, options}) {
  const found = [];
  for(const text of texts) {
    try {
      found.push(JSON.parse(await didkit.verifyCredential(text, JSON.stringify(options), contexts())));
    } catch(error) {
      found.push({thrown: String(error)});
    }
  }
  return found;
}

/** Signs a presentation. */
export const present = async ({presentation, options, jwk}) => JSON.parse(await didkit.issuePresentation(
  JSON.stringify(presentation), JSON.stringify(options), JSON.stringify(jwk), contexts()));

/** Its own report on a presentation. */
export const verifyPresentation = async ({presentation, options}) => JSON.parse(await didkit.verifyPresentation(
  JSON.stringify(presentation), JSON.stringify(options), contexts()));
