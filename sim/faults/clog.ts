import type { FaultBase, FaultKind } from './fault-kind.ts';
import { describeMessages, onMessages } from './message-rule.ts';
import type { Messages } from './target.ts';

/** Messages that arrive meanwhile are held, not lost; all of them get through when it ends. */
export interface Clog extends FaultBase, Messages {
  readonly kind: 'clog';
}

export const clog: FaultKind<Clog> = {
  describe: (action) => `hold up ${describeMessages(action)}`,
  start(site, action) {
    const held: (() => void)[] = [];
    const holds = (release: () => void): void => void held.push(release);
    const lift = onMessages(site, action, () => ({ holds }));
    return () => {
      lift();
      for (const release of held.splice(0)) release();
    };
  },
};
