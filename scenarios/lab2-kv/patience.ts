import type { ClientPlan, JsonObject } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';

/** From a clerk that gives up at its first failed attempt to one that tries a few times, in ms. */
const PATIENCE_MS = [1, 1, 30, 300];

/**
 * Draw how long each client's clerk keeps trying a put before it answers ErrMaybe: in half of the
 * runs for ever, as in the labs.
 */
export function drawPatience(stream: DrawStream): (client: string) => JsonObject {
  const isPatient = stream('patience').chance(1, 2);
  return (client) =>
    isPatient ? {} : { patienceMs: stream(`patience/${client}`).pick(PATIENCE_MS) };
}

/** Can the clerk of this client give a put up? */
export function canGiveUp({ settings }: ClientPlan): boolean {
  return settings['patienceMs'] !== undefined;
}
