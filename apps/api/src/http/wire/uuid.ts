import { WireProblem } from './wire-problem.js';

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const GROUP_LENGTHS = [8, 4, 4, 4, 12];

/**
 * `hyphenated`, 32 hex digits, `{...}` or `urn:uuid:...` in any case to lower-case hyphenated text.
 * @returns a problem that starts with `Input should be a valid UUID, ` for anything else
 */
export function readUuid(raw: unknown): string | WireProblem {
  if (typeof raw !== 'string')
    return new WireProblem('UUID input should be a string, bytes or UUID object', 'uuid_type');
  const lower = raw.toLowerCase();
  const bare = lower.startsWith('urn:uuid:') ? lower.slice(9) : withoutBraces(lower);
  if (HYPHENATED.test(bare)) return bare;
  if (/^[0-9a-f]{32}$/.test(bare)) {
    return bare.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
  return new WireProblem(`Input should be a valid UUID, ${reason(bare)}`, 'uuid_parsing');
}

const withoutBraces = (text: string): string => (/^\{.*\}$/.test(text) ? text.slice(1, -1) : text);

function reason(text: string): string {
  const characters = [...text];
  const foreign = characters.findIndex((character) => !/[0-9a-f-]/.test(character));
  if (foreign >= 0) {
    const expected = 'expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-]';
    return `invalid character: ${expected}, found \`${characters[foreign]}\` at ${foreign + 1}`;
  }
  const groups = text.split('-');
  if (groups.length === 1) return `invalid length: expected length 32 for simple format, found ${text.length}`;
  if (groups.length !== 5) return `invalid group count: expected 5, found ${groups.length}`;
  const wrong = groups.findIndex((group, index) => group.length !== GROUP_LENGTHS[index]);
  return `invalid group length in group ${wrong}: expected ${GROUP_LENGTHS[wrong]}, found ${groups[wrong]?.length}`;
}
