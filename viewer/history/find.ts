import type { HistoryData } from './history-data.ts';

/**
 * Operations whose words, client or notes contain a text, whatever its case, in the order of their
 * calls. `:12` finds the operation of line 12 of the file.
 */
export function foundIn(data: HistoryData, query: string): number[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const line = /^:(\d+)$/.exec(wanted);
  if (line !== null) {
    const at = data.line.indexOf(Number(line[1]));
    return at < 0 ? [] : [at];
  }
  const clients = data.clients.map((name) => name.toLowerCase().includes(wanted));
  // Equal texts are looked into once.
  const texts = new Map<number, boolean>();
  const found: number[] = [];
  for (let operation = 0; operation < data.length; operation++) {
    if (clients[data.client[operation] as number] === true) {
      found.push(operation);
      continue;
    }
    const id = data.textId(operation);
    let isIn = texts.get(id);
    if (isIn === undefined) {
      texts.set(id, (isIn = data.textOf(operation).toLowerCase().includes(wanted)));
    }
    if (isIn || data.moreOf(operation).toLowerCase().includes(wanted)) found.push(operation);
  }
  return found;
}
