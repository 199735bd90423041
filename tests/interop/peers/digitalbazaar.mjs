// @digitalbazaar/vc with its cryptosuites, jsonld and rdf-canonize, as operations for worker.mjs.
//
// `setup` comes first: {keys, pages}, keys as Multikeys with their secret parts, pages beside the pinned contexts.

import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {documentLoader, pages as pinned} from '../memory_web.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import {Ed25519VerificationKey2020} from '@digitalbazaar/ed25519-verification-key-2020';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import jsonld from 'jsonld';
import {canonize as rdfCanonize} from 'rdf-canonize';

const SIGN = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': eddsaJcs.createSignCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': ecdsaJcs.createSignCryptosuite,
  'ecdsa-sd-2023': options => ecdsaSd.createSignCryptosuite(options)
};
const CHECK = {...SIGN,
  'eddsa-jcs-2022': eddsaJcs.createVerifyCryptosuite,
  'ecdsa-jcs-2019': ecdsaJcs.createVerifyCryptosuite,
  'ecdsa-sd-2023': () => ecdsaSd.createVerifyCryptosuite()
};

let loader = documentLoader(pinned());
let keys = {};
let kept = {};
let turn = 0;

export async function setup({keys: given = [], pages = {}}) {
  loader = documentLoader(new Map([...pinned(), ...Object.entries(pages)]));
  keys = Object.fromEntries(await Promise.all(given.map(async key => [key.id, await pairOf(key)])));
}

/** Keeps lists by name, for the operations below that take one of a list after the other. */
export const keep = lists => {
  kept = {...kept, ...lists};
};

const next = list => kept[list][turn++ % kept[list].length];

/** `issue`, `canonize` and `verify`, each time of the next document or text in the list that `keep` was given. */
export const issueNext = ({list, ...args}) => issue({credential: next(list), ...args});
export const canonizeNext = ({list}) => canonize({document: next(list)});
export const verifyNext = ({list, ...args}) => verify({text: next(list), ...args});

const pairOf = key => (key.publicKeyMultibase.startsWith('z6Mk') ? Ed25519Multikey : EcdsaMultikey).from(key);

async function signingSuite({suite, key, created, mandatoryPointers}) {
  if(suite === 'Ed25519Signature2020') {
    return new Ed25519Signature2020({key: await Ed25519VerificationKey2020.from(await legacy(keys[key])), date: created});
  }
  const cryptosuite = SIGN[suite]({mandatoryPointers});
  return new DataIntegrityProof({signer: keys[key].signer(), cryptosuite, date: created});
}

/** The older form of an Ed25519 key, whose secret part is the seed and the public key. */
async function legacy(pair) {
  const {id, controller, publicKeyMultibase} = pair;
  const {secretKey} = await pair.export({secretKey: true, raw: true});
  const made = await Ed25519VerificationKey2020.generate({seed: secretKey.slice(0, 32), controller});
  if(made.publicKeyMultibase !== publicKeyMultibase) {
    throw new Error('the key changed when it was read');
  }
  made.id = id;
  return made;
}

const checkingSuite = suite => suite === 'Ed25519Signature2020' ?
  new Ed25519Signature2020() : new DataIntegrityProof({cryptosuite: CHECK[suite]()});

/** A suite is made once for a key, as a service would do. */
const made = new Map();
async function suiteOf(args) {
  const name = JSON.stringify([args.suite, args.key, args.created, args.mandatoryPointers]);
  if(!made.has(name)) {
    made.set(name, await signingSuite(args));
  }
  return made.get(name);
}

/** Signs `credential` as it stands; the peer writes its proof into what it is given, so it is given a copy. */
export const issue = async args => vc.issue({
  credential: {...args.credential}, suite: await suiteOf(args), documentLoader: loader, now: args.now
});

/** Reveals what the pointers name (ecdsa-sd-2023). */
export const derive = ({credential, selectivePointers}) => vc.derive({
  verifiableCredential: credential,
  suite: new DataIntegrityProof({cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers})}),
  documentLoader: loader
});

const messages = error => error ? [error.message, ...(error.errors ?? []).flatMap(messages)] : [];

/** Judges the text of a credential; its status too when `status` says so. */
export async function verify({text, suite, now, status = false}) {
  const result = await vc.verifyCredential({
    credential: JSON.parse(text),
    suite: checkingSuite(suite),
    documentLoader: loader,
    now,
    checkStatus: status ? checkStatus : async () => ({verified: true})
  });
  return {verified: result.verified, errors: messages(result.error)};
}

/** One answer of `verify` for each of several texts. */
export const verifyAll = async ({texts, ...options}) => {
  const results = [];
  for(const text of texts) {
    results.push(await verify({text, ...options}));
  }
  return results;
};

/** Signs a presentation of `credentials` for a challenge and a domain. */
export async function present({suite, key, created, credentials, challenge, domain}) {
  const presentation = vc.createPresentation({verifiableCredential: credentials, holder: keys[key].controller});
  return vc.signPresentation({
    presentation, suite: await signingSuite({suite, key, created}), challenge, domain, documentLoader: loader
  });
}

/** Judges a presentation and the credentials in it, made with one suite. */
export async function verifyPresentation({presentation, suite, challenge, domain, now}) {
  const result = await vc.verify({
    presentation,
    suite: checkingSuite(suite),
    challenge,
    domain,
    now,
    documentLoader: loader,
    checkStatus: async () => ({verified: true})
  });
  return {verified: result.verified, errors: messages(result.error)};
}

/** Canonical N-Quads as the cryptosuites make them. */
export async function canonize({document}) {
  const dataset = await jsonld.toRDF(document, {
    documentLoader: loader, base: null, safe: true, rdfDirection: 'i18n-datatype', produceGeneralizedRdf: false
  });
  return rdfCanonize(dataset, {algorithm: 'RDFC-1.0', format: 'application/n-quads'});
}

/** One canonical form, or the messages of an error, for each of `documents`. */
export async function canonizeAll({documents}) {
  const found = [];
  for(const document of documents) {
    found.push(await canonize({document}).catch(error => ({error: error.message})));
  }
  return found;
}
