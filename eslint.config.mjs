import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What Node offers without an import. */
const NODE_GLOBALS = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']));

/** Longer by nature: history that is never edited, payloads, generated text. */
const LONG_BY_NATURE = ['**/migrations/**', '**/fixtures/**', '**/generated/**'];

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.data/', '**/*.json'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // Leaves files with decorators alone: what a constructor injects must stay a value import there.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Spreading a text into its code points is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `noUncheckedIndexedAccess` makes every index optional; the assertion states what the lines above it ensure.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // DTO classes describe shapes; what a library answers has the shape and is no instance.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Slow, and without enums in this code there is nothing for it to find.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // A parsed row or body gets its type from the caller, who knows the query.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Interfaces ask for promises where one implementation has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Rules that need types take most of the time; in tests, the one that finds tests that cannot fail is worth it.
    files: ['test/**/*.ts', '**/*.spec.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { '@typescript-eslint/no-floating-promises': 'error' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { ...NODE_GLOBALS, module: 'readonly' } },
  },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.cjs'],
    ignores: LONG_BY_NATURE,
    rules: { 'max-lines': ['error', { max: 400 }], 'no-console': 'off' },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/platform/**'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Entries hand the environment to libs/config, nobody else reads it.',
        },
      ],
    },
  },
  { files: ['libs/config/**/*.ts', 'apps/*/src/*.ts'], rules: { 'no-restricted-properties': 'off' } },
);
