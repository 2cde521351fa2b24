/**
 * The model breaks its contract: it mutates a state, answers differently on the same arguments, or
 * has states that need a `stateKey` and lacks one. No verdict is given.
 */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  /** Name of the model. */
  readonly model: string;

  constructor(model: string, message: string) {
    super(`model ${model}: ${message}`);
    this.model = model;
  }
}
