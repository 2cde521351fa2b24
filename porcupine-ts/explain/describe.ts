import type { Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';

/** The operation on one line: `client 3: get("x") -> "a", [10, 20]`. */
export function describeOperation<S, I, O>(
  model: Model<S, I, O>,
  operation: Operation<I, O>,
): string {
  const what = describeCall(model, operation);
  const end = operation.return === undefined ? 'pending' : `returned at ${operation.return}`;
  return `client ${String(operation.clientId)}: ${what} (called at ${operation.call}, ${end})`;
}

/** Input and output on one line: `get("x") -> "a"`. */
export function describeCall<S, I, O>(
  model: Pick<Model<S, I, O>, 'describeOperation'>,
  { input, output }: Pick<Operation<I, O>, 'input' | 'output'>,
): string {
  return (
    model.describeOperation?.(input, output) ?? `${describeJson(input)} -> ${describeJson(output)}`
  );
}

/** The metadata of an operation on one line; undefined if it has none. */
export function describeMetadata(
  model: Pick<Model<unknown, unknown, unknown>, 'describeOperationMetadata'>,
  metadata: unknown,
): string | undefined {
  if (metadata === undefined) return undefined;
  return model.describeOperationMetadata?.(metadata) ?? describeJson(metadata);
}

/** The state on one line. */
export function describeState<S>(model: { describeState?(state: S): string }, state: S): string {
  return model.describeState?.(state) ?? describeJson(state);
}

function describeJson(value: unknown): string {
  return value === undefined ? '?' : JSON.stringify(value);
}
