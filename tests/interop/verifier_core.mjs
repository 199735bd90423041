// Lets @digitalcredentials/verifier-core judge a credential. node verifier_core.mjs FOLDER FILE
// Answers {log, errors, schemas, missed}: its steps as {id: valid or the name of the error}, its fatal errors, what it
// found by JSON Schema, and the addresses that it asked for in vain.

import {answer, pages, replaceFetch} from './memory_web.mjs';
import {readFileSync} from 'node:fs';

const [folder, file] = process.argv.slice(2);

// Before anything of it is loaded: it keeps a fetch of its own otherwise.
const missed = replaceFetch(pages(folder));
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

const result = await verifyCredential({
  credential: JSON.parse(readFileSync(file, 'utf8')),
  // No list of known issuers: whether someone is on a list is a question of its own, and not this one.
  knownDIDRegistries: []
});

answer({
  log: Object.fromEntries((result.log ?? []).map(({id, valid, error}) => [id, error ? error.name : valid])),
  errors: (result.errors ?? []).map(({name, message}) => ({name, message})),
  schemas: (result.additionalInformation ?? []).filter(({id}) => id === 'schema_check').flatMap(({results}) => results),
  missed
});
