import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Attributes, ExportHandler, ExportRecord, ExportWorkout } from './export-elements.js';
import { isTimeZone } from './export-elements.js';
import { BrokenExport, UnreadableExport } from './unreadable-export.js';
import { UsualRecords } from './usual-record.js';
import { utf8Text } from './utf8-text.js';

const ROOT = 'HealthData';
const MARK = '\u00ef\u00bb\u00bf';
/** No element of an export is nearly as long; one that is would have to be held in memory. */
const LONGEST_ELEMENT = 8 * 1024 * 1024;
const DEEPEST = 32;
const MOST_PARTS = 100_000;
/** Versions differ in control characters, which an export has none of; half a character must not look like one. */
const AS_VERSION_1_0 = { defaultXMLVersion: '1.0', forceXMLVersion: true } as const;
/** Faults after which the parser goes on with the text as it stands; nothing is ever expanded. */
const HARMLESS = /(undefined entity|duplicate attribute)/;

/** Reads an export as it comes in. What is reported does not depend on how the text is cut into pieces. */
export class ExportReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false, ...AS_VERSION_1_0 });
  private readonly usual = new UsualRecords();
  private depth = 0;
  private record: ExportRecord | null = null;
  private workout: ExportWorkout | null = null;
  private child: Attributes = {};
  private sinceTag = 0;
  /** Whether the parser has just come to the end of a tag: what follows is content. */
  private isAtContent = false;
  /** Characters that the parser has not seen. */
  private passedBy = 0;
  /** What came until it is known whether a byte order mark begins it. */
  private head: string | null = '';
  private hasRoot = false;
  private isRootClosed = false;

  constructor(private readonly handler: ExportHandler) {
    this.parser.on('error', (error) => {
      if (this.isRootClosed || HARMLESS.test(error.message)) return;
      throw this.hasRoot
        ? new BrokenExport(`${error.message} (at byte ${this.passedBy + this.parser.position})`)
        : new UnreadableExport(`The file is not XML: ${error.message}`);
    });
    this.parser.on('opentag', (tag) => this.open(tag));
    this.parser.on('closetag', (tag) => this.close(tag));
  }

  /** @throws UnreadableExport, BrokenExport, and whatever the handler throws */
  write(bytes: Buffer): void {
    const text = this.withoutMark(bytes);
    let at = 0;
    while (at < text.length && !this.isRootClosed) at = this.readUsual(text, at) ?? this.parse(text, at);
  }

  /** Takes in the record at `from` when it is a child of the root that looks as most do. @returns where it ends */
  private readUsual(text: string, from: number): number | null {
    if (!this.isAtContent || this.depth !== 1) return null;
    const found = this.usual.read(text, from);
    if (found === null) return null;
    this.passedBy += found.end - from;
    this.handler.record(found.record);
    return found.end;
  }

  /** Gives the parser what goes on to the next `>`. @returns where that is */
  private parse(text: string, from: number): number {
    const mark = text.indexOf('>', from);
    const to = mark < 0 ? text.length : mark + 1;
    this.isAtContent = false;
    this.sinceTag += to - from;
    this.parser.write(text.slice(from, to));
    if (this.sinceTag > LONGEST_ELEMENT) throw new UnreadableExport('An element of the file is too long');
    return to;
  }

  /** One character per byte; a byte order mark at the beginning is left out. */
  private withoutMark(bytes: Buffer): string {
    const text = bytes.toString('latin1');
    if (this.head === null) return text;
    this.head += text;
    if (this.head.length < MARK.length) return '';
    const start = this.head.startsWith(MARK) ? this.head.slice(MARK.length) : this.head;
    this.head = null;
    return start;
  }

  /** Whether the document was whole; false when it was cut off. @throws UnreadableExport when there was none */
  end(): boolean {
    if (!this.hasRoot) throw new UnreadableExport('Not an Apple Health export: the file has no XML elements');
    return this.isRootClosed;
  }

  private open({ name, attributes }: SaxesTagPlain): void {
    this.isAtContent = true;
    this.sinceTag = 0;
    const depth = this.depth++;
    if (depth === 0) {
      this.hasRoot = true;
      if (name !== ROOT) throw new UnreadableExport(`Not an Apple Health export: its root is <${name.slice(0, 50)}>`);
      return;
    }
    if (depth > DEEPEST) throw new UnreadableExport('The elements of the file are nested too deeply');
    if (name === 'Record') this.record = { attributes, timeZone: undefined, beats: [] };
    else if (this.record !== null) partOfRecord(this.record, name, attributes);
    else if (this.workout !== null) partOfWorkout(this.workout, depth, name, attributes);
    else if (depth !== 1) return;
    else if (name === 'Workout') {
      this.workout = { attributes, metadata: new Map(), statistics: [], events: [], routePaths: [] };
    } else this.child = attributes;
  }

  private close({ name }: SaxesTagPlain): void {
    this.isAtContent = true;
    this.sinceTag = 0;
    const depth = --this.depth;
    if (depth === 0) this.isRootClosed = true;
    else if (name === 'Record') {
      if (this.record) this.handler.record(this.record);
      this.record = null;
    } else if (depth !== 1) return;
    else if (this.workout === null) this.handler.other(name, this.child);
    else {
      this.handler.workout(this.workout);
      this.workout = null;
    }
  }
}

function partOfRecord(record: ExportRecord, name: string, attributes: Attributes): void {
  const { key, value } = attributes;
  if (name === 'InstantaneousBeatsPerMinute') {
    if (record.beats.length < MOST_PARTS) record.beats.push(attributes);
  } else if (name === 'MetadataEntry' && isTimeZone(key)) record.timeZone = value;
}

function partOfWorkout(workout: ExportWorkout, depth: number, name: string, attributes: Attributes): void {
  const { metadata, statistics, events, routePaths } = workout;
  if (metadata.size + statistics.length + events.length + routePaths.length >= MOST_PARTS) return;
  const isDirect = depth === 2;
  if (name === 'FileReference') {
    if (attributes['path']) routePaths.push(utf8Text(attributes['path']));
  } else if (!isDirect) return;
  else if (name === 'WorkoutStatistics') statistics.push(attributes);
  else if (name === 'WorkoutEvent') events.push(attributes);
  else if (name === 'MetadataEntry' && attributes['key']) metadata.set(attributes['key'], attributes['value'] ?? '');
}
