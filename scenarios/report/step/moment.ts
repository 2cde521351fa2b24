const US: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
};

/** `1.2s`, `50ms`, `300us`, `2m` in µs; undefined for anything else, a bare number among it. */
export function parseSpan(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(us|µs|ms|s|m)$/u.exec(text) ?? [];
  return digits === '' ? undefined : Math.round(Number(digits) * (US[unit] ?? 0));
}
