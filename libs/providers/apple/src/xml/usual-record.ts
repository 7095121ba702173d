import type { ExportRecord } from './export-elements.js';
import { isTimeZone } from './export-elements.js';

/** Text of an attribute: no mark-up, no reference, nothing that XML would normalize. */
const PLAIN = '[^"<&\\x00-\\x1f]*';
/** The same with references in it. */
const REFERRING = '[^"<\\x00-\\x1f]*';
const BLANK = '[ \\t\\r\\n]*';

/** `Record` with the attributes that the Health app writes, in its order. */
const RECORD = new RegExp(
  `${BLANK}<Record type="(${PLAIN})" sourceName="(${REFERRING})"(?: sourceVersion="(${PLAIN})")?` +
    `(?: device="(${REFERRING})")?(?: unit="(${REFERRING})")?(?: creationDate="(${PLAIN})")? startDate="(${PLAIN})"` +
    ` endDate="(${PLAIN})"(?: value="(${PLAIN})")?(/?)>`,
  'y',
);
const METADATA = new RegExp(`${BLANK}<MetadataEntry key="(${PLAIN})" value="(${PLAIN})"/>`, 'y');
const END = new RegExp(`${BLANK}</Record>`, 'y');

const REFERENCE = /&(lt|gt|amp|quot|apos);/g;
const CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes an attribute; neighbours mostly have the same text. */
class References {
  private given = '';
  private decoded: string | null = '';

  /** Null when there are other references than the predefined ones. */
  decode(text: string): string | null {
    if (!text.includes('&')) return text;
    if (text !== this.given) {
      this.given = text;
      const isKnown = !text.replace(REFERENCE, '').includes('&');
      this.decoded = isKnown ? text.replace(REFERENCE, (_, name: string) => CHARACTERS[name]!) : null;
    }
    return this.decoded;
  }
}

/**
 * Takes in records that look exactly as the Health app writes them, in a tenth of the time an XML parser needs; whatever
 * looks different in the least is left to the parser. Nearly all of an export looks like that.
 */
export class UsualRecords {
  private readonly names = new References();
  private readonly devices = new References();
  private readonly units = new References();

  /** The record that begins at `from` and where it ends; null when it is unusual or goes on beyond the text. */
  read(text: string, from: number): { readonly record: ExportRecord; readonly end: number } | null {
    RECORD.lastIndex = from;
    const match = RECORD.exec(text);
    if (match === null) return null;
    const [, type, name, sourceVersion, rawDevice, rawUnit, creationDate, startDate, endDate, value, slash] = match;
    const sourceName = this.names.decode(name!);
    const device = rawDevice === undefined ? undefined : this.devices.decode(rawDevice);
    const unit = rawUnit === undefined ? undefined : this.units.decode(rawUnit);
    if (sourceName === null || device === null || unit === null) return null;
    const attributes = { type, sourceName, sourceVersion, device, unit, creationDate, startDate, endDate, value };
    const record: ExportRecord = { attributes, timeZone: undefined, beats: [] };
    const end = slash === '/' ? RECORD.lastIndex : endOfParts(text, RECORD.lastIndex, record);
    return end === null ? null : { record, end };
  }
}

/** Where a record with parts ends; null when it has others than metadata. */
function endOfParts(text: string, from: number, record: ExportRecord): number | null {
  let at = from;
  for (;;) {
    METADATA.lastIndex = at;
    const match = METADATA.exec(text);
    if (match === null) break;
    at = METADATA.lastIndex;
    if (isTimeZone(match[1])) record.timeZone = match[2];
  }
  END.lastIndex = at;
  return END.test(text) ? END.lastIndex : null;
}
