/**
 * @nestjs/throttler as jest can load it: the package is CommonJS and requires Nest's ES modules, which Node does and
 * jest's module system does not. The package's own files are evaluated with the Nest that the tests import.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as common from '@nestjs/common';
import * as core from '@nestjs/core';

const require = createRequire(import.meta.url);
const directory = dirname(require.resolve('@nestjs/throttler/dist/index.js'));
const packages = { '@nestjs/common': common, '@nestjs/core': core };
const loaded = new Map();

function load(name) {
  if (!name.startsWith('./')) return packages[name] ?? require(name);
  const known = loaded.get(name);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const code = readFileSync(join(directory, name.endsWith('.js') ? name : `${name}.js`), 'utf8');
  new Function('exports', 'require', 'module', code)(module.exports, load, module);
  return module.exports;
}

export const { normalizeIp, ThrottlerGuard, ThrottlerModule, ThrottlerStorage } = load('./index.js');
