import { expect, test } from 'vitest';
import { matrixCommand, type MatrixCommandOptions } from '../commands/matrix.ts';

const usual: MatrixCommandOptions = { most: '1', ranges: '1', passes: '1' };

test.each<[string, Partial<MatrixCommandOptions>, RegExp]>([
  ['R99', {}, /^unknown specimen "R99"/],
  ['R13', { most: '0' }, /^--most: expected a whole number from 1/],
  ['R13', { most: '100001' }, /^--most: 100001 is more than 100000/],
  ['R13', { ranges: 'x' }, /^--ranges: expected a whole number/],
  ['R13', { official: true, passes: '1.5' }, /^--passes: expected a whole number/],
  ['R13', { jobs: '0' }, /^--jobs: expected a whole number/],
  ['R13', { scenario: ['kv/chaos'] }, /^--scenario: none of kv\/chaos is of the lab/],
  ['R13', { scenario: ['nosuch/*'] }, /^no scenario is called nosuch/],
  ['R13', { lab: '5' }, /^--lab: none of these specimens is of lab 5/],
  ['R13', { md: 'no/such/folder.md' }, /^no\/such\/folder.md: cannot be written/],
])('a matrix of %s with %o is refused before anything runs', async (id, options, message) => {
  await expect(matrixCommand([id], { ...usual, ...options })).rejects.toThrow(message);
});
