import { listFiles, textOf } from './files.mjs';

/** Problems with the settings: each variable of .env.example, commented out or not, is explained in docs or README. */
export function checkSettings(root) {
  const example = textOf(root, '.env.example');
  if (example === '') return ['.env.example is missing or empty'];
  const names = [...example.matchAll(/^#?\s*([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  const pages = [...listFiles(root)].filter((path) => path === 'README.md' || /^docs\/.*\.md$/.test(path));
  const words = new Set(pages.flatMap((path) => textOf(root, path).match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));
  return names.filter((name) => !words.has(name)).map((name) => `${name} of .env.example appears in no page of docs`);
}
