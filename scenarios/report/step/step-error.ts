/** What somebody typed at the stepper that cannot be done; told, and nothing else happens. */
export class StepError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StepError';
  }
}
