const MOST_NAME = 200;
const DEFAULT_NAME = 'upload.xml';

/** A client's file name for people to read: no folders, no control characters. */
export function shownFileName(name: string | undefined | null): string {
  const base = (name ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
  const clean = base.replace(/[\p{C}]/gu, '').trim();
  return [...clean].slice(0, MOST_NAME).join('') || DEFAULT_NAME;
}

/** Key of an upload that a client makes by itself: what is usable of its file name behind an id of ours. */
export function uploadKey(userId: string, id: string, fileName: string): string {
  const usable = fileName.replace(/[^A-Za-z0-9._-]/g, '');
  return /[A-Za-z0-9]/.test(usable) ? `${userId}/raw/${id}-${usable}` : `${userId}/raw/${id}.xml`;
}
