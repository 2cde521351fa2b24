/** A file of the user cannot be loaded, or does not export what it should. Exit code 64. */
export class UserCodeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UserCodeError';
  }
}
