import type { Command } from '../contract.ts';
import type { Method, Rpcs } from './messages.ts';

/** Everything that can happen to a server. */
export type Input =
  | { readonly type: 'ElectionTimeout' }
  /** It is time for a heartbeat. Only leaders send any. */
  | { readonly type: 'HeartbeatTimeout' }
  /** An RPC has arrived. */
  | { [M in Method]: { readonly type: M; readonly args: Rpcs[M]['args'] } }[Method]
  /** An RPC of its own was answered; reply undefined = it failed, executed or not. */
  | {
      [M in Method]: {
        readonly type: 'Reply';
        readonly from: number;
        readonly method: M;
        readonly args: Rpcs[M]['args'];
        readonly reply: Rpcs[M]['reply'] | undefined;
      };
    }[Method]
  | { readonly type: 'Start'; readonly command: Command }
  /** The service has a snapshot of everything up to and including `index`. */
  | { readonly type: 'Snapshot'; readonly index: number; readonly snapshot: string }
  /** Changes that were to be persisted are durable. */
  | { readonly type: 'Persisted'; readonly lastIndex: number; readonly term: number };
