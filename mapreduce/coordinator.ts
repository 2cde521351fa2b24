import type {
  AssignArgs,
  AssignReply,
  ChangesArgs,
  ChangesReply,
  CompleteArgs,
  CompleteReply,
  GaspArgs,
  LostArgs,
  MakeCoordinator,
} from './contract.ts';
import { BadRecords } from './bad-records.ts';
import { JobTable } from './job-table.ts';
import { coordinatorRules, type CoordinatorRules } from './rules.ts';

/**
 * The master of §3.2: hands tasks out to whoever asks, and knows which of them are done. It calls
 * nobody; a worker that is silent for too long counts as dead (§3.3).
 */
export function coordinatorOf(rules: CoordinatorRules): MakeCoordinator {
  return (env, job) => {
    const table = new JobTable(job, rules);
    const bad = new BadRecords();
    const show = (): void => {
      const of = (kind: 'map' | 'reduce'): string => {
        const { completed, total } = table.progressOf(kind);
        return `${completed}/${total}`;
      };
      env.show({ maps: of('map'), reduces: of('reduce') });
    };
    const assign = ({ worker }: AssignArgs): AssignReply => {
      if (table.isDone) return { kind: 'exit' };
      const attempt = table.assign(worker, env.monotonic());
      if (attempt === undefined) return { kind: 'wait' };
      const { kind, task } = attempt;
      const skip = job.skipBadRecords === true ? { skip: bad.of(kind, task) } : {};
      if (kind === 'reduce') return { ...attempt, kind, ...table.sources, ...skip };
      return { ...attempt, kind, split: job.splits[task]!, reduces: job.reduces, ...skip };
    };
    return {
      handlers: {
        assign,
        complete(args: CompleteArgs): CompleteReply {
          const isFirst = table.complete(args, env.monotonic());
          show();
          return { isFirst };
        },
        lost(args: LostArgs): object {
          for (const loss of args.losses) table.lose(loss, args.asOf);
          table.fail(args);
          show();
          return {};
        },
        gasp(args: GaspArgs): object {
          bad.tell(args);
          table.fail(args);
          return {};
        },
        changes: (args: ChangesArgs): ChangesReply => table.changes(args),
        status: () => ({ maps: table.progressOf('map'), reduces: table.progressOf('reduce') }),
      },
      done: () => table.isDone,
      counts: () => ({ ...table.counts, skipped: bad.skipped }),
    };
  };
}

/** Our coordinator. */
export const makeCoordinator: MakeCoordinator = coordinatorOf(coordinatorRules);
