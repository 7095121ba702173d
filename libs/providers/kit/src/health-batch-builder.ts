import {
  roundDecimal,
  storableValue,
  type ActivityEventInput,
  type HealthBatch,
  type MenstrualCycleInput,
  type PointInput,
  type ProviderCode,
  type ScoreInput,
  type SleepSegmentInput,
  type SleepSessionInput,
  type SourceIdentity,
  type WorkoutInput,
} from '#libs/model';
import { cleanText } from './clean-text.js';
import { storableDetail } from './workout-detail.js';

const ID_LENGTH = 100;
const NAME_LENGTH = 64;
const VERSION_LENGTH = 50;

/**
 * Collects what a mapper finds. Equal sources become one, texts are cut to what a column holds, numbers rounded to
 * what is stored; order is kept.
 */
export class HealthBatchBuilder {
  private readonly sources: SourceIdentity[] = [];
  private readonly sourceIndexes = new Map<string, number>();
  private readonly points: PointInput[] = [];
  private readonly workouts: WorkoutInput[] = [];
  private readonly sleepSegments: SleepSegmentInput[] = [];
  private readonly sleepSessions: SleepSessionInput[] = [];
  private readonly cycles: MenstrualCycleInput[] = [];
  private readonly scores: ScoreInput[] = [];
  private readonly activities: ActivityEventInput[] = [];

  constructor(private readonly provider: ProviderCode) {}

  /** Index of the source; identity is (device model, source). Facts beyond the identity fill what was missing. */
  source(given: Partial<SourceIdentity>): number {
    const identity: SourceIdentity = {
      source: cleanText(given.source, ID_LENGTH),
      deviceModel: cleanText(given.deviceModel, ID_LENGTH),
      deviceType: given.deviceType ?? null,
      softwareVersion: cleanText(given.softwareVersion, VERSION_LENGTH),
      originalSourceName: cleanText(given.originalSourceName, ID_LENGTH),
    };
    const key = JSON.stringify([identity.deviceModel, identity.source]);
    const index = this.sourceIndexes.get(key);
    if (index === undefined) {
      this.sourceIndexes.set(key, this.sources.length);
      return this.sources.push(identity) - 1;
    }
    const known = this.sources[index]!;
    this.sources[index] = {
      ...known,
      deviceType: known.deviceType ?? identity.deviceType,
      softwareVersion: known.softwareVersion ?? identity.softwareVersion,
      originalSourceName: known.originalSourceName ?? identity.originalSourceName,
    };
    return index;
  }

  /** False, and nothing added, when the value cannot be stored. An end not after the start is no end. */
  point(point: PointInput): boolean {
    const value = storableValue(point.series, point.value);
    if (value === null) return false;
    const endedAt = point.endedAt !== null && point.endedAt > point.recordedAt ? point.endedAt : null;
    this.points.push({ ...point, value, endedAt, externalId: cleanText(point.externalId, ID_LENGTH) });
    return true;
  }

  /** Names of the detail fields left out because their value cannot be stored. */
  workout(workout: WorkoutInput): readonly string[] {
    const { detail, dropped } = storableDetail(workout.detail);
    this.workouts.push({ ...withNames(workout), durationSeconds: Math.trunc(workout.durationSeconds), detail });
    return dropped;
  }

  sleepSegment(segment: SleepSegmentInput): void {
    this.sleepSegments.push(withNames(segment));
  }

  sleepSession(session: SleepSessionInput): void {
    const { efficiencyPercent } = session;
    this.sleepSessions.push({
      ...withNames(session),
      efficiencyPercent: efficiencyPercent === null ? null : roundDecimal(efficiencyPercent, 2),
    });
  }

  cycle(cycle: MenstrualCycleInput): void {
    this.cycles.push(withNames(cycle));
  }

  activity(activity: ActivityEventInput): void {
    this.activities.push(withNames(activity));
  }

  score(score: ScoreInput): void {
    const { value, about } = score;
    const externalId = cleanText(about?.externalId, ID_LENGTH);
    this.scores.push({
      ...score,
      value: value === null ? null : roundDecimal(value),
      about: about && externalId !== null ? { ...about, externalId } : null,
    });
  }

  /** Does the work; when it throws, everything it had added is taken back before the error goes on. */
  allOrNothing(work: () => void): void {
    const lists = [
      this.points,
      this.workouts,
      this.sleepSegments,
      this.sleepSessions,
      this.cycles,
      this.scores,
      this.activities,
    ];
    const lengths = lists.map((list) => list.length);
    try {
      work();
    } catch (error) {
      lists.forEach((list, index) => (list.length = lengths[index] ?? 0));
      throw error;
    }
  }

  build(): HealthBatch {
    return {
      provider: this.provider,
      sources: this.sources,
      points: this.points,
      workouts: this.workouts,
      sleepSegments: this.sleepSegments,
      sleepSessions: this.sleepSessions,
      cycles: this.cycles,
      scores: this.scores,
      activities: this.activities,
    };
  }
}

const withNames = <T extends { externalId: string | null; sourceName: string | null }>(event: T): T => ({
  ...event,
  externalId: cleanText(event.externalId, ID_LENGTH),
  sourceName: cleanText(event.sourceName, NAME_LENGTH),
});
