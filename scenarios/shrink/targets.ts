import type { FaultAction } from '../../sim/index.ts';
import { parseFaults } from '../define/plan-file.ts';
import { fewerNames } from './names.ts';
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

/** Kinds have lists that need their length: what is left must still be an action. */
function isAction(action: FaultAction): boolean {
  try {
    return parseFaults(JSON.stringify([action]), action.id).length === 1;
  } catch {
    return false;
  }
}
