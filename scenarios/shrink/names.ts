import { minimise } from './minimise.ts';

/** The names in a list, or in lists of lists, that cannot be left out. */
export async function fewerNames(
  value: unknown,
  stillFails: (value: unknown) => Promise<boolean>,
): Promise<unknown> {
  if (!Array.isArray(value)) return value;
  const list: readonly unknown[] = value;
  if (list.every((item) => typeof item === 'string')) return await minimise(list, stillFails);
  let fewer = list;
  for (const [i, item] of list.entries()) {
    const some = await fewerNames(item, (less) => stillFails(fewer.with(i, less)));
    fewer = fewer.with(i, some);
  }
  return fewer;
}
