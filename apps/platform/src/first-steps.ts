/** Yesterday of somebody's phone, small enough to read. */
function sampleUpload(now: Date): { upload: object; from: string; to: string } {
  const day = 86_400_000;
  const midnight = Math.floor(now.getTime() / day) * day - day;
  const at = (hours: number): string => new Date(midnight + hours * 3_600_000).toISOString().replace('.000Z', 'Z');
  const watch = { deviceModel: 'Watch7,1', deviceType: 'watch' };
  const record = (id: string, type: string, start: number, end: number, value: number, unit: string): object => ({
    id,
    type: `HKQuantityTypeIdentifier${type}`,
    startDate: at(start),
    endDate: at(end),
    value,
    unit,
    source: watch,
  });
  const stage = (id: string, name: string, start: number, end: number): object => ({
    id,
    stage: name,
    startDate: at(start),
    endDate: at(end),
    source: watch,
  });
  const upload = {
    provider: 'apple',
    sdkVersion: '1.0.0',
    syncTimestamp: at(24),
    data: {
      records: [
        record('demo-hr-1', 'HeartRate', 9, 9, 61, 'count/min'),
        record('demo-hr-2', 'HeartRate', 12, 12, 84, 'count/min'),
        record('demo-steps-1', 'StepCount', 9, 9.25, 1250, 'count'),
        record('demo-steps-2', 'StepCount', 12, 12.5, 2310, 'count'),
      ],
      sleep: [
        stage('demo-sleep-1', 'light', 0, 3),
        stage('demo-sleep-2', 'deep', 3, 4.5),
        stage('demo-sleep-3', 'rem', 4.5, 6.5),
      ],
      workouts: [
        {
          id: 'demo-run-1',
          type: 'running',
          startDate: at(17),
          endDate: at(17.75),
          source: watch,
          values: [
            { type: 'activeEnergyBurned', unit: 'kcal', value: 388.5 },
            { type: 'distance', unit: 'm', value: 7210.4 },
            { type: 'averageHeartRate', unit: 'bpm', value: 151 },
          ],
        },
      ],
    },
  };
  return { upload, from: at(-12), to: at(36) };
}

/**
 * Shell commands that create a user, upload a phone's data and read it back; they run as they are pasted, again and
 * again. `now` decides the dates of the data.
 */
export function firstSteps(apiBaseUrl: string, apiKey: string, now: Date): string {
  const { upload, from, to } = sampleUpload(now);
  const range = `start_date=${from}&end_date=${to}`;
  return `API=${apiBaseUrl}/api/v1
KEY='X-Open-Wearables-API-Key: ${apiKey}'
USER_ID=$(curl -sS -H "$KEY" -H 'Content-Type: application/json' "$API/users" \\
  -d '{"external_user_id":"demo"}' | sed -n 's/.*"id":"\\([^"]*\\)".*/\\1/p'); echo "user $USER_ID"
curl -sS -H "$KEY" -H 'Content-Type: application/json' "$API/sdk/users/$USER_ID/sync" -d @- <<'JSON'; echo; sleep 3
${readable(upload)}
JSON
curl -sS -H "$KEY" "$API/users/$USER_ID/timeseries?types=heart_rate&types=steps&start_time=${from}&end_time=${to}"; echo
curl -sS -H "$KEY" "$API/users/$USER_ID/events/workouts?${range}"; echo
curl -sS -H "$KEY" "$API/users/$USER_ID/events/sleep?${range}"; echo`;
}

/** JSON with one item per line. */
const readable = (upload: object): string => JSON.stringify(upload).replace(/([[{,])(\{"(?:id|type)")/g, '$1\n $2');
