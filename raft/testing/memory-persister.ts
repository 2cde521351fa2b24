import type { Persister } from '../contract.ts';

/** The persister of the labs, in memory: what a crash leaves of a server. */
export class MemoryPersister implements Persister {
  state = '';
  snapshot: string | undefined = undefined;

  save(state: string, snapshot: string | undefined): void {
    this.state = state;
    this.snapshot = snapshot;
  }

  append(text: string): void {
    this.state += text;
  }

  readState(): string {
    return this.state;
  }

  readSnapshot(): string | undefined {
    return this.snapshot;
  }

  stateSize(): number {
    return this.state.length;
  }
}
