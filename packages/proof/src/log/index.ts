export {
  buildConsistencyProof,
  buildInclusionProof,
  type NodeReader,
  nodesOfTiles,
  type TileReader,
  treeRoot,
} from './build-proof.ts';
export { canonicalDigest, canonicalJson } from './canonical-json.ts';
export {
  type Checkpoint,
  logName,
  openCheckpoint,
  originIn,
  signCheckpoint,
} from './checkpoint.ts';
export {
  type Cosigned,
  type Cosigner,
  cosigner,
  openCosignature,
  openCosignatureLine,
  withSignatures,
  witnessName,
} from './cosignature.ts';
export { decodeBundle, encodeBundle } from './entry-bundle.ts';
export { type ChangedTile, GrowingTree } from './growing-tree.ts';
export {
  encodeInclusionFile,
  type InclusionFile,
  openInclusionFile,
  parseInclusionFile,
} from './inclusion-file.ts';
export { hasLogCode, LogError, type LogErrorCode } from './log-error.ts';
export { isEarlierName, isSuccessorName, nextLogName, vkeyNamed } from './log-name.ts';
export { type Countersigned, openWitnessed } from './open-witnessed.ts';
export { ProvenEntry } from './proven-entries.ts';
export { ProvenLog, type ProvenTile } from './proven-log.ts';
export {
  type LogFiles,
  type RootsAlong,
  readCheckpoint,
  readEither,
  readLog,
} from './read-log.ts';
export { ledgerVkey, type NoteSigner, noteSigner, openNote } from './signed-note.ts';
export { entriesPath, TILE_WIDTH, tilePath, tileWidth } from './tile-path.ts';
export { emptyRoot, HASH_BYTES, hashLeaf, hashNode, rootOfHashes } from './tree-hash.ts';
export { verifyConsistency, verifyInclusion } from './verify-proof.ts';
