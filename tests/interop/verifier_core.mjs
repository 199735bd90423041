// Lets @digitalcredentials/verifier-core judge a credential. node verifier_core.mjs FOLDER FILE
// Answers {log, errors, schemas, missed}: its steps as {id: valid or the name of the error}, its fatal errors, what it
// found by JSON Schema, who the list of known issuers says the issuer is, and the addresses that it asked for in vain.

import {answer, pages, replaceFetch} from './memory_web.mjs';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const [folder, file] = process.argv.slice(2);

// A list of known issuers where the folder has one. Whether somebody is on a list is a question of its own: without
// one, no list is asked.
const registry = join(folder, 'registry.json');
const lists = existsSync(registry) ?
  [{type: 'dcc-legacy', name: 'A list of employers', url: 'https://registry.example/issuers.json'}] : [];

const web = pages(folder);
lists.forEach(({url}) => web.set(url, JSON.parse(readFileSync(registry, 'utf8'))));
// Before anything of it is loaded: it keeps a fetch of its own otherwise.
const missed = replaceFetch(web);
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

const result = await verifyCredential({
  credential: JSON.parse(readFileSync(file, 'utf8')),
  knownDIDRegistries: lists
});

answer({
  log: Object.fromEntries((result.log ?? []).map(({id, valid, error}) => [id, error ? error.name : valid])),
  errors: (result.errors ?? []).map(({name, message}) => ({name, message})),
  schemas: (result.additionalInformation ?? []).filter(({id}) => id === 'schema_check').flatMap(({results}) => results),
  registered: (result.log ?? []).flatMap(({matchingIssuers}) => matchingIssuers ?? []).map(({issuer}) => issuer),
  missed
});
