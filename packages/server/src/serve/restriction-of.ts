import type { Db } from '../core/database.ts';

/** Why and until when a record is stored and protected, and nothing else. */
export interface RestrictionFacts {
  kinds: readonly ('closure' | 'erasure')[];
  since: Date;
  /** Absent while no term was given. */
  term?: { keepUntil: string; openEnded: boolean; rule: string };
}

/** Undefined where a record has no restriction. */
export async function restrictionOf(db: Db, id: string): Promise<RestrictionFacts | undefined> {
  const causes = await db
    .selectFrom('record_restriction')
    .select(['kind', 'since'])
    .where('record_id', '=', id)
    .orderBy('since')
    .execute();
  const [first] = causes;
  if (first === undefined) return undefined;
  const term = await db
    .selectFrom('record_term')
    .select(['keep_until', 'open_ended', 'rule'])
    .where('record_id', '=', id)
    .executeTakeFirst();
  const kinds = (['closure', 'erasure'] as const).filter((kind) =>
    causes.some((one) => one.kind === kind),
  );
  return {
    ...{ kinds, since: first.since },
    ...(term === undefined
      ? {}
      : {
          term: { keepUntil: term.keep_until, openEnded: term.open_ended, rule: term.rule },
        }),
  };
}

const CAUSES = {
  closure: { zh: '账户已注销', en: 'the account was closed' },
  erasure: { zh: '个人要求删除', en: 'the person asked for erasure' },
} as const;

/** The refusal in words: why, by which rule it is still kept, and until when. */
export function restrictionWords({ kinds, term }: RestrictionFacts, language: 'zh' | 'en'): string {
  const causes = kinds.map((kind) => CAUSES[kind][language]);
  if (language === 'zh') {
    const until =
      term === undefined
        ? '留存期限尚未确定'
        : term.openEnded
          ? `按留存规则 ${term.rule} 保存，起算日未到，期限未定`
          : `按留存规则 ${term.rule} 保存至 ${term.keepUntil}`;
    return `该记录已限制处理（${causes.join('、')}）：仅保存与保护，不作他用。${until}，届满后处置。`;
  }
  const until =
    term === undefined
      ? 'no term has been given yet'
      : term.openEnded
        ? `rule ${term.rule} keeps it from a day that has not come`
        : `rule ${term.rule} keeps it until ${term.keepUntil}`;
  return `The record is restricted (${causes.join(', ')}): stored and protected, nothing else; ${until}, then it goes.`;
}
