import { compact } from '../../scenarios/report/compact.ts';
import type { LogView, OwnershipView, TableView } from '../../scenarios/define/view.ts';
import { byNumber } from './nodes.ts';
import type { LogHistory, Told } from './revealed.ts';
import type { RunData } from './run-data.ts';
import type { Fields, NodeHistory } from './states.ts';
import {
  membersOverTime,
  logOverTime,
  wordsOverTime,
  numberOverTime,
  type Change,
  type Drawn,
  type Fact,
  type Word,
} from './over-time.ts';

/** How the values of a field are drawn, whoever shows it. */
interface Profile {
  readonly kind: 'numbers' | 'members' | 'words';
  /** All texts that it ever has, in their order: that gives them their colours. */
  readonly texts: readonly string[];
}

/** A list of numbers in words, as `0 3 11`. */
const NUMBERS = /^\d+( \d+)*$/;
/** What a field says that has nothing to say: it gets no colour. */
const NOTHING: ReadonlySet<string> = new Set(['', 'none', 'null', 'undefined', 'false', '-']);
const WORDS_MAX = 60;

/** What nodes know over time, as rows to draw; each is made when somebody wants to see it. */
export class Knowledge {
  readonly tables: readonly TableView[];
  private readonly logs: readonly LogView[];
  private readonly made = new Map<string, readonly Fact[]>();
  private profiles: ReadonlyMap<string, Profile> | undefined = undefined;
  private readonly data: RunData;
  private readonly histories: ReadonlyMap<string, NodeHistory>;
  private readonly told: Told;

  constructor(data: RunData, histories: ReadonlyMap<string, NodeHistory>, told: Told) {
    this.data = data;
    this.histories = histories;
    this.told = told;
    const { views } = data.about;
    this.logs = views.filter((view) => view.kind === 'log');
    this.tables = views.filter((view) => view.kind === 'table');
  }

  /** Is there more of a node than its strip? */
  hasMore(node: string): boolean {
    const { told, histories } = this;
    return told.nodes.has(node) || histories.get(node)?.hasShown === true;
  }

  /** Its fields and its logs. */
  factsOf(node: string): readonly Fact[] {
    return this.once(`node ${node}`, () => [...this.fieldFacts(node), ...this.logFacts(node)]);
  }

  /** The rows of a table of a node, those that change most first. */
  rowsOf({ name }: TableView, node: string): string[] {
    const rows = this.told.tables.get(name)?.get(node)?.rows ?? new Map();
    return [...rows]
      .toSorted(([, a], [, b]) => b.events.length - a.events.length)
      .map(([row]) => row);
  }

  /** The same in the order of their names. */
  namesOf(view: TableView, node: string): string[] {
    return this.rowsOf(view, node).toSorted(byNumber);
  }

  /** One row of a table; none if the node has no such row. */
  rowFact(view: TableView, node: string, row: string): readonly Fact[] {
    return this.once(`row ${view.name} ${node} ${row}`, () => {
      const history = this.told.tables.get(view.name)?.get(node)?.rows.get(row);
      if (history === undefined) return [];
      const [first] = view.columns;
      const kinds = textsIn(
        this.allRows(view).flatMap(({ cells }) => cells.map((each) => each?.[first?.name ?? ''])),
      );
      const changes = history.events.map((event, i): Change<Word> => {
        const cells = history.cells[i];
        if (cells === undefined) return { record: this.recordOf(event), value: undefined };
        const value = cells[first?.name ?? ''] ?? '';
        const there = view.columns.filter(({ name }) => cells[name] !== undefined);
        const full = there.map(({ name, title = name }, column) =>
          column === 0 && typeof value === 'string' ? value : `${title} ${cells[name]}`,
        );
        const texts = [
          full.join(', '),
          there.map(({ name }) => String(cells[name])).join(' '),
          String(value),
        ];
        // Of numbers neighbours are told apart, of words each has its colour.
        const hue = typeof value === 'number' ? (value % 2) * 4 : hueIn(kinds, value);
        return { record: this.recordOf(event), value: { texts, hue } };
      });
      return [{ key: row, title: row, drawn: wordsOverTime(this.data, changes) }];
    });
  }

  /** By owner: what it had over time. */
  owners({ numbers }: OwnershipView): readonly Fact[] {
    return this.once('owners', () => {
      const spans = this.data.about.spans.filter(({ row }) => row !== numbers);
      const members = [...new Set(spans.map(({ row }) => row))].toSorted(byNumber);
      const owners = [...new Set(spans.map(({ what }) => what))].toSorted(byNumber);
      return owners.map((owner): Fact => {
        const own = spans.filter(({ what }) => what === owner);
        const times = [...new Set(own.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))];
        const changes = times
          .toSorted((a, b) => a - b)
          .map((ms): Change<readonly string[]> => {
            const now = own.filter(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
            const value = now.length === 0 ? undefined : now.map(({ row }) => row);
            return { record: this.data.firstAt(ms * 1000), value };
          });
        return { key: owner, title: owner, drawn: membersOverTime(this.data, changes, members) };
      });
    });
  }

  private once(key: string, make: () => readonly Fact[]): readonly Fact[] {
    let facts = this.made.get(key);
    if (facts === undefined) this.made.set(key, (facts = make()));
    return facts;
  }

  private recordOf(event: number): number {
    return Math.min(this.data.firstOf(event), Math.max(0, this.data.length - 1));
  }

  private allRows({ name }: TableView): { cells: readonly (Fields | undefined)[] }[] {
    const nodes = this.told.tables.get(name)?.values() ?? [];
    return [...nodes].flatMap(({ rows }) => [...rows.values()]);
  }

  private fieldFacts(node: string): Fact[] {
    const { views } = this.data.about;
    const fields = views.find((view) => view.kind === 'fields');
    const shown = this.histories.get(node)?.shown ?? [];
    const names = new Set((fields?.fields ?? []).map(({ name }) => name));
    for (const { changed } of shown) for (const name of changed) names.add(name);
    return [...names].flatMap((name): Fact[] => {
      const isThere = shown.some(({ fields: all }) => all[name] !== undefined);
      if (!isThere || this.isDrawnElsewhere(node, name) || this.isEndOfLog(node, name)) return [];
      const { title = name } = fields?.fields.find((field) => field.name === name) ?? {};
      return [{ key: name, title, drawn: this.drawnField(node, name) }];
    });
  }

  /** In the strip, or as a mark of a log that was told. */
  private isDrawnElsewhere(node: string, name: string): boolean {
    const fields = this.data.about.views.find((view) => view.kind === 'fields');
    if (fields?.strip?.field === name) return true;
    return this.logs.some(
      (log) => this.logOf(log, node) !== undefined && log.marks.some((mark) => mark.name === name),
    );
  }

  /** Does a field say no more than where a log that is drawn begins or ends? */
  private isEndOfLog(node: string, name: string): boolean {
    const all = this.histories.get(node)?.shown ?? [];
    const eventOf = (i: number): number => this.data.event[all[i]?.record ?? -1] ?? -1;
    // After the whole of an event: in the middle of it one may be ahead of the other.
    const shown = all.filter(
      ({ fields }, i) => fields[name] !== undefined && eventOf(i) !== eventOf(i + 1),
    );
    return this.logs.some((view) => {
      const log = this.logOf(view, node);
      if (log === undefined) return false;
      const isAlways = (which: 'base' | 'last'): boolean =>
        shown.every(({ record, fields }) => {
          const event = this.data.event[record] as number;
          return log.after(event)?.[which] === fields[name];
        });
      return isAlways('last') || isAlways('base');
    });
  }

  private drawnField(node: string, name: string): Drawn {
    const profile = this.profileOf(name);
    const shown = this.histories.get(node)?.shown ?? [];
    const changes = <T>(read: (value: unknown) => T): Change<T>[] =>
      shown.map(({ record, fields }) => {
        const value = fields[name];
        return { record, value: value === undefined ? undefined : read(value) };
      });
    switch (profile.kind) {
      case 'numbers':
        return numberOverTime(this.data, changes(Number));
      case 'members': {
        const members = [...new Set(profile.texts.flatMap(listed))].toSorted(byNumber);
        return membersOverTime(
          this.data,
          changes((value) => listed(String(value))),
          members,
        );
      }
      case 'words': {
        const word = (value: unknown): Word => {
          const text = textOf(value);
          return { texts: [text], hue: hueIn(profile.texts, text) };
        };
        return wordsOverTime(this.data, changes(word));
      }
    }
  }

  private profileOf(name: string): Profile {
    this.profiles ??= profilesOf([...this.histories.values()]);
    return this.profiles.get(name) ?? { kind: 'words', texts: [] };
  }

  private logOf({ name }: LogView, node: string): LogHistory | undefined {
    return this.told.logs.get(name)?.get(node);
  }

  private logFacts(node: string): Fact[] {
    return this.logs.flatMap((view): Fact[] => {
      const log = this.logOf(view, node);
      if (log === undefined) return [];
      const history = this.histories.get(node);
      const records = new Set(log.moments.map(({ event }) => this.recordOf(event)));
      for (const { record, changed } of history?.shown ?? []) {
        // A crash shows nothing any more.
        const isAbout =
          changed.length === 0 || view.marks.some(({ name }) => changed.includes(name));
        if (isAbout) records.add(record);
      }
      let at = 0;
      const changes = [...records]
        .toSorted((a, b) => a - b)
        .map((record) => {
          const event = this.data.event[record] as number;
          while ((log.moments[at + 1]?.event ?? Infinity) <= event) at++;
          const moment = log.moments[at]!;
          const fields = history?.after(record)?.fields ?? {};
          const marks = view.marks.map(({ name }) => Number(fields[name] ?? NaN));
          return { record, value: moment.event <= event ? { moment, marks } : undefined };
        });
      return [{ key: view.name, title: view.title, drawn: logOverTime(this.data, view, changes) }];
    });
  }
}

function profilesOf(histories: readonly NodeHistory[]): Map<string, Profile> {
  const values = new Map<string, Set<unknown>>();
  for (const { shown } of histories) {
    for (const { fields, changed } of shown) {
      for (const name of changed) {
        const all = values.get(name);
        if (all === undefined) values.set(name, new Set([fields[name]]));
        else all.add(fields[name]);
      }
    }
  }
  return new Map([...values].map(([name, all]) => [name, profileOf([...all])]));
}

function profileOf(values: readonly unknown[]): Profile {
  if (values.every((value) => typeof value === 'number')) return { kind: 'numbers', texts: [] };
  const texts = textsIn(values);
  const isList = texts.some((text) => text.includes(' '));
  const isMembers = isList && texts.every((text) => text === '' || NUMBERS.test(text));
  return { kind: isMembers ? 'members' : 'words', texts };
}

function textsIn(values: readonly unknown[]): string[] {
  const known = values.filter((value) => value !== undefined);
  return [...new Set(known.map(textOf))].toSorted(byNumber);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : compact(value, WORDS_MAX);
}

function listed(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

/** Equal words have equal colours, on every node. */
function hueIn(texts: readonly string[], text: string): number {
  return NOTHING.has(text) ? -1 : texts.filter((each) => !NOTHING.has(each)).indexOf(text) % 8;
}
