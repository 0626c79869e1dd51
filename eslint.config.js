import tseslint from 'typescript-eslint';

const RULES = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
};
/** Each of one project, so that no file has the types of the other one computed for it. */
const typed = (project, files, ignores = []) => ({
  ...{ files, ignores, rules: RULES },
  plugins: { '@typescript-eslint': tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: { project, tsconfigRootDir: import.meta.dirname },
  },
});

// Biome formats and lints; these are the rules that need types.
export default tseslint.config(
  { ignores: ['**/dist/**', '**/*.cjs', '**/node_modules/**', 'data/**'] },
  typed(
    './tsconfig.json',
    ['packages/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    ['packages/web/**'],
  ),
  typed('./packages/web/tsconfig.json', ['packages/web/**/*.ts', 'packages/web/**/*.tsx']),
);
