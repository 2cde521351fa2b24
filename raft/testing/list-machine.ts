import type { StateMachine } from '../rsm/contract.ts';

/** Keeps all requests in a list, so that every state tells how it came about. */
export class ListMachine implements StateMachine {
  items: unknown[] = [];

  doOp(request: unknown, index?: number): unknown {
    this.items.push(request);
    return `${index}: ${this.items.join(' ')}`;
  }

  snapshot(): string {
    return JSON.stringify(this.items);
  }

  restore(snapshot: string): void {
    this.items = JSON.parse(snapshot) as unknown[];
  }

  read(): unknown {
    return this.items.length;
  }
}
