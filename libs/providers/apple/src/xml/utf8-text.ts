import { isUtf8 } from 'node:buffer';

const HIGH = /[\u0080-\u00ff]/;
const HIGH_RUNS = /[\u0080-\u00ff]+/g;

/**
 * The text behind one character per byte. Files are parsed that way because decoding millions of device names costs
 * more than decoding the few that differ. Characters that were written as references stay what they are.
 */
export const utf8Text = (bytes: string): string => (HIGH.test(bytes) ? bytes.replace(HIGH_RUNS, decoded) : bytes);

/** What is no UTF-8 is the character that a reference such as `&#233;` stands for. */
function decoded(run: string): string {
  const bytes = Buffer.from(run, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : run;
}
