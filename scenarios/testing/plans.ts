import fc from 'fast-check';
import { profileByName, type FaultAction, type Ties } from '../../sim/index.ts';
import type { ClientPlan, JsonObject, Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { drawn } from './drawn.ts';
import { thinned } from './thinned.ts';

/** The decisions of a plan that arbitraries make; all others are the scenario's own. */
export interface PlansOptions {
  /** See {@link paramsOf}. Default: the scenario's defaults. */
  readonly params?: fc.Arbitrary<JsonObject> | undefined;
  /** See {@link faultActions}. */
  readonly faults?: fc.Arbitrary<readonly FaultAction[]> | undefined;
  /** See {@link clientIntents}. */
  readonly clients?: fc.Arbitrary<readonly ClientPlan[]> | undefined;
  readonly profile?: fc.Arbitrary<string> | undefined;
  readonly ties?: fc.Arbitrary<Ties> | undefined;
  readonly streamSeed?: fc.Arbitrary<string> | undefined;
}

/** Stream seeds that a plan shrinks to, if it fails with one of them as well. */
const STREAM_SEEDS: readonly string[] = Array.from({ length: 10 }, (_, i) => String(i + 1));

/**
 * Plans of a scenario. What no option generates is drawn by the scenario, from a seed that is
 * generated as well.
 *
 * They shrink to fewer faults, clients and intents, whoever made them; what the options generate
 * shrinks in its own way; what the scenario drew loses its random ties, and its network the noise.
 * Other stream seeds are tried as well: a plan that cannot lose anything more, because each loss
 * shifts the luck of the messages that follow, may do so with another luck.
 */
export function plans(scenario: Scenario, options: PlansOptions = {}): fc.Arbitrary<Plan> {
  const number = fc.noShrink(fc.noBias(fc.nat(999_999_999)));
  return fc.tuple(number, options.params ?? fc.constant({})).chain(([n, params]) => {
    const plan = makePlan(scenario, `generated-${n}`, { params });
    const { steady } = profileByName(plan.profile);
    return fc
      .record({
        faults: options.faults ?? thinned(plan.faults),
        clients: options.clients ?? fc.tuple(...plan.clients.map(fewerIntents)),
        ties: options.ties ?? drawn<Ties>(plan.ties, 'fifo'),
        profile: options.profile ?? drawn(plan.profile, steady),
        streamSeed: options.streamSeed ?? drawn(plan.streamSeed, ...STREAM_SEEDS),
      })
      .map((made) => ({ ...plan, ...made, clients: withoutIdle(made.clients, made.faults) }));
  });
}

function fewerIntents(client: ClientPlan): fc.Arbitrary<ClientPlan> {
  return thinned(client.intents).map((intents) => ({ ...client, intents }));
}

/** The clients that do something, or to whom something is done: a plan may name no others. */
function withoutIdle(
  clients: readonly ClientPlan[],
  faults: readonly FaultAction[],
): readonly ClientPlan[] {
  const isNamed = (id: string): boolean =>
    faults.some(({ id: _id, ...action }) => mentions(action, id));
  return clients.filter(({ id, intents }) => intents.length > 0 || isNamed(id));
}

function mentions(value: unknown, word: string): boolean {
  if (typeof value !== 'object' || value === null) return value === word;
  return Object.values(value).some((part) => mentions(part, word));
}
