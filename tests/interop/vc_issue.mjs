// Lets @digitalbazaar/vc sign credentials with a key of its own. Reads {credentials, created} from standard input.
// Answers {issuer, credentials}: the did:key that it made up, and the credentials signed by it with eddsa-rdfc-2022.

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {answer, documentLoader, input, pages} from './memory_web.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const {credentials, created} = input();

const pair = await Ed25519Multikey.generate();
const issuer = `did:key:${pair.publicKeyMultibase}`;
pair.id = `${issuer}#${pair.publicKeyMultibase}`;
pair.controller = issuer;

const issue = credential => vc.issue({
  credential: {
    ...credential,
    issuer: typeof credential.issuer === 'object' ? {...credential.issuer, id: issuer} : issuer
  },
  suite: new DataIntegrityProof({signer: pair.signer(), cryptosuite, date: created}),
  documentLoader: documentLoader(pages())
});

answer({issuer, credentials: await Promise.all(credentials.map(issue))});
