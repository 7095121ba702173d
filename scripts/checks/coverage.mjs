import { existsSync, readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

const FLOOR_PERCENT = 90;
const LIBRARY = /^libs\/(providers\/[^/]+|[^/]+)\//;

/** The same from the file that jest writes; not enough where it wrote none. */
export function readCoverage(path, root) {
  const summary = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : { total: { lines: { covered: 0, total: 0 } } };
  return summarizeCoverage(summary, root);
}

/** Covered lines per library and in all, from jest's summary; enough is at least 90 % of all lines in libs. */
export function summarizeCoverage(summary, root) {
  const libraries = new Map();
  for (const [path, { lines }] of Object.entries(summary)) {
    const name = LIBRARY.exec(relative(root, path).split(sep).join('/'))?.[1];
    if (name === undefined) continue;
    const sums = libraries.get(name) ?? { covered: 0, total: 0 };
    libraries.set(name, { covered: sums.covered + lines.covered, total: sums.total + lines.total });
  }
  const { lines } = summary.total;
  const rows = [...libraries].sort(([one], [two]) => one.localeCompare(two));
  const text = [...rows, ['all libraries', lines]].map(([name, { covered, total }]) => {
    return `  ${name.padEnd(20)} ${percent(covered, total).toFixed(1).padStart(6)} % of ${total} lines`;
  });
  const isEnough = lines.total > 0 && percent(lines.covered, lines.total) >= FLOOR_PERCENT;
  if (!isEnough) text.push(`FAIL coverage: at least ${FLOOR_PERCENT} % of the lines in libs must be covered`);
  return { isEnough, text: ['Line coverage', ...text].join('\n') };
}

const percent = (covered, total) => (total === 0 ? 100 : (100 * covered) / total);
