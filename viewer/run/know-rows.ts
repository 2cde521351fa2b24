import type { OwnershipView, TableView } from '../../scenarios/define/view.ts';
import type { Fact } from '../model/over-time.ts';
import type { RunModel } from '../model/run-model.ts';

/** Rows of a table of one node that are there without having been chosen. */
const FIRST_ROWS = 6;
/** The same of a table that is nobody's in particular. */
const FIRST_COMMON_ROWS = 48;

const LINE_PX = 24;
const LOG_PX = 70;
const CELL_PX = 5;
const CELLS_MAX_PX = 70;

/** Under which a row of a table is chosen to be seen over time. */
export function pinOf({ name }: Pick<TableView, 'name'>, row: string): string {
  return `${name} ${row}`;
}

/** The rows of tables that are seen over time at first: those that change most. */
export function firstPins({ knowledge, told }: RunModel): ReadonlySet<string> {
  return new Set(
    knowledge.tables.flatMap((view) =>
      [...(told.tables.get(view.name)?.keys() ?? [])].flatMap((node) =>
        knowledge
          .rowsOf(view, node)
          .slice(0, node === '' ? FIRST_COMMON_ROWS : FIRST_ROWS)
          .map((row) => pinOf(view, row)),
      ),
    ),
  );
}

/** All that is known of a node over time: its fields, its logs, the chosen rows of its tables. */
export function factsOf({ knowledge }: RunModel, node: string, pins: ReadonlySet<string>): Fact[] {
  const rows = knowledge.tables.flatMap((view) => rowFacts(knowledge, view, node, pins));
  return [...knowledge.factsOf(node), ...rows];
}

/** The chosen rows of a table. */
export function rowFacts(
  knowledge: RunModel['knowledge'],
  view: TableView,
  node: string,
  pins: ReadonlySet<string>,
): Fact[] {
  return knowledge
    .namesOf(view, node)
    .filter((row) => pins.has(pinOf(view, row)))
    .flatMap((row) => knowledge.rowFact(view, node, row));
}

/** The nodes whose rows are open at first: where there is one node to look at, that one. */
export function firstKnown({ knowledge, lanes }: RunModel): ReadonlySet<string> {
  const open = lanes.filter(({ id }) => knowledge.hasMore(id)).map(({ id }) => id);
  return new Set(open.length === 1 ? open : []);
}

/** The view of who owns what, if there are owners to be seen. */
export function ownershipOf({ data }: RunModel): OwnershipView | undefined {
  const view = data.about.views.find(({ kind }) => kind === 'ownership');
  return view?.kind === 'ownership' && data.about.spans.length > 0 ? view : undefined;
}

export function heightOfFact({ drawn }: Fact): number {
  switch (drawn.kind) {
    case 'log':
      return LOG_PX;
    case 'members':
      return Math.max(LINE_PX, Math.min(CELLS_MAX_PX, drawn.members.length * CELL_PX + 6));
    case 'number':
    case 'words':
      return LINE_PX;
  }
}
