export { classify } from './classify.ts';
export {
  businessTypes,
  ClassificationRulesInvalid,
  type ClassifyErrorCode,
  industries,
  issueTypes,
  loadRules,
  type Rules,
  segments,
  type VocabularyName,
} from './rules.ts';
