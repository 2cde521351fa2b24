import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Operation, type OperationKind } from './operation.ts';
import { Unsynced } from './unsynced.ts';

const names = ['a', 'b', 'c', 'd', 'e'];
const change = fc.record({
  kind: fc.constantFrom<OperationKind>('write', 'append', 'rename', 'rename', 'remove'),
  file: fc.constantFrom(...names),
  to: fc.constantFrom(...names),
});

const operation = (kind: OperationKind, file: string, to: string, version: number): Operation =>
  new Operation(kind, file, '', kind === 'rename' ? to : file, version, 'n');

/** The definition: from the last operation to the first, whatever shares a name with the rest. */
function dependsOn(file: string, ops: readonly Operation[]): Operation[] {
  const connected = new Set([file]);
  return ops.reduceRight<Operation[]>((chosen, op) => {
    if (!op.concerns(connected)) return chosen;
    connected.add(op.file).add(op.to);
    return [op, ...chosen];
  }, []);
}

test('a file depends on what is under its name, and on what later renames connect with it', () => {
  let beyondItsName = 0;
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 30 }),
      fc.array(fc.constantFrom(...names), { maxLength: 8 }),
      (changes, synced) => {
        const unsynced = new Unsynced();
        let left = changes.map(({ kind, file, to }, i) => operation(kind, file, to, i + 1));
        for (const op of left) unsynced.add(op);
        for (const file of synced) {
          for (const name of names) expect(unsynced.of(name)).toEqual(dependsOn(name, left));
          const ops = unsynced.of(file);
          beyondItsName += ops.filter((op) => op.file !== file && op.to !== file).length;
          for (const op of ops) expect(unsynced.delete(op)).toBe(true);
          left = left.filter((op) => !ops.includes(op));
          expect([...unsynced]).toEqual(left);
          expect(unsynced.size).toBe(left.length);
        }
      },
    ),
  );
  expect(beyondItsName).toBeGreaterThan(20);
});

test('asking for one file costs nothing for what others have waiting', () => {
  const looked = vi.spyOn(Operation.prototype, 'concerns');
  const counts = [10, 4000].map((others) => {
    const unsynced = new Unsynced();
    for (let i = 0; i < others; i++) unsynced.add(operation('remove', `old ${i}`, '', i + 1));
    unsynced.add(operation('rename', 'new', 'file', others + 1));
    looked.mockClear();
    expect(unsynced.of('file')).toHaveLength(1);
    return looked.mock.calls.length;
  });
  looked.mockRestore();
  expect(counts).toEqual([1, 1]);
});
