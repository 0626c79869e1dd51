import { hasCode } from '../../core/errors.ts';
import {
  answerEvidence,
  answerFinding,
  askEvidence,
  askSample,
  closeEngagement,
  closeFinding,
  confirmEngagement,
  drawSample,
  type EngagementDeps,
  giveUpSample,
  listEngagements,
  listEvidence,
  listExternalFindings,
  listSamples,
  noteLook,
  openEngagement,
  populationLines,
  proveSample,
  showSample,
  timeBoxOf,
  viewEngagement,
  viewExternalFinding,
  viewQuestion,
  viewSample,
  withdrawEvidence,
  writeFinding,
} from '../../inspect/engagements/index.ts';
import type {
  EngagementsPort,
  EvidencePort,
  ExternalFindingsPort,
  RetentionPort,
  SamplesPort,
} from '../../serve/ports.ts';

/** Engagements of outside auditors as the server has them. */
export function openEngagements(
  parts: Omit<EngagementDeps, 'explain'> & { retention: Pick<RetentionPort, 'explain'> },
): EngagementsPort {
  const { retention, ...given } = parts;
  const deps: EngagementDeps = {
    ...given,
    explain: (recordId) =>
      retention.explain(recordId).catch((error: unknown) => {
        // Disposed of since it was drawn.
        if (hasCode(error, 'RECORD_UNKNOWN')) return undefined;
        throw error;
      }),
  };
  return {
    list: (viewer) => listEngagements(deps, viewer),
    open: async (wanted, party) =>
      viewEngagement(deps, await openEngagement(deps, wanted, party), party),
    async show(id, viewer) {
      await noteLook(deps, id, 'engagement', viewer);
      return viewEngagement(deps, id, viewer);
    },
    async confirm(id, commitment, party) {
      await confirmEngagement(deps, id, commitment, party);
      return viewEngagement(deps, id, party);
    },
    async close(id, reason, party) {
      await closeEngagement(deps, id, reason, party);
      return viewEngagement(deps, id, party);
    },
    timeBox: (db, id) => timeBoxOf(deps, db, id),
    samples: samplesOf(deps),
    evidence: evidenceOf(deps),
    findings: findingsOf(deps),
  };
}

function samplesOf(deps: EngagementDeps): SamplesPort {
  return {
    list: (engagementId, viewer) => listSamples(deps, engagementId, viewer),
    async ask(engagementId, wanted, party) {
      const sampleId = await askSample(deps, engagementId, wanted, party);
      return viewSample(deps, { engagementId, sampleId });
    },
    show: (one, viewer) => showSample(deps, one, viewer),
    async draw(one, nonce, party) {
      await drawSample(deps, one, nonce, party);
      return viewSample(deps, one);
    },
    async giveUp(one, party) {
      await giveUpSample(deps, one, party);
      return viewSample(deps, one);
    },
    population: (one, viewer) => populationLines(deps, one, viewer),
    prove: (one, viewer) => proveSample(deps, one, viewer),
  };
}

function evidenceOf(deps: EngagementDeps): EvidencePort {
  return {
    list: (engagementId, viewer) => listEvidence(deps, engagementId, viewer),
    async ask(engagementId, wanted, party) {
      const evidenceId = await askEvidence(deps, engagementId, wanted, party);
      return viewQuestion(deps, { evidenceId });
    },
    async answer(one, given, party) {
      await answerEvidence(deps, one, given, party);
      return viewQuestion(deps, one);
    },
    async withdraw(one, party) {
      await withdrawEvidence(deps, one, party);
      return viewQuestion(deps, one);
    },
  };
}

function findingsOf(deps: EngagementDeps): ExternalFindingsPort {
  return {
    list: (engagementId, viewer) => listExternalFindings(deps, engagementId, viewer),
    async write(engagementId, written, party) {
      const findingId = await writeFinding(deps, engagementId, written, party);
      return viewExternalFinding(deps, { findingId });
    },
    async answer(one, given, party) {
      await answerFinding(deps, one, given, party);
      return viewExternalFinding(deps, one);
    },
    async close(one, closing, party) {
      await closeFinding(deps, one, closing, party);
      return viewExternalFinding(deps, one);
    },
  };
}
