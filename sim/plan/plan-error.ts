/** A plan that cannot be carried out. Names the entry and the field. */
export class PlanError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PlanError';
  }
}
