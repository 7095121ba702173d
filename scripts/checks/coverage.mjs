const FLOOR_PERCENT = 90;
const LIBRARY = /^libs\/(providers\/[^/]+|[^/]+)\//;

/** Covered lines per library and in all, from those of each file; enough is at least 90 % of all lines in libs. */
export function summarizeCoverage(lines) {
  const libraries = new Map();
  const all = { covered: 0, total: 0 };
  for (const [path, { covered, total }] of lines) {
    const name = LIBRARY.exec(path)[1];
    const sums = libraries.get(name) ?? { covered: 0, total: 0 };
    libraries.set(name, { covered: sums.covered + covered, total: sums.total + total });
    all.covered += covered;
    all.total += total;
  }
  const rows = [...libraries].sort(([one], [two]) => one.localeCompare(two));
  const text = [...rows, ['all libraries', all]].map(([name, { covered, total }]) => {
    return `  ${name.padEnd(20)} ${percent(covered, total).toFixed(1).padStart(6)} % of ${total} lines`;
  });
  const isEnough = all.total > 0 && percent(all.covered, all.total) >= FLOOR_PERCENT;
  if (!isEnough) text.push(`FAIL coverage: at least ${FLOOR_PERCENT} % of the lines in libs must be covered`);
  return { isEnough, text: ['Line coverage', ...text].join('\n') };
}

const percent = (covered, total) => (total === 0 ? 100 : (100 * covered) / total);
