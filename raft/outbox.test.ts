import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

test('a step that has changed nothing is released at once if nothing waits', () => {
  const released: string[] = [];
  new Outbox().add(() => released.push('a'));
  expect(released).toEqual(['a']);
});

test('a step that has changed nothing waits for those before it', () => {
  const outbox = new Outbox();
  const released: string[] = [];
  const durable = outbox.addUnwritten(() => released.push('write'));
  outbox.add(() => released.push('answer'));
  expect(released).toEqual([]);
  durable();
  expect(released).toEqual(['write', 'answer']);
});

test('steps are released in order, each once, when all up to it are durable', () => {
  const steps = fc.array(fc.boolean(), { maxLength: 12 });
  const property = fc.property(steps, fc.infiniteStream(fc.nat(11)), (written, order) => {
    const outbox = new Outbox();
    const released: number[] = [];
    const waiting = new Map<number, () => void>();
    written.forEach((isWritten, step) => {
      if (isWritten)
        waiting.set(
          step,
          outbox.addUnwritten(() => released.push(step)),
        );
      else outbox.add(() => released.push(step));
    });
    for (;;) {
      const first = Math.min(...waiting.keys(), written.length);
      expect(released).toEqual([...written.keys()].slice(0, first));
      const open = [...waiting.keys()];
      if (open.length === 0) break;
      const next = open[order.next().value! % open.length]!;
      waiting.get(next)!();
      waiting.delete(next);
    }
  });
  fc.assert(property);
});

test('what is released may add more: it comes in its turn', () => {
  const outbox = new Outbox();
  const released: string[] = [];
  const durable = outbox.addUnwritten(() => {
    released.push('first');
    outbox.add(() => released.push('added'));
  });
  outbox.add(() => released.push('second'));
  durable();
  expect(released).toEqual(['first', 'second', 'added']);
});
