export { applyRules, preview, type RulesErrorCode } from './apply-rules.ts';
export { explainTerm } from './explain-term.ts';
export { type GivenTerm, giveTerm, giveTerms, type TermDeps } from './give-term.ts';
export { remindReviews } from './remind-reviews.ts';
export {
  digestOf,
  holdRules,
  keepRules,
  keptRules,
  type NumberedRules,
  type RetentionRules,
  retentionRules,
} from './rules-in-force.ts';
export { type AnchorErrorCode, tellAnchor } from './tell-anchor.ts';
export { tellOne } from './tell-one.ts';
export { type Term, type TermDays, termOf } from './term.ts';
export { rulesText, viewRules } from './view-rules.ts';
export { type WalkDeps, walkTerms } from './walk-terms.ts';
