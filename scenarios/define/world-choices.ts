/**
 * What a user may choose of the world instead of leaving it to the seed. Everywhere under the same
 * name: as an option of the command, in its repro line, and as an override of a plan.
 */
export const worldChoices = ['profile', 'disk', 'clocks', 'hardware', 'schedule'] as const;

type WorldChoice = (typeof worldChoices)[number];

/** Names of profiles, and of a schedule; what is absent is drawn. */
export type WorldChoices = { readonly [choice in WorldChoice]?: string | undefined };

/** The choices among other options. */
export function worldChoicesOf(options: WorldChoices): WorldChoices {
  const chosen = worldChoices.filter((choice) => options[choice] !== undefined);
  return Object.fromEntries(chosen.map((choice) => [choice, options[choice]]));
}
