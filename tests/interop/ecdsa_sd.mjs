// Lets @digitalbazaar/ecdsa-sd-2023-cryptosuite issue, derive and verify. Reads {issue, derive, verify} from standard
// input: [{credential, mandatory}], [{document, pointers}] and [document]. Answers lists of the same lengths; `verify`
// gives for each document true, or the messages of its errors.

import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as sd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import {answer, documentLoader, input, pages} from './memory_web.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import jsigs from 'jsonld-signatures';

const {issue = [], derive = [], verify = []} = input();
const purpose = () => new jsigs.purposes.AssertionProofPurpose();

/** The verification method of a did:key, and the document of the DID itself. */
function didKey(url) {
  const [did, fragment] = url.split('#');
  const id = `${did}#${did.slice('did:key:'.length)}`;
  const method = {
    '@context': 'https://w3id.org/security/multikey/v1',
    id, type: 'Multikey', controller: did, publicKeyMultibase: did.slice('did:key:'.length)
  };
  const document = fragment ? method : {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did, verificationMethod: [method], assertionMethod: [id]
  };
  return {contextUrl: null, documentUrl: url, document, tag: 'static'};
}

const web = documentLoader(pages());
const loader = async url => url.startsWith('did:key:') ? didKey(url) : web(url);

const pair = await EcdsaMultikey.generate({curve: 'P-256'});
pair.controller = `did:key:${pair.publicKeyMultibase}`;
pair.id = `${pair.controller}#${pair.publicKeyMultibase}`;

const issueOne = ({credential, mandatory}) => jsigs.sign(credential, {
  suite: new DataIntegrityProof({
    signer: pair.signer(),
    cryptosuite: sd.createSignCryptosuite({mandatoryPointers: mandatory})
  }),
  purpose: purpose(),
  documentLoader: loader
});

const deriveOne = ({document, pointers}) => jsigs.derive(document, {
  suite: new DataIntegrityProof({cryptosuite: sd.createDiscloseCryptosuite({selectivePointers: pointers})}),
  purpose: purpose(),
  documentLoader: loader
});

const messages = error => error ? [error.message, ...(error.errors ?? []).flatMap(messages)] : [];

const verifyOne = async document => {
  const {verified, error} = await jsigs.verify(document, {
    suite: new DataIntegrityProof({cryptosuite: sd.createVerifyCryptosuite()}),
    purpose: purpose(),
    documentLoader: loader
  });
  return verified || messages(error);
};

answer({
  issue: await Promise.all(issue.map(issueOne)),
  derive: await Promise.all(derive.map(deriveOne)),
  verify: await Promise.all(verify.map(verifyOne))
});
