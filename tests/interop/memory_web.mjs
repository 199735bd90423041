// A web in memory: answers from files what the Internet would answer, and nothing else. Opens no connection.

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const SCHEMAS = new URL('../../schemas/', import.meta.url);

const json = file => JSON.parse(readFileSync(file, 'utf8'));

/** URL of the DID document of a did:web (did:web method, section 3.2). */
function didWebUrl(did) {
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  return `https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`;
}

/**
 * The pinned contexts and schemas of the repository, and from `folder` what an export holds beside its credentials:
 * DID documents (did*.json) at the address that their id names, status lists (status-*.json) at their own.
 *
 * @param {string} [folder] - A folder as `plaudit issue --out` leaves it.
 * @returns {Map<string, object>} Documents by URL.
 */
export function pages(folder) {
  const found = new Map();
  for(const {url, file} of json(new URL('MANIFEST.json', SCHEMAS))) {
    found.set(url, json(new URL(file, SCHEMAS)));
  }
  for(const name of folder ? readdirSync(folder) : []) {
    if(/^did.*\.json$/.test(name)) {
      const document = json(join(folder, name));
      found.set(didWebUrl(document.id), document);
    } else if(/^status-.*\.json$/.test(name)) {
      const document = json(join(folder, name));
      found.set(document.id, document);
    }
  }
  return found;
}

/** One node of a DID document as a document of its own, or the whole document where the URL has no fragment. */
function dereference(document, url) {
  if(!url.includes('#')) {
    return document;
  }
  const method = document.verificationMethod.find(({id}) => id === url);
  if(!method) {
    throw new Error(`NotFoundError: ${url} is not in its DID document`);
  }
  return {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

/** A document loader as jsonld-signatures wants it, over `pages`. */
export function documentLoader(pages) {
  return async url => {
    const isDid = url.startsWith('did:web:');
    const page = pages.get(isDid ? didWebUrl(url.split('#')[0]) : url);
    if(!page) {
      throw new Error(`NotFoundError: nothing at ${url}`);
    }
    // "static" lets jsonld keep the contexts that it has read: here, as in a service, they never change.
    return {contextUrl: null, documentUrl: url, document: isDid ? dereference(page, url) : page, tag: 'static'};
  };
}

/**
 * Puts `pages` in the place of the global fetch, for code that brings its own document loader.
 *
 * @returns {string[]} Grows by each URL that was asked for and not there.
 */
export function replaceFetch(pages) {
  const missed = [];
  globalThis.fetch = async request => {
    const url = String(request.url ?? request);
    const page = pages.get(url);
    if(!page) {
      missed.push(url);
      throw new TypeError(`fetch failed: nothing at ${url}`);
    }
    return new Response(JSON.stringify(page), {headers: {'content-type': 'application/json'}});
  };
  return missed;
}

/** All of standard input, as JSON. */
export const input = () => json(0);

/** One line of JSON for the test that started this. */
export const answer = value => process.stdout.write(`${JSON.stringify(value)}\n`);
