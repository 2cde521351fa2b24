import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const folders = '{sim,porcupine-ts,raft,kvsrv,mapreduce,shardkv,scenarios,cli,viewer,bench}';
/** Only the project's own folders: a user may keep work of their own beside them. */
const named = (ending: string): string[] => [`*${ending}`, `${folders}/**/*${ending}`];
const special = ['prop', 'e2e', 'deep', 'browser'].map((kind) => `**/*.${kind}.test.ts`);
const deep = process.env['FAULTLAB_DEEP'] === '1';

export default defineConfig({
  // The examples import the package by its name: here that means the sources beside them.
  resolve: {
    alias: [
      { find: /^faultlab\/testing$/, replacement: `${root}/scenarios/testing/index.ts` },
      {
        find: /^faultlab\/testing\/matchers$/,
        replacement: `${root}/scenarios/testing/matchers.ts`,
      },
      { find: /^faultlab\/([^/]+)$/, replacement: `${root}/$1/index.ts` },
    ],
  },
  test: {
    pool: 'threads',
    // One core left idle, as vitest would have it, is half of a small machine.
    maxWorkers: '100%',
    setupFiles: ['./vitest.setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: named('.test.ts'),
          exclude: special,
          // One module graph for all files of a thread: five times faster with a hundred files, and
          // a module that keeps state between runs is found out.
          isolate: false,
          // On a busy machine the longest take a multiple of the several seconds they need.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'prop',
          include: [...named('.prop.test.ts'), 'examples/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: named('.e2e.test.ts'),
          testTimeout: 180_000,
          // These tests run the built command: dist/ is brought up to date once, before the first.
          globalSetup: ['./cli/bootstrap.mjs'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: named('.browser.test.ts'),
          testTimeout: 60_000,
          // One browser for all of them, and pages of the viewer as it is.
          globalSetup: ['./cli/bootstrap.mjs', './viewer/testing/browser-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'deep',
          include: deep ? named('.deep.test.ts') : [],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
