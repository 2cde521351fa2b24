import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** What to write into a package.json to get a package again, from what it is. */
export interface Installed {
  /** Its folder. */
  readonly root: string;
  readonly name: string;
  readonly version: string;
}

/**
 * How the package.json of a folder asks for this very package. What came from a registry is asked
 * for there; a tarball, a repository or a working copy is where it is, since no registry may know
 * the package, or know another one by its name.
 */
export function ownSpec({ root, name, version }: Installed, folder: string): string {
  const from = (path: string): string =>
    `file:${relative(resolve(folder), path).split(sep).join('/')}`;
  if (!root.split(sep).includes('node_modules')) return from(root);
  const modules = dirname(root);
  const resolved = resolvedAs(modules, name);
  if (resolved?.startsWith('file:') === true) {
    return from(resolve(dirname(modules), resolved.slice('file:'.length)));
  }
  return resolved?.startsWith('git+') === true ? resolved : `^${version}`;
}

/** Where npm says that it has a package from; undefined = somebody else installed it. */
function resolvedAs(modules: string, name: string): string | undefined {
  try {
    const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
      packages?: Readonly<Record<string, { readonly resolved?: unknown }>>;
    };
    const resolved = packages?.[`node_modules/${name}`]?.resolved;
    return typeof resolved === 'string' ? resolved : undefined;
  } catch {
    return undefined;
  }
}
