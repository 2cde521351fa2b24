/** Brings dist/ up to date: see bootstrap.mjs. */
export function setup(): void;
