import fc from 'fast-check';
import { profileByName, type FaultAction, type Ties } from '../../sim/index.ts';
import type { ClientPlan, JsonObject, Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
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

/**
 * Plans of a scenario. What no option generates is drawn by the scenario, from a seed that is
 * generated as well.
 *
 * They shrink to fewer faults, clients and intents, whoever made them; what the options generate
 * shrinks in its own way; what the scenario drew loses its random ties, and its network the noise.
 * Seeds do not shrink: another seed is not a simpler one.
 */
export function plans(scenario: Scenario, options: PlansOptions = {}): fc.Arbitrary<Plan> {
  const number = fc.noShrink(fc.noBias(fc.nat(999_999_999)));
  return fc.tuple(number, options.params ?? fc.constant({})).chain(([n, params]) => {
    const drawn = makePlan(scenario, `generated-${n}`, { params });
    const { steady } = profileByName(drawn.profile);
    return fc
      .record({
        faults: options.faults ?? thinned(drawn.faults),
        clients: options.clients ?? fc.tuple(...drawn.clients.map(fewerIntents)),
        ties: options.ties ?? thinned([drawn.ties]).map(([ties = 'fifo']) => ties),
        profile: options.profile ?? thinned([drawn.profile]).map(([name = steady]) => name),
        streamSeed: options.streamSeed ?? fc.constant(drawn.streamSeed),
      })
      .map((made) => ({ ...drawn, ...made, clients: withoutIdle(made.clients, made.faults) }));
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
