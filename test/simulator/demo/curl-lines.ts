/** Lines to paste into a terminal, each with what it shows. */
export function curlLines(platform: string, apiKey: string, userId: string, nowMs: number): string {
  const date = (daysAgo: number): string => new Date(nowMs - daysAgo * 86_400_000).toISOString().slice(0, 10);
  const range = `start_date=${date(7)}&end_date=${date(-1)}`;
  const lines = [
    ['What the user is connected to', 'connections'],
    ['Nights of the last week', `events/sleep?${range}`],
    ['Workouts of all vendors', `events/workouts?${range}`],
    ['One truth per day out of four sources, and why', `summaries/activity?${range}&explain=true`],
    ['Heart rate of the last day', `timeseries?start_time=${date(1)}&end_time=${date(-1)}&types=heart_rate`],
    ['Scores as the vendors computed them', `health-scores?${range}`],
    ['How the syncs went', 'sync/runs'],
    ['Sync events as they happen (Ctrl-C ends it)', 'sync/stream'],
  ] as const;
  const shown = lines.map(
    ([what, path]) => `# ${what}\ncurl -sN -H "$KEY" '${platform}/api/v1/users/${userId}/${path}'`,
  );
  return [`KEY='X-API-Key: ${apiKey}'`, ...shown].join('\n\n');
}
