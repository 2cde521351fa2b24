/** JSON of anything that a message can carry: a bigint, which JSON lacks, is written as `"5n"`. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item),
    indent,
  );
}
