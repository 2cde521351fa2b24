import { UsageError } from '../errors.ts';
import { defaultReporter } from './default.ts';
import { dotReporter } from './dot.ts';
import { githubReporter } from './github.ts';
import { htmlReporter } from './html.ts';
import { jsonReporter } from './json.ts';
import { junitReporter } from './junit.ts';
import { together, type Reporter } from './reporter.ts';

/** Those that print, of which there can be one. */
const PRINTING: Readonly<Record<string, () => Reporter>> = {
  default: defaultReporter,
  dot: dotReporter,
  json: jsonReporter,
  github: githubReporter,
};

/** Those that write a file. */
const WRITING: Readonly<Record<string, (file: string) => Reporter>> = {
  junit: junitReporter,
  html: htmlReporter,
};

export interface ReporterOptions {
  readonly reporter?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

/**
 * The reporters that were asked for: `dot`, `junit=FILE`. Those that write files come beside one
 * that prints.
 * @throws UsageError
 */
export function reporterOf({ reporter: words = [], json = false }: ReporterOptions): Reporter {
  const all = json ? [...words, 'json'] : words;
  const printing = all.filter((word) => !word.includes('=')).map(printer);
  const writing = all.filter((word) => word.includes('=')).map(writer);
  if (printing.length > 1) {
    throw new UsageError('--reporter: one that prints; others write files, as in junit=FILE');
  }
  return together([...(printing.length === 0 ? [defaultReporter()] : printing), ...writing]);
}

function printer(name: string): Reporter {
  const make = Object.hasOwn(PRINTING, name) ? PRINTING[name] : undefined;
  if (make !== undefined) return make();
  if (Object.hasOwn(WRITING, name)) {
    throw new UsageError(`--reporter ${name}: name its file: ${name}=FILE`);
  }
  throw unknown(name);
}

function writer(word: string): Reporter {
  const at = word.indexOf('=');
  const [name, file] = [word.slice(0, at), word.slice(at + 1)];
  const make = Object.hasOwn(WRITING, name) ? WRITING[name] : undefined;
  if (make === undefined && Object.hasOwn(PRINTING, name)) {
    throw new UsageError(`--reporter ${name}: it prints, and takes no file`);
  }
  if (make === undefined) throw unknown(name);
  if (file === '') throw new UsageError(`--reporter ${name}: name its file: ${name}=FILE`);
  return make(file);
}

function unknown(name: string): UsageError {
  const known = [...Object.keys(PRINTING), ...Object.keys(WRITING).map((one) => `${one}=FILE`)];
  return new UsageError(`--reporter: there is no ${name}; there are ${known.join(', ')}`);
}
