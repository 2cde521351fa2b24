import { namesProblem, told, type Problem } from './fault-kind.ts';

/**
 * Nodes that a fault hits: by name, by label (`{label: 'zone', is: 'a'}`), or by a function of the
 * scenario (`{select: 'leader'}`), which is asked when the fault starts.
 */
export type NodeTarget =
  | string
  | readonly string[]
  | { readonly label: string; readonly is: string }
  | { readonly select: string };

/** Which messages a fault hits. Absent fields choose all; `between` means both ways. */
export interface Messages {
  readonly from?: NodeTarget | undefined;
  readonly to?: NodeTarget | undefined;
  readonly between?: readonly [NodeTarget, NodeTarget] | undefined;
  /** Message types: a method for requests, `<method>.reply` for replies. */
  readonly types?: readonly string[] | undefined;
}

/** The fields in which an action names nodes. */
const SINGLE = ['node', 'from', 'to'] as const;

interface Targeted {
  readonly node?: NodeTarget | undefined;
  readonly from?: NodeTarget | undefined;
  readonly to?: NodeTarget | undefined;
  readonly between?: readonly [NodeTarget, NodeTarget] | undefined;
  readonly groups?: readonly (readonly string[])[] | undefined;
}

/** What is wrong with the way in which an action names nodes and messages, if anything. */
export function namingProblem(action: object): Problem | undefined {
  const { between, groups, types, ...fields } = action as Targeted & Pick<Messages, 'types'>;
  for (const field of SINGLE) {
    const target = fields[field];
    if (target !== undefined && !isTarget(target)) return { field, why: noTarget(target) };
  }
  if (between !== undefined && !isListOf(between, 2, isTarget)) {
    return { field: 'between', why: `expected two targets, got ${told(between)}` };
  }
  const isNames = (list: unknown): boolean => isListOf(list, 0, isName);
  if (groups !== undefined && !isListOf(groups, 2, isNames)) {
    return { field: 'groups', why: `expected two lists of nodes or more, got ${told(groups)}` };
  }
  return namesProblem('types', types);
}

function noTarget(got: unknown): string {
  return `expected a node, a list of nodes, {label, is} or {select}, got ${told(got)}`;
}

function isTarget(value: unknown): boolean {
  if (isName(value) || isListOf(value, 0, isName)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { label, is, select } = value as Record<string, unknown>;
  return isName(select) || (isName(label) && isName(is));
}

function isListOf(value: unknown, least: number, isOne: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length >= least && value.every((item) => isOne(item));
}

function isName(value: unknown): boolean {
  return typeof value === 'string';
}

/** Every target of an action, with the field in which it stands. */
export function targetsOf(
  action: object,
): { readonly field: string; readonly target: NodeTarget }[] {
  const fields = action as Targeted;
  const single = SINGLE.flatMap((field) => {
    const target = fields[field];
    return target === undefined ? [] : [{ field, target }];
  });
  const between = (fields.between ?? []).map((target, i) => ({ field: `between[${i}]`, target }));
  const groups = (fields.groups ?? []).map((target, i) => ({ field: `groups[${i}]`, target }));
  return [...single, ...between, ...groups];
}

/** The same action with concrete names in place of labels and selections. */
export function withTargets<A extends object>(
  action: A,
  resolve: (target: NodeTarget) => readonly string[],
): A {
  const fields = action as Targeted;
  const concrete = (target: NodeTarget): NodeTarget =>
    isConcrete(target) ? target : resolve(target);
  const single = SINGLE.flatMap((field) => {
    const target = fields[field];
    return target === undefined ? [] : [[field, concrete(target)] as const];
  });
  const between = fields.between === undefined ? {} : { between: fields.between.map(concrete) };
  return { ...action, ...Object.fromEntries(single), ...between };
}

export function isConcrete(target: NodeTarget): target is string | readonly string[] {
  return typeof target === 'string' || Array.isArray(target);
}

/** The names in a target that stands fast, each once. */
export function nodesOf(target: NodeTarget): readonly string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return [...new Set(target as readonly string[])];
  throw new Error(`the target ${JSON.stringify(target)} was never resolved`);
}

/** A target as people read it: `s0`, `s0 s1`, `zone=a`, `the leader`. */
export function describeTarget(target: NodeTarget | undefined): string {
  if (target === undefined) return 'all';
  if (isConcrete(target)) return nodesOf(target).join(' ') || 'nobody';
  return 'select' in target ? `the ${target.select}` : `${target.label}=${target.is}`;
}
