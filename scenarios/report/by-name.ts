/** Orders names as people do: n2 before n10. The same everywhere, whatever the locale. */
export function byName(a: string, b: string): number {
  const [first, second] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    const [one = '', other = ''] = [first[i], second[i]];
    if (one === other) continue;
    const difference = Number(one) - Number(other);
    if (one !== '' && other !== '' && difference !== 0 && !Number.isNaN(difference)) {
      return difference;
    }
    return one < other ? -1 : 1;
  }
  return 0;
}

/** Digits and what stands between them, in turns. */
function partsOf(name: string): string[] {
  return name.split(/(\d+)/);
}
