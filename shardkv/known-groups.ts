import type { GroupClerk, GroupClerks } from './contract.ts';

/**
 * The same ways to groups, each made once, so that it remembers who leads. A group at other
 * addresses is another one: it may leave, and join again elsewhere.
 */
export function knownGroups(groups: GroupClerks): GroupClerks {
  const known = new Map<string, GroupClerk>();
  return (gid, servers) => {
    const name = JSON.stringify([gid, ...servers]);
    let clerk = known.get(name);
    if (clerk === undefined) known.set(name, (clerk = groups(gid, servers)));
    return clerk;
  };
}
