// Keeps one of peers/*.mjs alive: `node worker.mjs digitalbazaar`. Reads lines of JSON, {op, args, n}, from standard
// input, and answers each by a line {result, microseconds}: what the operation gave the last time, and how long one of
// its n turns took on average inside this process. An operation that throws answers {error} with the messages.

import {createInterface} from 'node:readline';

// An answer is the only thing that may stand on standard output.
console.log = console.info = console.debug = console.error;

const peer = await import(`./peers/${process.argv[2]}.mjs`);

/** The messages of an error and of those that it gathers. */
const messages = error => [
  error?.message ?? String(error),
  ...[...(error?.errors ?? []), ...(error?.cause ? [error.cause] : [])].flatMap(messages)
];

async function turns(operation, args, n) {
  let result;
  const began = process.hrtime.bigint();
  for(let turn = 0; turn < n; ++turn) {
    result = await operation(args);
  }
  return {result: result ?? null, microseconds: Number(process.hrtime.bigint() - began) / 1000 / n};
}

process.stdout.write('{"ready":true}\n');

for await (const line of createInterface({input: process.stdin})) {
  let answer;
  try {
    const {op, args = {}, n = 1} = JSON.parse(line);
    answer = await turns(peer[op], args, n);
  } catch(error) {
    answer = {error: messages(error)};
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
