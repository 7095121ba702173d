import { compareFragments, type SleepFragment } from './fragment.js';

/**
 * Groups the fragments of one source into sessions: a new group starts where the next start lies more than `gap`
 * (microseconds) after the latest end so far. Naps never share a group with nights, nor segments with vendor sessions.
 * Each group is sorted, and the answer does not depend on the order of `fragments`.
 */
export function groupFragments(fragments: readonly SleepFragment[], gap: number): SleepFragment[][] {
  const families = new Map<string, SleepFragment[]>();
  for (const fragment of fragments.toSorted(compareFragments)) {
    const family = `${fragment.kind}|${fragment.isNap}`;
    const members = families.get(family);
    if (members) members.push(fragment);
    else families.set(family, [fragment]);
  }
  return [...families.values()].flatMap((family) => splitAtGaps(family, gap));
}

function splitAtGaps(sorted: readonly SleepFragment[], gap: number): SleepFragment[][] {
  const groups: SleepFragment[][] = [];
  let latestEnd = -Infinity;
  for (const fragment of sorted) {
    if (fragment.startedAt - latestEnd > gap) groups.push([]);
    groups.at(-1)!.push(fragment);
    latestEnd = Math.max(latestEnd, fragment.endedAt);
  }
  return groups;
}
