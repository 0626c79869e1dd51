export {
  judgeAddCheckpoint,
  type KnownLog,
  type SeenTree,
  type Verdict,
} from './judge-checkpoint.ts';
