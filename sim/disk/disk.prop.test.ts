/** Random programs on a disk that crash, against a model of every state that a crash may leave. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { diskProfiles, World, type Content, type Disk } from '../index.ts';

type Step =
  | { readonly do: 'save' | 'write' | 'append'; readonly file: string; readonly text: string }
  | { readonly do: 'rename'; readonly file: string; readonly to: string }
  | { readonly do: 'remove' | 'fsync' | 'fsync later'; readonly file: string }
  | { readonly do: 'pause' | 'crash' };

const anyFile = fc.constantFrom('a', 'b', 'c');
const anyText = fc
  .tuple(
    fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'),
    fc.constantFrom(0, 1, 3, 300, 512, 700, 1100, 4097),
  )
  .map(([letter, length]) => letter.repeat(length));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('save', 'write', 'write', 'append', 'append'),
      file: anyFile,
      text: anyText,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('rename'), file: anyFile, to: anyFile }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('remove', 'fsync', 'fsync', 'fsync later'),
      file: anyFile,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause', 'crash', 'crash') }) },
) as fc.Arbitrary<Step>;

interface Experiment {
  readonly seed: string;
  readonly steps: readonly Step[];
  readonly isBytes: boolean;
}

const anyExperiment: fc.Arbitrary<Experiment> = fc.record({
  seed: fc.string(),
  steps: fc.array(anyStep, { maxLength: 25, size: 'max' }),
  isBytes: fc.boolean(),
});

type State = ReadonlyMap<string, string>;

/** An operation of the model: what it does to the files, and the names it concerns. */
interface ModelOp {
  readonly names: readonly string[];
  readonly isOfDirectory: boolean;
  /** Text whose beginning may survive by itself, as the same operation with less. */
  readonly cut: readonly ModelOp[];
  do(files: Map<string, string>): void;
}

/** @param blockBytes and the length of the file so far: where a crash may cut what is added */
function modelOp(step: Step, blockBytes: number, length: number): ModelOp {
  const { file, text, to } = { text: '', to: '', file: '', ...step };
  const op = (
    more: Omit<ModelOp, 'names' | 'isOfDirectory' | 'cut'> & Partial<ModelOp>,
  ): ModelOp => ({
    names: [file],
    isOfDirectory: false,
    cut: [],
    ...more,
  });
  const cutsOf = (start: number): string[] =>
    Array.from({ length: start + text.length }, (_, end) => end)
      .filter((end) => end > start && end % blockBytes === 0)
      .map((end) => text.slice(0, end - start));
  switch (step.do) {
    case 'append': {
      const add = (tail: string) => (files: Map<string, string>) =>
        void files.set(file, (files.get(file) ?? '') + tail);
      const cut = cutsOf(length).map((tail) => op({ do: add(tail) }));
      return op({ do: add(text), cut });
    }
    case 'rename':
      return op({
        names: [file, to],
        isOfDirectory: true,
        do(files) {
          const moved = files.get(file) ?? '';
          files.delete(file);
          files.set(to, moved);
        },
      });
    case 'remove':
      return op({ isOfDirectory: true, do: (files) => void files.delete(file) });
    default: {
      const put = (content: string) => (files: Map<string, string>) =>
        void files.set(file, content);
      // It begins by emptying the file.
      return op({ do: put(text), cut: ['', ...cutsOf(0)].map((begin) => op({ do: put(begin) })) });
    }
  }
}

const shares = (a: ModelOp, b: ModelOp): boolean => a.names.some((name) => b.names.includes(name));

/** The slowest and plainest disk there is. */
class Model {
  durable: Map<string, string> = new Map();
  pending: ModelOp[] = [];

  after(ops: readonly ModelOp[]): Map<string, string> {
    const files = new Map(this.durable);
    for (const op of ops) op.do(files);
    return files;
  }

  get visible(): State {
    return this.after(this.pending);
  }

  /** Those on a file, those that they build on, and so on. */
  needed(file: string): Set<ModelOp> {
    const { pending } = this;
    const needed = new Set<ModelOp>();
    const need = (op: ModelOp): void => {
      needed.add(op);
      for (const earlier of pending.slice(0, pending.indexOf(op))) {
        if (shares(earlier, op) && !needed.has(earlier)) need(earlier);
      }
    };
    for (const op of pending) if (op.names.includes(file)) need(op);
    return needed;
  }

  sync(ops: ReadonlySet<ModelOp>): void {
    this.durable = this.after(this.pending.filter((op) => ops.has(op)));
    this.pending = this.pending.filter((op) => !ops.has(op));
  }

  /** Every state that a crash may leave. */
  afterCrash(profile: string): State[] {
    const { pending } = this;
    if (profile === 'lossy') return [this.durable];
    if (profile.startsWith('torn')) {
      return [...pending.keys(), pending.length].flatMap((n) => {
        const whole = pending.slice(0, n);
        return [whole, ...(pending[n]?.cut ?? []).map((cut) => [...whole, cut])].map((ops) =>
          this.after(ops),
        );
      });
    }
    return subsets(pending).map((ops) => this.after(ops));
  }
}

/** All subsets without what builds on a rename or removal that is missing. */
function subsets(ops: readonly ModelOp[]): ModelOp[][] {
  let chosen: ModelOp[][] = [[]];
  for (const [i, op] of ops.entries()) {
    const base = ops.slice(0, i).filter((other) => other.isOfDirectory && shares(other, op));
    const grown = chosen.filter((some) => base.every((other) => some.includes(other)));
    chosen = [...chosen, ...grown.map((some) => [...some, op])];
  }
  return chosen;
}

interface Outcome {
  readonly digest: string;
  readonly crashes: number;
  readonly changedByCrash: number;
  readonly states: readonly unknown[];
}

async function carryOut(profile: string, { seed, steps, isBytes }: Experiment): Promise<Outcome> {
  const world = new World(seed, { host: nodeHost(), plan: { disk: profile } });
  const model = new Model();
  const states: unknown[] = [];
  let [next, changedByCrash, isAfterCrash] = [0, 0, false];
  const content = (text: string): Content => (isBytes ? Buffer.from(text) : text);

  function compare(disk: Disk): void {
    const seen = new Map(disk.list().map((file) => [file, textOf(disk.read(file)!)]));
    if (isAfterCrash) {
      isAfterCrash = false;
      const before = model.visible;
      // Beyond this many states a state that is not allowed would hardly be found.
      if (model.pending.length <= 10) {
        const allowed = model.afterCrash(profile).map(printed);
        expect(allowed).toContain(printed(seen));
      }
      if (printed(before) !== printed(seen)) changedByCrash++;
      model.durable = seen;
      model.pending = [];
      states.push(printed(seen));
    }
    expect(printed(seen)).toBe(printed(model.visible));
  }

  world.addNode('n', async (env) => {
    const { disk } = env;
    compare(disk);
    for (let step = steps[next]; step !== undefined; step = steps[next]) {
      next++;
      await carryOutStep(step, disk);
      compare(disk);
    }

    async function carryOutStep(of: Step, on: Disk): Promise<void> {
      switch (of.do) {
        case 'pause':
          return env.sleep(1);
        case 'crash':
          isAfterCrash = true;
          return world.crash('n');
        case 'fsync':
        case 'fsync later': {
          const ops = model.needed(of.file);
          const synced = on.fsync(of.file).then(() => model.sync(ops));
          return of.do === 'fsync' ? synced : undefined;
        }
        case 'rename':
          if (!model.visible.has(of.file)) {
            expect(() => on.rename(of.file, of.to)).toThrow('no file');
            return undefined;
          }
          on.rename(of.file, of.to);
          if (of.file === of.to) return undefined;
          break;
        case 'remove':
          on.remove(of.file);
          if (!model.visible.has(of.file)) return undefined;
          break;
        default:
          on[of.do](of.file, content(of.text));
      }
      const length = 'file' in of ? (model.visible.get(of.file)?.length ?? 0) : 0;
      model.pending.push(modelOp(of, diskProfiles.get(profile)!.blockBytes, length));
      if (profile === 'perfect') model.sync(new Set(model.pending));
      else if (of.do === 'save') model.sync(model.needed(of.file));
      return undefined;
    }
  });
  world.addNode('doctor', async (env) => {
    do {
      await env.sleep(10);
      world.restart('n');
    } while (next < steps.length);
  });
  await world.run({ untilMs: 100_000 });
  if (world.failure !== undefined) throw new Error(world.failure.message);
  return { digest: world.digest(), crashes: world.crashes, changedByCrash, states };
}

function textOf(content: Content): string {
  return typeof content === 'string' ? content : String.fromCharCode(...content);
}

function printed(state: State): string {
  const files = [...state].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return files.map(([file, text]) => `${file}=${text.replace(/(.)\1*/g, short)}`).join(' ');
}

function short(run: string): string {
  return `${run[0]}${run.length}`;
}

describe.each([...diskProfiles.keys()])('under the profile %s', (profile) => {
  test('a node reads what it wrote, and a crash leaves only what it may; twice alike', async () => {
    let [crashes, changed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyExperiment, async (experiment) => {
        const first = await carryOut(profile, experiment);
        crashes += first.crashes;
        changed += first.changedByCrash;
        expect(await carryOut(profile, experiment)).toEqual(first);
      }),
      { numRuns: 1000 },
    );
    expect(crashes).toBeGreaterThan(700);
    if (profile === 'perfect') expect(changed).toBe(0);
    else expect(changed).toBeGreaterThan(200);
  });
});
