import { compact } from '../../scenarios/report/compact.ts';
import type { HistoryLine } from '../../scenarios/define/history.ts';
import { byNumber } from './nodes.ts';
import type { RunData } from './run-data.ts';

/** What a check made of an operation. */
export interface Judged {
  readonly check: string;
  /** The part of the history that it belongs to, and the key of that; '' if there are no parts. */
  readonly part: number;
  readonly key: string;
  readonly verdict: 'ok' | 'illegal' | 'unknown';
  /** Place in the linearization, from 1; undefined = it is in none. */
  readonly place?: number;
  /** Is it the one to look at first, or what the reason is about? */
  readonly blame?: 'culprit' | 'involved';
}

/** One operation of a client. */
export interface Operation {
  readonly id: number;
  readonly client: string;
  readonly fromUs: number;
  /** The end of the run if it never returned. */
  readonly untilUs: number;
  readonly status: HistoryLine['status'];
  /** `put k1 = "x"`, and what came of it. */
  readonly text: string;
  readonly result: string;
  readonly line: HistoryLine;
  readonly judged?: Judged;
}

/** Why a history is not as its check demands, in words. */
export interface Blame {
  readonly check: string;
  readonly key: string;
  readonly reason: string;
  /** Id of the operation to look at first. */
  readonly culprit: number;
  /** Ids of all that the reason is about. */
  readonly involved: readonly number[];
}

/** An operation in an order that explains the history, and the state after it. */
export interface Step {
  readonly operation: number;
  readonly state: string;
}

/** The operations of a run. */
export class Operations {
  /** By the time of their beginning. */
  readonly all: readonly Operation[];
  readonly clients: readonly string[];
  readonly blames: readonly Blame[];
  private readonly byId: Map<number, Operation>;
  private readonly data: RunData;

  constructor(data: RunData) {
    this.data = data;
    const judged = judgements(data);
    this.all = data.history.map((line): Operation => {
      const found = judged.get(line.id);
      return {
        id: line.id,
        client: line.client,
        fromUs: line.invokedUs,
        untilUs: line.completedUs ?? data.endUs,
        status: line.status,
        text: compact(line.input, 120),
        result: line.output === undefined ? '' : compact(line.output, 120),
        line,
        ...(found === undefined ? {} : { judged: found }),
      };
    });
    this.byId = new Map(this.all.map((operation) => [operation.id, operation]));
    this.clients = [...new Set(this.all.map(({ client }) => client))].toSorted(byNumber);
    this.blames = blamesOf(data);
  }

  get(id: number): Operation | undefined {
    return this.byId.get(id);
  }

  /** The operation that a client began or ended in an event. */
  ofEvent(event: number, client: string): Operation | undefined {
    const at = this.data.timeUs[this.data.firstOf(event)] ?? -1;
    return this.all.find((operation) => {
      if (operation.client !== client) return false;
      return operation.line.event === event || operation.fromUs === at;
    });
  }

  /** The order in which a check has put the operations of a part; as far as it came. */
  stepsOf(judged: Judged): Step[] {
    const checked = this.data.checked.find(({ check }) => check === judged.check);
    const part = checked?.info.parts[judged.part];
    const order = part?.partialLinearizations[0];
    if (checked === undefined || part === undefined || order === undefined) return [];
    return order.operations.map((index, i) => ({
      operation: checked.ids[index] ?? -1,
      state: part.states[order.states[i] ?? 0] ?? '',
    }));
  }
}

function judgements(data: RunData): Map<number, Judged> {
  const found = new Map<number, Judged>();
  for (const { check, info, ids } of data.checked) {
    for (const [
      part,
      { key = '', operations, verdict, violation, ...rest },
    ] of info.parts.entries()) {
      const places = new Map<number, number>();
      const [order] = rest.partialLinearizations;
      for (const [i, index] of (order?.operations ?? []).entries()) places.set(index, i + 1);
      const involved = new Set(violation?.operations);
      for (const index of operations) {
        const place = places.get(index);
        const blame =
          index === violation?.operation ? 'culprit' : involved.has(index) ? 'involved' : undefined;
        found.set(ids[index] ?? -1, {
          check,
          part,
          key,
          verdict,
          ...(place === undefined ? {} : { place }),
          ...(blame === undefined ? {} : { blame }),
        });
      }
    }
  }
  return found;
}

function blamesOf(data: RunData): Blame[] {
  return data.checked.flatMap(({ check, info, ids }) =>
    info.parts.flatMap(({ key = '', violation }): Blame[] => {
      if (violation === undefined) return [];
      const { reason, operation, operations } = violation;
      const idOf = (index: number): number => ids[index] ?? -1;
      return [{ check, key, reason, culprit: idOf(operation), involved: operations.map(idOf) }];
    }),
  );
}

/** For each thing that takes time, a track on which it overlaps no other; as few as can be. */
export function tracksOf(
  spans: readonly { readonly fromUs: number; readonly untilUs: number }[],
): number[] {
  const ends: number[] = [];
  return spans.map(({ fromUs, untilUs }) => {
    const free = ends.findIndex((end) => end <= fromUs);
    const track = free < 0 ? ends.length : free;
    // What takes no time still needs a place.
    ends[track] = Math.max(untilUs, fromUs + 1);
    return track;
  });
}
