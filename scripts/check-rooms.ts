import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const FOLDERS = ['packages/proof', 'packages/contract', 'packages/server', 'packages/web'];
const MORE_FOLDERS = ['packages/cli', 'bench'];
/** Fewer modules than this means that the tool read nothing, not that all is well. */
const LEAST_MODULES = 50;

/** The room rules' violations, and those of the rules themselves: they must catch a planted one. */
export async function checkRooms(root: string): Promise<string[]> {
  const before = await violations(root);
  const problems = [...before.lines];
  if (before.modules < LEAST_MODULES) problems.push(`only ${before.modules} modules were read`);

  const planted = join(root, 'packages/server/src/core/planted-bad-import.ts');
  const target = '../platform/postgres/migrate.ts';
  if (existsSync(planted)) return [...problems, `${planted} is left from an earlier run`];
  writeFileSync(planted, `import '${target}';\n`);
  try {
    const after = await violations(root);
    if (!after.lines.some((line) => line.startsWith('core-stands-alone'))) {
      problems.push('the rules did not catch a planted import from core to platform');
    }
  } finally {
    rmSync(planted, { force: true });
  }
  return problems;
}

async function violations(root: string): Promise<{ lines: string[]; modules: number }> {
  const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
  const folders = [...FOLDERS, ...MORE_FOLDERS].filter((folder) => existsSync(join(root, folder)));
  const result = await cruise(
    folders,
    { ...config.options, baseDir: root, validate: true, ruleSet: { forbidden: config.forbidden } },
    config.options.enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.base.json')) },
  );
  const { summary } = result.output as ICruiseResult;
  return {
    lines: summary.violations.map((one) => `${one.rule.name}: ${one.from} → ${one.to}`),
    modules: summary.totalCruised,
  };
}
