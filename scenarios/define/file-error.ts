/** A file that cannot be used. The message names the file, the field and the expected form. */
export class FileError extends Error {
  constructor(file: string, problem: string) {
    super(`${file}: ${problem}`);
    this.name = 'FileError';
  }
}
