/**
 * `npm run generate:apple-xml -- --mb 300 [--out file]` writes an Apple Health export of about that size: a watch, a
 * phone and an app over several years, grouped by type and in order of time, as the Health app writes it.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const MIB = 1024 * 1024;
const FLUSH_CHARS = MIB;
const END = Date.UTC(2026, 9, 31, 22);
const EXPORTED = '2026-11-01 09:00:00 +0100';
const WATCH = {
  name: 'Ann’s Apple Watch',
  version: '11.1',
  device:
    '&lt;&lt;HKDevice: 0x28160f2a0&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,1, software:11.1&gt;',
};
const PHONE = {
  name: 'Ann’s iPhone',
  version: '18.1',
  device:
    '&lt;&lt;HKDevice: 0x28160f750&gt;, name:iPhone, manufacturer:Apple Inc., model:iPhone, hardware:iPhone16,2, software:18.1&gt;',
};
const SCALE = { name: 'Scale &amp; Co', version: '4.2', device: null };

/** Share of the records, seconds between two of them, length in seconds, unit, smallest value, spread, decimals. */
const TYPES = [
  ['HeartRate', WATCH, 0.36, 0, 'count/min', 48, 110, 0, true],
  ['ActiveEnergyBurned', WATCH, 0.24, 60, 'Cal', 0.1, 9, 3],
  ['BasalEnergyBurned', WATCH, 0.13, 300, 'Cal', 4, 3, 3],
  ['DistanceWalkingRunning', WATCH, 0.09, 60, 'km', 0.001, 0.08, 6],
  ['StepCount', WATCH, 0.06, 60, 'count', 1, 120, 0],
  ['StepCount', PHONE, 0.05, 300, 'count', 1, 500, 0],
  ['WalkingSpeed', PHONE, 0.02, 30, 'km/hr', 3, 4, 2],
  ['RespiratoryRate', WATCH, 0.015, 0, 'count/min', 11, 8, 1],
  ['OxygenSaturation', WATCH, 0.015, 0, '%', 0.92, 0.08, 2],
  ['HeartRateVariabilitySDNN', WATCH, 0.005, 60, 'ms', 20, 90, 4],
  ['BodyMass', SCALE, 0.001, 0, 'lb', 150, 10, 1],
  ['DietaryWater', SCALE, 0.001, 0, 'mL', 100, 400, 0],
];
const RECORD_BYTES = 424;
const MINUTE = 60_000;
const STAGES = ['AsleepCore', 'AsleepDeep', 'AsleepCore', 'AsleepREM', 'Awake', 'AsleepCore'];

/** The same numbers every time. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const two = (n) => String(n).padStart(2, '0');
/** Text as the export has it, in the zone the phone is set to: CET all the year round. */
export function exportTime(millis) {
  const local = new Date(millis + 60 * MINUTE);
  const day = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
  return `${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())} +0100`;
}

const sourceText = ({ name, version, device }) =>
  `sourceName="${name}" sourceVersion="${version}"${device === null ? '' : ` device="${device}"`}`;

function* records([type, source, share, seconds, unit, least, spread, decimals, isHeartRate], total, random) {
  const count = Math.max(1, Math.round(total * share));
  const step = (total * 100_000) / count;
  const texts = `type="HKQuantityTypeIdentifier${type}" ${sourceText(source)} unit="${unit}"`;
  for (let n = 0; n < count; n++) {
    const at = Math.floor((END - (count - n) * step + random() * (step - seconds * 1000)) / 1000) * 1000;
    const start = exportTime(at);
    const end = seconds === 0 ? start : exportTime(at + seconds * 1000);
    const value = (least + random() * spread).toFixed(decimals);
    const head = ` <Record ${texts} creationDate="${end}" startDate="${start}" endDate="${end}" value="${value}"`;
    yield isHeartRate
      ? `${head}>\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="${Math.floor(random() * 3)}"/>\n </Record>\n`
      : `${head}/>\n`;
  }
}

function* nights(days) {
  const texts = `type="HKCategoryTypeIdentifierSleepAnalysis" ${sourceText(WATCH)}`;
  for (let day = days; day > 0; day--) {
    for (let n = 0; n < 24; n++) {
      const at = END - day * 1440 * MINUTE + n * 18 * MINUTE;
      const stage = `HKCategoryValueSleepAnalysis${STAGES[n % STAGES.length]}`;
      const [start, end] = [exportTime(at), exportTime(at + 18 * MINUTE)];
      yield (
        ` <Record ${texts} creationDate="${end}" startDate="${start}" endDate="${end}" value="${stage}">\n` +
        `  <MetadataEntry key="HKTimeZone" value="Europe/Berlin"/>\n </Record>\n`
      );
    }
  }
}

function* workouts(days) {
  const kind = 'HKWorkoutActivityTypeRunning';
  for (let day = days; day > 0; day -= 2) {
    const at = END - day * 1440 * MINUTE - 4 * 60 * MINUTE;
    const dates = `startDate="${exportTime(at)}" endDate="${exportTime(at + 40 * MINUTE)}"`;
    const statistics = (type, rest) =>
      `  <WorkoutStatistics type="HKQuantityTypeIdentifier${type}" ${dates} ${rest}/>\n`;
    yield (
      ` <Workout workoutActivityType="${kind}" duration="40" durationUnit="min" ${sourceText(WATCH)} ` +
      `creationDate="${exportTime(at + 41 * MINUTE)}" ${dates}>\n` +
      `  <MetadataEntry key="HKTimeZone" value="Europe/Berlin"/>\n` +
      statistics('HeartRate', 'average="148.2" minimum="92" maximum="176" unit="count/min"') +
      statistics('ActiveEnergyBurned', 'sum="412.5" unit="Cal"') +
      statistics('DistanceWalkingRunning', 'sum="7.31" unit="km"') +
      ` </Workout>\n`
    );
  }
}

function* activitySummaries(days) {
  for (let day = days; day > 0; day--) {
    const date = exportTime(END - day * 1440 * MINUTE).slice(0, 10);
    yield (
      ` <ActivitySummary dateComponents="${date}" activeEnergyBurned="512.3" activeEnergyBurnedGoal="500" ` +
      `activeEnergyBurnedUnit="Cal" appleExerciseTime="31" appleExerciseTimeGoal="30" appleStandHours="11" appleStandHoursGoal="12"/>\n`
    );
  }
}

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record type CDATA #REQUIRED unit CDATA #IMPLIED value CDATA #IMPLIED>
]>
<HealthData locale="en_DE">
 <ExportDate value="${EXPORTED}"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1988-05-01" HKCharacteristicTypeIdentifierBiologicalSex="HKBiologicalSexFemale" HKCharacteristicTypeIdentifierBloodType="HKBloodTypeNotSet" HKCharacteristicTypeIdentifierFitzpatrickSkinType="HKFitzpatrickSkinTypeNotSet" HKCharacteristicTypeIdentifierCardioFitnessMedicationsUse="None"/>
`;

/** The export, piece by piece. */
export function* exportPieces(mb) {
  const random = randomNumbers(7);
  const total = Math.round((mb * MIB) / RECORD_BYTES);
  const days = Math.max(2, Math.round(total / 864));
  yield HEAD;
  for (const type of TYPES) yield* records(type, total, random);
  yield* nights(days);
  yield* workouts(days);
  yield* activitySummaries(days);
  yield '</HealthData>\n';
}

/** Writes the export to `path`; answers its number of records. */
export async function generateAppleXml(mb, path) {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  let text = '';
  let count = 0;
  for (const piece of exportPieces(mb)) {
    text += piece;
    if (piece.startsWith(' <Record')) count++;
    if (text.length < FLUSH_CHARS) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
  return count;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flag = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const mb = Number(flag('mb', '300'));
  if (!(mb > 0)) throw new Error('--mb must be a number above 0');
  const path = flag('out', `.data/apple-export-${mb}.xml`);
  console.log(`${path}: ${await generateAppleXml(mb, path)} records`);
}
