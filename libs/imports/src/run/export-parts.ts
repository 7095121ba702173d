import {
  BrokenExport,
  ExportMapper,
  ExportReader,
  UnreadableExport,
  type ExportPart,
  type IsKnownSource,
} from '#libs/providers/apple';
import type { HealthBatch, RoutePointInput } from '#libs/model';
import type { ExportFile } from './export-file.js';

export interface PartOptions {
  readonly isKnownSource: IsKnownSource;
  /** Elements from the front that are stored already. */
  readonly skipElements: number;
  /** About so many elements make a part. */
  readonly elementsPerPart: number;
}

export interface FilePart {
  readonly part: ExportPart;
  /** 0..1 of the file that is read. */
  readonly share: number;
}

/** Why reading stopped before the end of the document; null when it did not. */
export type Shortfall = string | null;

const CUT_OFF = 'The file ends before its end';

/**
 * The file in parts, in its order. What comes before a fault is whole and is given.
 * @returns why it was not read to its end
 * @throws UnreadableExport when it is no export
 */
export async function* exportParts(file: ExportFile, options: PartOptions): AsyncGenerator<FilePart, Shortfall, void> {
  const mapper = new ExportMapper(options.isKnownSource, options.skipElements);
  const reader = new ExportReader(mapper);
  let bytes = 0;
  let shortfall: Shortfall = file.shortfall;
  const take = async (): Promise<FilePart> => ({
    part: await withRoutes(mapper.take(), file),
    share: Math.min(bytes / Math.max(file.totalBytes, 1), 1),
  });
  try {
    for await (const chunk of await file.content()) {
      bytes += chunk.length;
      reader.write(chunk);
      if (mapper.size >= options.elementsPerPart) yield await take();
    }
    if (!reader.end()) shortfall = CUT_OFF;
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    shortfall = fault;
  }
  yield await take();
  return shortfall;
}

/** What a fault of the file's content says; null for anything else. */
function faultOf(error: unknown): string | null {
  if (error instanceof BrokenExport) return `The file is broken: ${error.message}`;
  if (error instanceof UnreadableExport) return null;
  const { code, message = '' } = error as { code?: string; message?: string };
  const isDamage = code?.startsWith('Z_') || /^(too many bytes|not enough bytes|invalid)/.test(message);
  return isDamage ? 'The archive is damaged' : null;
}

/** The part with the routes of its workouts, which lie in files of their own. */
async function withRoutes(part: ExportPart, file: ExportFile): Promise<ExportPart> {
  if (part.routes.length === 0) return part;
  const workouts = [...part.batch.workouts];
  for (const { workoutIndex, paths } of part.routes) {
    const points: RoutePointInput[] = [];
    for (const path of paths) for (const point of (await file.route(path)) ?? []) points.push(point);
    const workout = workouts[workoutIndex]!;
    if (points.length > 0) workouts[workoutIndex] = { ...workout, detail: { ...workout.detail, route: points } };
  }
  const batch: HealthBatch = { ...part.batch, workouts };
  return { ...part, batch };
}
