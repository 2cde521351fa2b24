import { courseCatchOf, type Pack } from '../../scenarios/define/pack.ts';
import type { Specimen } from '../../scenarios/define/specimen.ts';
import {
  isKilled,
  killOf,
  officialKillOf,
  type Kill,
  type MatrixRow,
  type OfficialPass,
} from '../../scenarios/report/matrix/kill-matrix.ts';
import { inOrder } from '../in-order.ts';
import type { Cell } from './cells.ts';
import type { HuntLimits } from './hunt.ts';
import { Hunter, Unchanged } from './hunter.ts';

/** A matrix to be filled in. */
export interface MatrixJob extends HuntLimits {
  readonly packs: readonly Pack[];
  /** Those of a specimen one after the other. */
  readonly cells: readonly Cell[];
  /** How many workers share them. */
  readonly jobs: number;
  /** Told of each cell once it is done. */
  done?(cell: Cell): void;
}

/** What came of a cell. */
type Outcome =
  | { readonly kind: 'kill'; readonly kill: Kill }
  | { readonly kind: 'official'; readonly pass: OfficialPass };

/** The specimens, in their order, each as soon as all its cells are done. */
export async function* matrixRows(
  job: MatrixJob,
  interrupted: AbortSignal,
): AsyncGenerator<MatrixRow, void, void> {
  const { cells, jobs } = job;
  const unchanged = new Unchanged();
  const hunters = Array.from({ length: jobs }, () => new Hunter(unchanged, interrupted));
  const work = (hunter: Hunter, cell: Cell): Promise<Outcome | undefined> =>
    outcomeOf(hunter, cell, job);
  try {
    let done = 0;
    let outcomes: Outcome[] = [];
    for await (const outcome of inOrder(hunters, cells, work)) {
      // Undefined means interrupted, and nothing else.
      if (outcome === undefined) return;
      const { specimen } = cells[done]!;
      outcomes.push(outcome);
      job.done?.(cells[done]!);
      done++;
      if (cells[done]?.specimen === specimen) continue;
      yield rowOf(job.packs, specimen, outcomes);
      outcomes = [];
    }
  } finally {
    for (const hunter of hunters) await hunter.close();
  }
}

async function outcomeOf(
  hunter: Hunter,
  cell: Cell,
  limits: HuntLimits,
): Promise<Outcome | undefined> {
  if (cell.kind === 'official') {
    const pass = await hunter.pass(cell);
    return pass && { kind: 'official', pass };
  }
  const hunts = await hunter.kill(cell, limits);
  return hunts && { kind: 'kill', kill: killOf(cell.scenario, cell.view, hunts) };
}

function rowOf(
  packs: readonly Pack[],
  specimen: Specimen,
  outcomes: readonly Outcome[],
): MatrixRow {
  const kills = outcomes.flatMap((outcome) => (outcome.kind === 'kill' ? outcome.kill : []));
  const passes = outcomes.flatMap((outcome) => (outcome.kind === 'official' ? outcome.pass : []));
  const official = passes.length === 0 ? undefined : officialKillOf(passes);
  const { id, lab, title } = specimen;
  const course = courseCatchOf(packs, specimen);
  const killed = isKilled({ kills, official });
  return { format: 1, specimen: id, lab, title, killed, kills, official, course };
}
