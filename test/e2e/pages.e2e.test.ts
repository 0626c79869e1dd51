import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { accessFlows } from './flows/access-flows.ts';
import { complianceFlows } from './flows/compliance-flows.ts';
import { engagementFlows } from './flows/engagement-flows.ts';
import { pageFlows } from './flows/page-flows.ts';
import { recordFlows } from './flows/record-flows.ts';
import { recoveryFlows } from './flows/recovery-flows.ts';
import { retireFlows } from './flows/retire-flows.ts';
import { searchFlows } from './flows/search-flows.ts';
import { signInFlows } from './flows/sign-in-flows.ts';
import { siteFlows } from './flows/site-flows.ts';
import { workFlows } from './flows/work-flows.ts';
import { CHROMIUM, Stage } from './stage.ts';

/** The pages as the people use them who sit in front of them all day. */
describe.skipIf(!existsSync(CHROMIUM))('the pages in a browser', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.closePages());
  afterAll(() => stage?.close());
  const onStage = () => stage;

  describe('search', () => searchFlows(onStage));
  describe('record', () => recordFlows(onStage));
  describe('operations', () => workFlows(onStage));
  describe('storage', () => siteFlows(onStage));
  describe('recovery', () => recoveryFlows(onStage));
  describe('access', () => accessFlows(onStage));
  describe('compliance', () => complianceFlows(onStage));
  describe('outside audits', () => engagementFlows(onStage));
  describe('retirement', () => retireFlows(onStage));
  describe('sign-in', () => signInFlows(onStage));
  describe('every page', () => pageFlows(onStage));
});
