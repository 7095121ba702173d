/** A body as it is kept and shown: text where it is UTF-8 (a character cut at the end is left out), else base64. */
export function responseText(body: Buffer): string {
  try {
    // A stream may end inside a character. No database text holds U+0000.
    return new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true }).replaceAll('\0', '');
  } catch {
    return body.toString('base64');
  }
}
