import { deviceTypeFromPayload, type SourceIdentity } from '#libs/model';
import { isFields, readNumber, type Flaw } from './field-reader.js';
import { MESSAGE } from './sdk-messages.js';

/** A source as it is used: its index in the batch and its display name. */
export interface SourceUse {
  readonly index: number;
  readonly name: string | null;
}

export type SourceReading =
  { readonly use: SourceUse; readonly flaw: null } | { readonly use: null; readonly flaw: Flaw };

const TEXT_FIELDS = [
  'appId',
  'name',
  'bundleIdentifier',
  'version',
  'productType',
  'deviceId',
  'deviceName',
  'deviceManufacturer',
  'deviceModel',
  'deviceHardwareVersion',
  'deviceSoftwareVersion',
  'deviceType',
  'recordingMethod',
] as const;
type TextField = (typeof TEXT_FIELDS)[number];

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const SPELLINGS = TEXT_FIELDS.map((field) => [field, snakeCase(field)] as const);
const VERSION_PARTS = ['majorVersion', 'minorVersion', 'patchVersion'] as const;

/** Reads the `source` objects of one batch. Most items repeat the one before, which is then not read again. */
export class SdkSourceReader {
  private last: { readonly raw: unknown; readonly reading: SourceReading } | null = null;

  /** `register` adds an identity to the batch and answers its index. */
  constructor(private readonly register: (identity: SourceIdentity) => number) {}

  read(raw: unknown): SourceReading {
    if (this.last && isSame(raw, this.last.raw)) return this.last.reading;
    const reading = this.interpret(raw ?? {});
    this.last = { raw, reading };
    return reading;
  }

  private interpret(raw: unknown): SourceReading {
    if (!isFields(raw)) return flawed('source', MESSAGE.item);
    const texts: Partial<Record<TextField, string>> = {};
    for (const [field, otherSpelling] of SPELLINGS) {
      const value = raw[field] ?? raw[otherSpelling];
      if (value === undefined || value === null) continue;
      if (typeof value !== 'string') return flawed(`source.${field}`, MESSAGE.text);
      if (value !== '') texts[field] = value;
    }
    const system = readSystemVersion(raw['operatingSystemVersion'] ?? raw['operating_system_version']);
    if (system !== null && typeof system !== 'string') return { use: null, flaw: system };
    const name = texts.name ?? texts.deviceName ?? texts.appId ?? texts.bundleIdentifier ?? null;
    const index = this.register({
      source: name,
      deviceModel: texts.deviceModel ?? texts.productType ?? null,
      deviceType: deviceTypeFromPayload(texts.deviceType),
      softwareVersion: system ?? texts.deviceSoftwareVersion ?? null,
      originalSourceName: texts.name ?? texts.deviceName ?? null,
    });
    return { use: { index, name }, flaw: null };
  }
}

/** Whether two parsed values have equal members, down to the members of their members. */
function isSame(a: unknown, b: unknown, depth = 2): boolean {
  if (a === b) return true;
  if (depth === 0 || !isFields(a) || !isFields(b)) return false;
  let members = 0;
  for (const key in a) {
    if (!isSame(a[key], b[key], depth - 1)) return false;
    members++;
  }
  return members === Object.keys(b).length;
}

const flawed = (path: string, message: string): SourceReading => ({ use: null, flaw: { path, message } });

/** `major.minor.patch`, null when not given, or what is wrong with it. */
function readSystemVersion(raw: unknown): string | Flaw | null {
  const path = 'source.operatingSystemVersion';
  if (raw === undefined || raw === null) return null;
  if (!isFields(raw)) return { path, message: MESSAGE.item };
  const parts: number[] = [];
  for (const part of VERSION_PARTS) {
    const value = raw[part] ?? raw[snakeCase(part)];
    if (value === undefined) return { path: `${path}.${part}`, message: MESSAGE.required };
    const number = readNumber(value);
    if (number === null || !Number.isSafeInteger(number)) return { path: `${path}.${part}`, message: MESSAGE.integer };
    parts.push(number);
  }
  return parts.join('.');
}
