/** One person's data as the phone uploads it and as the Health app exports it. */

interface Sample {
  readonly type: string;
  readonly start: string;
  readonly end: string;
  readonly value: number;
  /** Unit and value as the export has them, where they differ. */
  readonly unit: string;
  readonly exported?: { readonly unit: string; readonly value: number };
}

const QUANTITY = 'HKQuantityTypeIdentifier';
const sample = (
  type: string,
  start: string,
  end: string,
  value: number,
  unit: string,
  exported?: Sample['exported'],
): Sample => ({
  ...{ type, start: `2026-10-30T${start}Z`, end: `2026-10-30T${end}Z`, value, unit },
  ...(exported ? { exported } : {}),
});

const records: readonly Sample[] = [
  sample('HeartRate', '07:00:00', '07:00:00', 61, 'bpm', { unit: 'count/min', value: 61 }),
  sample('HeartRate', '07:05:00', '07:05:00', 64, 'bpm', { unit: 'count/min', value: 64 }),
  sample('StepCount', '08:00:00', '08:10:00', 734, 'count'),
  sample('StepCount', '08:10:00', '08:20:00', 120, 'count'),
  sample('ActiveEnergyBurned', '08:00:00', '08:01:00', 10, 'kcal', { unit: 'kJ', value: 41.84 }),
  sample('DistanceWalkingRunning', '08:00:00', '08:10:00', 804.672, 'm', { unit: 'mi', value: 0.5 }),
  sample('BodyMass', '06:00:00', '06:00:00', 68.0388555, 'kg', { unit: 'lb', value: 150 }),
  sample('OxygenSaturation', '03:00:00', '03:00:00', 97, '%', { unit: '%', value: 0.97 }),
];
const sleep = [
  ['light', 'AsleepCore', '2026-10-29T22:00:00Z', '2026-10-30T01:00:00Z'],
  ['deep', 'AsleepDeep', '2026-10-30T01:00:00Z', '2026-10-30T02:30:00Z'],
  ['awake', 'Awake', '2026-10-30T02:30:00Z', '2026-10-30T02:40:00Z'],
  ['rem', 'AsleepREM', '2026-10-30T02:40:00Z', '2026-10-30T05:00:00Z'],
] as const;
const run = { start: '2026-10-30T17:00:00Z', end: '2026-10-30T17:30:00Z' };

const ZONE = { minutes: 60, phone: '+01:00', file: '+0100' };
const source = {
  appId: 'com.apple.health',
  deviceName: 'Apple Watch',
  deviceModel: 'Watch7,1',
  deviceType: 'watch',
  operatingSystemVersion: { majorVersion: 11, minorVersion: 1, patchVersion: 0 },
};
const DEVICE =
  '&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1, software:11.1.0&gt;';

/** `2026-10-30 09:00:00 +0100` */
const exportTime = (text: string): string => {
  const local = new Date(Date.parse(text) + ZONE.minutes * 60_000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${ZONE.file}`;
};
const times = (start: string, end: string): string =>
  `creationDate="${exportTime(end)}" startDate="${exportTime(start)}" endDate="${exportTime(end)}"`;
const writer = `sourceName="Ann’s Apple Watch" sourceVersion="11.1" device="${DEVICE}"`;

const recordText = ({ type, start, end, value, unit, exported }: Sample): string =>
  `<Record type="${QUANTITY}${type}" ${writer} unit="${exported?.unit ?? unit}" ${times(start, end)} value="${exported?.value ?? value}"/>`;
const sleepText = ([, stage, start, end]: (typeof sleep)[number]): string =>
  `<Record type="HKCategoryTypeIdentifierSleepAnalysis" ${writer} ${times(start, end)} value="HKCategoryValueSleepAnalysis${stage}"/>`;
const statistic = (type: string, rest: string): string => `<WorkoutStatistics type="${QUANTITY}${type}" ${rest}/>`;
const workoutText = `<Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30" durationUnit="min" ${writer} ${times(run.start, run.end)}>
  ${statistic('HeartRate', 'average="148.25" minimum="92" maximum="176" unit="count/min"')}
  ${statistic('ActiveEnergyBurned', 'sum="412.5" unit="Cal"')}
  ${statistic('DistanceWalkingRunning', 'sum="5.2" unit="km"')}
  ${statistic('StepCount', 'sum="4800" unit="count"')}
</Workout>`;

/** An export of some records alone. */
export const documentOf = (samples: readonly Sample[], ...more: readonly string[]): Buffer =>
  Buffer.from(
    `<?xml version="1.0"?><HealthData locale="en_DE">${[...samples.map(recordText), ...more].join('\n')}</HealthData>`,
  );

const item = (id: string, start: string, end: string): object => ({
  ...{ id, startDate: start, endDate: end, zoneOffset: ZONE.phone, source },
});

export const SAME_DATA = {
  records,
  file: documentOf(records, ...sleep.map(sleepText), workoutText),
  upload: {
    ...{ provider: 'apple', sdkVersion: '1.0', syncTimestamp: '2026-11-01T08:00:00Z' },
    data: {
      records: records.map(({ type, start, end, value, unit }, n) => ({
        ...item(`r${n}`, start, end),
        ...{ type: `${QUANTITY}${type}`, value, unit },
      })),
      sleep: sleep.map(([stage, , start, end], n) => ({ ...item(`s${n}`, start, end), stage })),
      workouts: [
        {
          ...item('w', run.start, run.end),
          type: 'running',
          values: [
            { type: 'minHeartRate', unit: 'bpm', value: 92 },
            { type: 'averageHeartRate', unit: 'bpm', value: 148.25 },
            { type: 'maxHeartRate', unit: 'bpm', value: 176 },
            { type: 'activeEnergyBurned', unit: 'kcal', value: 412.5 },
            { type: 'distance', unit: 'm', value: 5200 },
            { type: 'stepCount', unit: 'count', value: 4800 },
          ],
        },
      ],
    },
  },
};
