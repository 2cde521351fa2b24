import type { VersionedKvOperation } from './versioned-kv-operation.ts';

/**
 * The history with every put that answered ErrMaybe made pending.
 *
 * The clerk says ErrMaybe as soon as *one* transmission was refused, while others may still be on
 * their way: as long as the network can deliver a request late, the put may take effect after the
 * clerk has returned. Judged as returned, such a history would be called illegal although the
 * server did nothing wrong. Leave the puts as they are only if nothing is delivered late.
 */
export function openMaybe(history: readonly VersionedKvOperation[]): VersionedKvOperation[] {
  return history.map((operation) => {
    if (operation.output?.err !== 'ErrMaybe') return operation;
    const { output: _output, return: _return, ...pending } = operation;
    return pending;
  });
}
