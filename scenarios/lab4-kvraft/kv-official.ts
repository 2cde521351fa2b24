import type { Scenario } from '../define/scenario.ts';
import { genericScenario } from './kv-generic.ts';
import { basic4B, matrix4B, matrix4C, troubled4B } from './kv-matrix.ts';
import { scriptedScenario } from './kv-scripted.ts';
import { onePartition4B, snapshotRpc4C, snapshotSize4C, speed4B, speed4C } from './kv-scripts.ts';

/** Part 4B, in the official order: the key/value service without snapshots. */
export const tests4B: readonly Scenario[] = [
  genericScenario(basic4B),
  scriptedScenario(speed4B),
  ...matrix4B.map(genericScenario),
  scriptedScenario(onePartition4B),
  ...troubled4B.map(genericScenario),
];

/** Part 4C: with snapshots. */
export const tests4C: readonly Scenario[] = [
  ...[snapshotRpc4C, snapshotSize4C, speed4C].map(scriptedScenario),
  ...matrix4C.map(genericScenario),
];
