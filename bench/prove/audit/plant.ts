import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Scene } from './scene.ts';

/** One finding that has to appear: check, code, and what it is about where that can be known before. */
export interface Expected {
  check: string;
  code: string;
  subject?: string;
  site?: string;
}

/** What an attacker or an accident does, what has to be found of it, and how it is put right again. */
export interface Plant {
  name: string;
  plant(scene: Scene): Promise<{ expected: Expected[]; undo(): Promise<void> }>;
}

export const SITES = ['hq', 'branch', 'cloud'];
export const of = (check: string, code: string, subject?: string, site?: string): Expected => ({
  ...{ check, code },
  ...(subject === undefined ? {} : { subject }),
  ...(site === undefined ? {} : { site }),
});

/** A statement, and the one that undoes it. */
export const sql = (
  name: string,
  work: (scene: Scene) => Promise<{ expected: Expected[]; undo: string | string[] }>,
): Plant => ({
  name,
  async plant(scene) {
    const { expected, undo } = await work(scene);
    return {
      expected,
      undo: async () => {
        for (const one of [undo].flat()) await scene.run(one);
      },
    };
  },
});

/** Changes some columns of one row, and puts them back. */
export async function change(
  scene: Scene,
  table: string,
  where: string,
  set: Record<string, string>,
): Promise<string> {
  const columns = Object.keys(set);
  const [before] = await scene.ask<Record<string, string | null>>(
    `select ${columns.map((one) => `${one}::text as ${one}`).join(', ')} from ${table} where ${where}`,
  );
  if (before === undefined) throw new Error(`no row of ${table} where ${where}`);
  const types = await scene.ask<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
      where attrelid = '${table}'::regclass and attnum > 0`,
  );
  await scene.run(
    `update ${table} set ${columns.map((one) => `${one} = ${set[one]}`).join(', ')} where ${where}`,
  );
  const back = columns.map((one) => {
    const type = types.find(({ name }) => name === one)?.type ?? 'text';
    const value = before[one];
    return `${one} = ${value == null ? 'null' : `'${value.replaceAll("'", "''")}'::${type}`}`;
  });
  return `update ${table} set ${back.join(', ')} where ${where}`;
}

/** Rows that are removed, and come back as they were. */
export async function remove(scene: Scene, table: string, where: string): Promise<string> {
  const rows = await scene.ask<{ row: string }>(
    `select row_to_json(t)::text as row from ${table} t where ${where}`,
  );
  if (rows.length === 0) throw new Error(`no row of ${table} where ${where}`);
  await scene.run(`delete from ${table} where ${where}`);
  const values = rows.map(({ row }) => row.replaceAll("'", "''"));
  return values
    .map(
      (row) => `insert into ${table} select * from json_populate_record(null::${table}, '${row}')`,
    )
    .join('; ');
}

/** A file that is written over, or removed (undefined), and what was there before. */
export function overwrite(path: string, bytes: Buffer | undefined): () => void {
  let before: Buffer | undefined;
  try {
    before = readFileSync(path);
  } catch {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }
  if (bytes === undefined) rmSync(path);
  else writeFileSync(path, bytes, { mode: 0o600 });
  return () => {
    if (before === undefined) rmSync(path, { force: true });
    else writeFileSync(path, before, { mode: 0o600 });
  };
}

export const file = (
  name: string,
  work: (scene: Scene) => Promise<{ expected: Expected[]; undo: () => void }>,
): Plant => ({
  name,
  async plant(scene) {
    const { expected, undo } = await work(scene);
    return { expected, undo: async () => undo() };
  },
});
