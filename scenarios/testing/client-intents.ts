import fc from 'fast-check';
import type { ClientPlan, Intent, JsonObject } from '../define/plan.ts';

/** How many clients and intents to generate. */
export interface ClientIntentsOptions {
  /** Number of clients: `c0`, `c1`, ... Default: 3. */
  readonly clients?: number | undefined;
  /** Most intents of one client. Default: 10. */
  readonly intents?: number | undefined;
  /** What one client is like. Default: no settings. */
  readonly settings?: fc.Arbitrary<JsonObject> | undefined;
}

/**
 * Clients, with what each means to do. They shrink to fewer and simpler intents. No client is ever
 * renumbered: one that has nothing left to do stays, idle, because a fault may still name it;
 * {@link plans} drops those that no fault names.
 * @param intent generates a single intent
 */
export function clientIntents(
  intent: fc.Arbitrary<Intent>,
  options: ClientIntentsOptions = {},
): fc.Arbitrary<ClientPlan[]> {
  const { clients = 3, intents: most = 10, settings = fc.constant({}) } = options;
  const intents = fc.array(intent, { maxLength: most, size: 'max' });
  const ids = Array.from({ length: clients }, (_, i) => `c${i}`);
  return fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), settings, intents })));
}
