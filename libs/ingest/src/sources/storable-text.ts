/**
 * Text as PostgreSQL holds it: at most `most` characters, no NUL, halves of surrogate pairs replaced. Empty text counts
 * as none. Texts that come out equal here are equal in the database.
 */
export function storableText(text: string | null, most: number): string | null {
  if (text === null) return null;
  const clean = text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
  const cut = clean.length > most ? [...clean].slice(0, most).join('') : clean;
  return cut === '' ? null : cut;
}
