// Lets @digitalbazaar/vc judge a credential. node vc_verify.mjs FOLDER FILE
// Answers {verified, statuses, errors}: `statuses` are the bits found in the status lists, in order of the entries.

import * as vc from '@digitalbazaar/vc';
import {answer, documentLoader, pages} from './memory_web.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {readFileSync} from 'node:fs';

const [folder, file] = process.argv.slice(2);
const credential = JSON.parse(readFileSync(file, 'utf8'));

const result = await vc.verifyCredential({
  credential,
  suite: new DataIntegrityProof({cryptosuite}),
  documentLoader: documentLoader(pages(folder)),
  checkStatus
});

const messages = error => error ? [error.message, ...(error.errors ?? []).flatMap(messages)] : [];

answer({
  verified: result.verified,
  statuses: (result.statusResult?.results ?? []).map(({status}) => status),
  errors: [...messages(result.error), ...messages(result.statusResult?.error)]
});
