import type { Decision } from '../decision.ts';
import { type Flavour, readClaims, type VersionedKvPart } from './claims.ts';
import { explainContradiction, explainSweep } from './explain.ts';
import { sweepVersions } from './sweep.ts';
import { buildVersionTable } from './version-table.ts';
import { linearize } from './witness.ts';

/**
 * Decides one key of a versioned key/value store in time that is linear in the number of its
 * operations, once they are ordered, and independent of the number of clients.
 *
 * Versions grow by one with every write, so a linearization is told by when each version was
 * created. What the operations say about that are bounds of a version's creation by that of the one
 * before, and so the possible gaps are found version by version; see `Frontier`.
 *
 * @returns undefined if the versions that gets saw cannot be told from their values, in the lab's
 *   flavour
 */
export function decideVersionedKv(part: VersionedKvPart, flavour: Flavour): Decision | undefined {
  const claims = readClaims(part, flavour);
  if (claims === undefined) return undefined;
  const table = buildVersionTable(part, claims);
  if ('earlier' in table) {
    return { verdict: 'illegal', ...explainContradiction(part, claims, table) };
  }
  const sweep = sweepVersions(table);
  if (sweep.complete) return { verdict: 'ok', order: linearize(table, sweep) };
  return { verdict: 'illegal', ...explainSweep(table, sweep) };
}
