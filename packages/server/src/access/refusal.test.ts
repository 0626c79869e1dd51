import { expect, test } from 'vitest';
import { ACTIONS, ROLES } from './policy-table.ts';
import { MISSES, refusal } from './refusal.ts';

test('every refusal is a whole sentence in both languages, with Chinese punctuation in Chinese', () => {
  for (const role of ROLES) {
    for (const action of ACTIONS) {
      for (const miss of MISSES) {
        const { reason, askWhom } = refusal(role, action, miss);
        expect(reason.zh).toMatch(/。$/);
        expect(reason.zh).not.toMatch(/\p{Script=Han}[,:;!?.()]|[,:;!?.()]\p{Script=Han}/u);
        expect(reason.en).toMatch(/^[A-Z].*\.$/);
        expect(ROLES).toContain(askWhom);
      }
    }
  }
});
