import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { wrap } from '../../scenarios/report/text-run.ts';
import { print, printJson, textWidth } from '../output.ts';

export interface SpecimensOptions {
  readonly json?: boolean;
}

/** `specimens list`: the deliberately wrong variants. */
export function listSpecimens(options: SpecimensOptions): number {
  for (const { id, lab, title, seam, guarantee } of new Registry(packs).specimens) {
    if (options.json === true) printJson({ format: 1, specimen: id, lab, title, seam, guarantee });
    else print(`${id.padEnd(5)} ${title.padEnd(50)} ${pc.dim(seam)}`);
  }
  return ExitCode.asExpected;
}

/** `specimens show ID`: one of them, with what one learns from it. */
export function showSpecimen(id: string, options: SpecimensOptions): number {
  const specimen = new Registry(packs).specimen(id);
  if (options.json === true) {
    const { id: name, layers: _layers, ...rest } = specimen;
    printJson({ format: 1, specimen: name, ...rest });
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
  return ExitCode.asExpected;
}
