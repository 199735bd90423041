// Lets @digitalbazaar/vc sign a credential with a key of its own. Reads {credential, created} from standard input.
// Answers {issuer, credential}: the did:key that it made up, and the credential signed by it with eddsa-rdfc-2022.

import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {answer, documentLoader, input, pages} from './memory_web.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const {credential, created} = input();

const pair = await Ed25519Multikey.generate();
const issuer = `did:key:${pair.publicKeyMultibase}`;
pair.id = `${issuer}#${pair.publicKeyMultibase}`;
pair.controller = issuer;

if(typeof credential.issuer === 'object') {
  credential.issuer.id = issuer;
} else {
  credential.issuer = issuer;
}

const signed = await vc.issue({
  credential,
  suite: new DataIntegrityProof({signer: pair.signer(), cryptosuite, date: created}),
  documentLoader: documentLoader(pages())
});

answer({issuer, credential: signed});
