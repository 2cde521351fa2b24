/** A variable of a module that its functions change: it outlives a call, and is shared by all. */
export interface ModuleVariable {
  readonly name: string;
  /** File, line and column. */
  readonly where: string;
}

/** What a bundler makes of `let`, `const` and `class` at the top of a module. */
const DECLARATION = /^(?:var|let|const) (?<rest>.*)$/;
const NAMES = /(?:^|, )(?<name>[A-Za-z_$][\w$]*)(?= = |[;,]|$)/g;

/** Methods that change an array, a map or a set. */
const MUTATORS = 'set|add|delete|clear|push|pop|shift|unshift|splice|fill|sort|reverse|copyWithin';

/**
 * Variables at the top of a bundle that it changes elsewhere, judged by its text alone: a local
 * variable of the same name looks the same, and who hands the value on is not seen. So it says
 * where to look, and not that something is wrong.
 * @param at what a place in the bundle, with lines and columns from 1, is in the sources
 */
export function moduleVariables(
  bundle: string,
  at: (line: number, column: number) => string | undefined,
): readonly ModuleVariable[] {
  return bundle.split('\n').flatMap((line, i) => {
    const rest = DECLARATION.exec(line)?.groups?.['rest'];
    if (rest === undefined) return [];
    const offset = line.length - rest.length;
    return [...rest.matchAll(NAMES)].flatMap((match) => {
      const name = match.groups!['name']!;
      const column = offset + match.index + match[0].indexOf(name) + 1;
      if (!isChanged(name, bundle, line)) return [];
      const where = at(i + 1, column);
      return where === undefined ? [] : [{ name, where }];
    });
  });
}

function isChanged(name: string, bundle: string, declaration: string): boolean {
  const own = `(?<![.\\w$])${name.replaceAll('$', '\\$')}`;
  const path = String.raw`(?:\.[\w$]+|\[[^\]\n]*\])`;
  const assigned = String.raw`\s*(?:=(?![=>])|[-+*/%&|^]=|<<=|>>=|\*\*=|\?\?=|\|\|=|&&=|\+\+|--)`;
  const change = new RegExp(
    [
      `${own}${path}*${assigned}`,
      String.raw`(?:\+\+|--)\s*${own}\b`,
      String.raw`${own}${path}*\.(?:${MUTATORS})\(`,
    ].join('|'),
  );
  return change.test(bundle.replace(declaration, ''));
}
