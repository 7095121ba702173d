const HIGH = /[\u0080-\u00ff]/;
const HIGH_RUNS = /[\u0080-\u00ff]+/g;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text behind one character per byte. Files are parsed that way because decoding millions of device names costs
 * more than decoding the few that differ. Characters that were written as references stay what they are.
 */
export const utf8Text = (bytes: string): string => (HIGH.test(bytes) ? bytes.replace(HIGH_RUNS, decoded) : bytes);

function decoded(run: string): string {
  try {
    return decoder.decode(Buffer.from(run, 'latin1'));
  } catch (error) {
    // Not UTF-8: the single character that a reference such as `&#233;` stands for.
    if (error instanceof TypeError) return run;
    throw error;
  }
}
