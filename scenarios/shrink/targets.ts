import type { FaultAction } from '../../sim/index.ts';
import { parseFaults } from '../define/plan-file.ts';
import { minimise } from './minimise.ts';
import type { Pass } from './passes.ts';
import { withFault } from './with.ts';

/** Fault actions that name no more than they must, so that clients they only name can go. */
export const fewerTargets: Pass = async (plan, { fails }) => {
  let fewer = plan;
  for (const [i, action] of plan.faults.entries()) {
    for (const [field, value] of Object.entries(action)) {
      const targets = await fewerNames(value, async (some) => {
        const change = { [field]: some };
        return isAction({ ...action, ...change }) && (await fails(withFault(fewer, i, change)));
      });
      fewer = withFault(fewer, i, { [field]: targets });
    }
  }
  return fewer;
};

/** The names in a list, or in lists of lists, that cannot be left out. */
async function fewerNames(
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

/** Kinds have lists that need their length: what is left must still be an action. */
function isAction(action: FaultAction): boolean {
  try {
    return parseFaults(JSON.stringify([action]), action.id).length === 1;
  } catch {
    return false;
  }
}
