import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import { courseCatchOf } from '../../scenarios/define/pack.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { courseText } from '../../scenarios/report/matrix/words.ts';
import { wrap } from '../../scenarios/report/text-run.ts';
import { UsageError } from '../errors.ts';
import { print, printJson, textWidth } from '../output.ts';

export interface SpecimensOptions {
  readonly json?: boolean;
}

export interface ListSpecimensOptions extends SpecimensOptions {
  readonly lab?: string;
}

/** `specimens list`: the deliberately wrong variants. */
export function listSpecimens(options: ListSpecimensOptions): number {
  const all = new Registry(packs).specimens;
  const chosen = all.filter(({ lab }) => options.lab === undefined || String(lab) === options.lab);
  if (chosen.length === 0) {
    const labs = [...new Set(all.map(({ lab }) => lab))].join(', ');
    throw new UsageError(`--lab: no specimens of lab ${options.lab}; there are labs ${labs}`);
  }
  for (const { id, lab, title, seam, guarantee } of chosen) {
    if (options.json === true) printJson({ format: 1, specimen: id, lab, title, seam, guarantee });
    else print(`${id.padEnd(5)} ${title.padEnd(50)} ${pc.dim(seam)}`);
  }
  return ExitCode.asExpected;
}

/** `specimens show ID`: one of them, with what one learns from it, and how it is killed. */
export function showSpecimen(id: string, options: SpecimensOptions): number {
  const specimen = new Registry(packs).specimen(id);
  const course = courseCatchOf(packs, specimen);
  if (options.json === true) {
    const { id: name, layers: _layers, ...rest } = specimen;
    printJson({ format: 1, specimen: name, ...rest, course });
    return ExitCode.asExpected;
  }
  const { title, lab, seam, guarantee, lesson, scenarios, edit } = specimen;
  print(pc.bold(`${specimen.id}  ${title}`));
  print(`lab ${lab}, one ${seam} changed${edit === undefined ? '' : ` in ${edit.file}`}`);
  print(`breaks: ${guarantee} (${specimen.class})`);
  print(wrap(lesson, '', textWidth()).join('\n'));
  for (const scenario of scenarios) {
    print(`try: npx faultlab sweep ${scenario} --specimen ${specimen.id}`);
  }
  print(`how soon it is killed, and by what: npx faultlab specimens matrix ${specimen.id}`);
  if (course !== undefined) print(courseText(course));
  return ExitCode.asExpected;
}
