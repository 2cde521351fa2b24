import { describeCall } from '../explain/describe.ts';
import type { Model } from '../model.ts';
import { isRecord, TEXT } from './shape.ts';

/** An input that also says which of many objects it is for. */
export type Keyed<I> = I & { readonly key: string };

/**
 * From the model of one object, the model of many: the key/value store of registers from the
 * register, a map of queues from the queue. Each input carries the `key` of its object.
 *
 * Linearizability is local (Herlihy & Wing 1990, theorem 1): a history of many objects is
 * linearizable exactly if the history of each object is. So each key is a part of its own, judged
 * by the hooks of the one object, its exact algorithm included; if that object has parts, they stay
 * parts within the key.
 *
 * @param model - of one object; a plain object, as it is spread. It must let the field `key` pass
 * @param name - name of the new model; default: that of the object with `-by-key`
 */
export function byKey<S, I, O>(
  model: Model<S, I, O>,
  name: string = `${model.name}-by-key`,
): Model<S, Keyed<I>, O> {
  return {
    // What is handed operations gives back the same ones: those with a key.
    ...(model as Model<S, Keyed<I>, O>),
    name,
    partitionKey: (input) => {
      const within = model.partitionKey?.(input);
      // As JSON, two pairs of texts never look alike.
      return within === undefined ? input.key : JSON.stringify([input.key, within]);
    },
    validate: (input, output) => {
      const key = isRecord(input) ? input['key'] : undefined;
      if (!TEXT.accepts(key)) {
        const got = key === undefined ? 'nothing' : JSON.stringify(key);
        return `input.key: expected ${TEXT.expected}, got ${got}`;
      }
      return model.validate?.(input, output);
    },
    describeOperation: (input, output) => {
      const what = describeCall(model, { input, output });
      return `${JSON.stringify(input.key)}: ${what}`;
    },
  };
}
