import { createTransformer } from '@swc/jest';

/**
 * What a spec file becomes when several run as one: its tests, hooks and variables move into a `describe` of their own,
 * its imports stay outside. Line numbers do not change.
 */
export function inDescribe(code, name) {
  const lines = code.split('\n');
  const lastImport = lines.findLastIndex((line) => line.startsWith('import '));
  const end = lines.findLastIndex((line) => line !== '' && !line.startsWith('//'));
  lines[lastImport + 1] = `globalThis.describe(${JSON.stringify(name)}, () => {${lines[lastImport + 1] ?? ''}`;
  lines[end] += '\n});';
  return lines.join('\n');
}

const swc = createTransformer({ configFile: '.swcrc' });
const wrapped = (result, filename, { config }) => ({
  ...result,
  code: inDescribe(result.code, filename.slice(config.rootDir.length + 1)),
});

/** `@swc/jest` for spec files that run in groups. */
export default {
  ...swc,
  process: (source, filename, options) => wrapped(swc.process(source, filename, options), filename, options),
  processAsync: async (source, filename, options) =>
    wrapped(await swc.processAsync(source, filename, options), filename, options),
  getCacheKey: (source, filename, options) => `${swc.getCacheKey(source, filename, options)}-grouped`,
};
