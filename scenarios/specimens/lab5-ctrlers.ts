import { ctrlerRules } from '../../shardkv/index.ts';
import { type Entry, withClerkRule, withCtrlerPort, withCtrlerRule } from './lab5-parts.ts';

/** Bugs of controllers and clerks. */
export const ctrlerEntries: readonly Entry[] = [
  {
    id: 'S9',
    title: 'A controller finishes another change than the one that was begun',
    seam: 'rule',
    guarantee: 'a number belongs to one configuration',
    class: 'safety',
    lesson:
      'Some shards have moved for the change that was posted. Whoever takes it back, or replaces ' +
      'it by one of its own under the same number, leaves them where nobody looks.',
    scenarios: ['shardkv/recover-ctrler', 'shardkv/chaos-3'],
    layers: withCtrlerRule({
      unfinished(both) {
        const next = ctrlerRules.unfinished(both);
        const now = both.current.config;
        return next === undefined || now === undefined ? next : { ...now, num: next.num };
      },
    }),
  },
  {
    id: 'S11',
    title: 'A controller that was held up puts the configuration that it remembers in force',
    seam: 'rule',
    guarantee: 'the present configuration never goes back',
    class: 'safety',
    lesson:
      'Its own moves had all been made, so that no group refused it anything. Only the store ' +
      'knows how far the world has gone since.',
    scenarios: ['shardkv/late-ctrler'],
    layers: withCtrlerRule({ mayReplace: (current, { num }) => current?.num !== num }),
  },
  {
    id: 'S13',
    title: 'The clerk forgets what may have happened when it turns to another group',
    seam: 'rule',
    guarantee: 'ErrVersion means that the put was not carried out',
    class: 'safety',
    lesson:
      'A put whose answer was lost moves with its shard. The next group refuses the same put ' +
      'because of it, and the first group is where nobody looks any more.',
    scenarios: ['shardkv/lost-reply', 'shardkv/chaos-3'],
    layers: withClerkRule({ carriedOver: (_before, here) => here }),
  },
  {
    id: 'S19',
    title: 'Shards are moved one after the other',
    seam: 'port',
    guarantee: 'a group that is down holds up nobody but its own shards',
    class: 'liveness',
    lesson:
      'The first move that needs a dead group holds up all that come after it, between groups ' +
      'that are up. No official test looks before the change is over.',
    scenarios: ['shardkv/dead-destination'],
    layers: withCtrlerPort({
      async moveAll(_env, moves, moveOne) {
        for (const move of moves) await moveOne(move);
      },
    }),
  },
  {
    id: 'S25',
    title: 'A shard is deleted at the source before the destination has it',
    seam: 'port',
    guarantee: 'at every moment one group at least has the data',
    class: 'safety',
    lesson:
      'Between the two the only copy is in the memory of a controller, and controllers crash. ' +
      'Nothing is wrong as long as they do not.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withCtrlerPort({
      async moveOne(_env, move, steps) {
        const state = await steps.freeze(move);
        if (state === undefined) return;
        await steps.delete(move);
        await steps.install(move, state);
      },
    }),
  },
];
