import type { MakeShardGroup } from '../contract.ts';

/** The same servers of a group, which show nothing of their shards. */
export function closedGroup(make: MakeShardGroup): MakeShardGroup {
  const closed: MakeShardGroup = (env, host) => {
    const { handlers, getState } = make(env, host);
    return { handlers, getState };
  };
  return Object.assign(closed, { isSynchronous: make.isSynchronous === true });
}
