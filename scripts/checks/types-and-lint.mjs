/**
 * Type errors and lint in one process: the rules that need types ask the program that was checked just before, instead of
 * making their own, which takes as long as the check. The last line printed is `[{ name, passed, output }]` as JSON.
 */
import { ESLint } from 'eslint';
import ts from 'typescript';
import { root } from './tool.mjs';

process.chdir(root);
const program = openProgram('tsconfig.json');
console.log(JSON.stringify([checkTypes(program), await lint(program)]));

function openProgram(path) {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (problem) => {
      throw new Error(formatted([problem]));
    },
  };
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(path, { noEmit: true }, host);
  return ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
}

function checkTypes(program) {
  const problems = ts.getPreEmitDiagnostics(program);
  return { name: 'types', passed: problems.length === 0, output: formatted(problems) };
}

function formatted(problems) {
  return ts.formatDiagnostics(problems, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => '\n',
  });
}

async function lint(program) {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({ overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } } });
  const results = await eslint.lintFiles(['.']);
  const formatter = await eslint.loadFormatter();
  const passed = results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
  return { name: 'lint', passed, output: await formatter.format(results) };
}
