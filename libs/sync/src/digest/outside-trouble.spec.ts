import { describe, expect, it } from '@jest/globals';
import { isOutsideTrouble } from './outside-trouble.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('isOutsideTrouble', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', '08006', '40P01', '53100', '53300', '57P01', '57P03', '25006', '58030'])(
    'knows %s as trouble of the database',
    (code) => expect(isOutsideTrouble(coded(code))).toBe(true),
  );

  it.each(['22003', '23505', '42601', '57014', 'ERR_INVALID_ARG_TYPE', '5', 'ENOENT'])(
    'holds %s against the upload',
    (code) => expect(isOutsideTrouble(coded(code))).toBe(false),
  );

  it('knows a lost connection by its words', () => {
    expect(isOutsideTrouble(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isOutsideTrouble(new Error('Cannot read properties of undefined'))).toBe(false);
    expect(isOutsideTrouble('Connection terminated')).toBe(false);
  });
});
