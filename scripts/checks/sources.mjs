import { listFiles, textOf } from './files.mjs';

const CODE = /\.(ts|mjs|cjs|sh|sql)$/;
const LONG_BY_NATURE = /(^|\/)(migrations|fixtures|generated)\//;
const MAX_LINES = 400;

/** Put together from halves, so that this file passes its own check. */
const MARKS = [
  ['unfinished work', new RegExp(['\\bTO', 'DO\\b|\\bFIX', 'ME\\b|\\bXX', 'X\\b'].join(''))],
  ['a test that runs alone', /\b(describe|it|test)(\.each\S*)?\.only\b|\bf(describe|it)\(/],
  ['a test that is left out', /\b(describe|it|test)(\.each\S*)?\.(skip|todo|failing)\b|\bx(describe|it)\(/],
  ['a silenced compiler', new RegExp('@ts-' + '(ignore|nocheck|expect-error)')],
  ['a silenced linter', new RegExp('eslint-' + 'disable|prettier-' + 'ignore')],
];

/** Problems of the sources as lines of text: files that are too long, marks of unfinished or silenced things. */
export function checkSources(root) {
  const problems = [];
  for (const path of listFiles(root)) {
    if (!CODE.test(path)) continue;
    const lines = textOf(root, path).split('\n');
    const length = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    if (length > MAX_LINES && !LONG_BY_NATURE.test(path))
      problems.push(`${path}: ${length} lines, ${MAX_LINES} allowed`);
    lines.forEach((line, index) => {
      for (const [what, mark] of MARKS) if (mark.test(line)) problems.push(`${path}:${index + 1}: ${what}`);
    });
  }
  return problems;
}
