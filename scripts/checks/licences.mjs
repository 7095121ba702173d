import { createRequire } from 'node:module';

const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
]);

/** Whether an SPDX expression lets us choose permissive terms. A trailing `*` (read from the licence text) is ignored. */
export function isPermissive(expression) {
  const bare = expression.replace(/[()*]/g, '').trim();
  return bare.split(/ OR /i).some((choice) => choice.split(/ AND /i).every((name) => PERMISSIVE.has(name.trim())));
}

/** Problems with the licences of what is installed for production. */
export async function checkLicences(root) {
  const checker = createRequire(import.meta.url)('license-checker-rseidelsohn');
  const packages = await new Promise((resolve, reject) => {
    const options = { start: root, production: true, excludePrivatePackages: true };
    checker.init(options, (error, found) => (error ? reject(error) : resolve(found)));
  });
  if (Object.keys(packages).length === 0) return ['no installed packages found'];
  return Object.entries(packages)
    .filter(([, { licenses }]) => ![licenses].flat().every((licence) => isPermissive(String(licence))))
    .map(([name, { licenses }]) => `${name}: ${licenses}`);
}
