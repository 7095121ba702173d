import { expect, it } from '@jest/globals';
import { inDescribe } from './grouped-transform.mjs';

it('moves everything but the imports of a spec file into a describe, line by line', () => {
  const code = `import { it } from '@jest/globals';\nimport { a } from './a.js';\nlet n;\nit('x', () => a(n));\n\n//# sourceMappingURL=x`;
  const lines = inDescribe(code, 'x.spec.ts').split('\n');
  expect(lines.slice(0, 2)).toEqual(code.split('\n').slice(0, 2));
  expect(lines[2]).toBe(`globalThis.describe("x.spec.ts", () => {let n;`);
  expect(lines.slice(3, 5)).toEqual([`it('x', () => a(n));`, '});']);
});
