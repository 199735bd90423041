// A small HTTP service around @digitalbazaar/vc, to be compared with ours: POST a credential, get {verified, errors}.
// node http_verifier.mjs PORT PROCESSES FILE, where FILE holds {pages}: what the Internet would answer, by URL.
//
// Everything is loaded and warm, and nothing is fetched. The status list's own signature is checked once, at the start,
// and not for each credential: a service would do so, too.

import * as vc from '@digitalbazaar/vc';
import {checkStatus as readStatus} from '@digitalbazaar/vc-bitstring-status-list';
import cluster from 'node:cluster';
import {createServer} from 'node:http';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documentLoader as loaderOf, pages as pinned} from './memory_web.mjs';
import {readFileSync} from 'node:fs';

const [port, processes, file] = process.argv.slice(2);
const {pages} = JSON.parse(readFileSync(file, 'utf8'));
const documentLoader = loaderOf(new Map([...pinned(), ...Object.entries(pages)]));
const suite = new DataIntegrityProof({cryptosuite});
const messages = error => error ? [error.message, ...(error.errors ?? []).flatMap(messages)] : [];

const checkStatus = options => readStatus({...options, verifyBitstringStatusListCredential: false});

async function verify(text) {
  const {verified, error} = await vc.verifyCredential({
    credential: JSON.parse(text), suite, documentLoader, checkStatus
  });
  return {verified, errors: messages(error)};
}

async function checkLists() {
  for(const credential of Object.values(pages)) {
    if([credential.type].flat().includes('BitstringStatusListCredential')) {
      const {verified, error} = await vc.verifyCredential({credential, suite, documentLoader});
      if(!verified) {
        throw error;
      }
    }
  }
}

function serve(request, response) {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', async () => {
    let body;
    try {
      body = await verify(Buffer.concat(parts).toString('utf8'));
    } catch(error) {
      body = {verified: false, errors: [error.message]};
    }
    const text = JSON.stringify(body);
    response.writeHead(200, {'content-type': 'application/json', 'content-length': Buffer.byteLength(text)});
    response.end(text);
  });
}

if(cluster.isPrimary) {
  for(let number = 0; number < Number(processes); number++) {
    cluster.fork();
  }
  process.on('SIGTERM', () => process.exit(0));
} else {
  await checkLists();
  createServer(serve).listen(Number(port), '127.0.0.1');
}
