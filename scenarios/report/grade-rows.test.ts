import { expect, test } from 'vitest';
import { placeIn } from './grade-rows.ts';

const OURS = 'file:///x/node_modules/faultlab/dist/sim/network/record-shape.js';

/** A stack as Node writes it: a message that looks like a frame, and frames of the simulator. */
const stackWith = (...own: string[]): string =>
  [
    'Error: see (other.ts:9:9)',
    '    at copy (file:///x/node_modules/faultlab/dist/sim/network/payload.js:63:19)',
    `    at Object.eval [as copy] (eval at compiled (${OURS}:69:22), <anonymous>:3:31)`,
    '    at Array.map (<anonymous>)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
    ...own.map((frame) => `    at ${frame}`),
  ].join('\n');

test.each([
  ['MyRaft.start (mine/my raft(1).ts:3:14)', 'mine/my raft(1).ts:3:14'],
  ['async MyRaft.start (../part.ts:3:14)', '../part.ts:3:14'],
  ['async part.ts:3:14', 'part.ts:3:14'],
  ['raft.ts:3:14', 'raft.ts:3:14'],
])('the place of a failure is the first frame of its author: %s', (frame, place) => {
  expect(placeIn(stackWith(frame, 'later (other.ts:1:1)'))).toBe(place);
});

test('a library that the author has bundled is told only if there is nothing else', () => {
  const library = 'lib (node_modules/lib/index.js:1:1)';

  expect(placeIn(stackWith(library, 'mine (raft.ts:3:14)'))).toBe('raft.ts:3:14');
  expect(placeIn(stackWith(library))).toBe('node_modules/lib/index.js:1:1');
});

test('a stack without any has no place', () => {
  expect(placeIn(stackWith())).toBeUndefined();
  expect(placeIn(undefined)).toBeUndefined();
});
