import { dayAfter, type NaivePeriod } from './naive-calendar.ts';

/**
 * What docs/retention.md says, as plainly as it can be said: written from that text and without a look at
 * the archive, of which nothing is imported here. Every question goes through everything again; it is slow,
 * and there is nothing in it to get out of step.
 */
export interface NaiveProfile {
  id: string;
  applies: {
    tier?: string[];
    industry?: string[];
    businessType?: string[];
    exceptBusinessType?: string[];
  };
  keep: NaivePeriod;
  atMost?: NaivePeriod;
  /** The call, unless said otherwise. */
  from?: string;
  /** Holds only once its day was told, and keeps nothing open until then. */
  whenTold?: boolean;
  /** How long after the minimum, where this is the rule that won; the house's policy without. */
  disposal?: { after?: NaivePeriod };
}

export interface NaiveRules {
  profiles: NaiveProfile[];
  /** The house's policy: how long after the minimum. */
  after?: NaivePeriod;
}

export interface NaiveRecord {
  id: string;
  /** Day of the call in the archive's zone. */
  calledOn: string;
  tier: string;
  issueType: string;
  industry?: string;
  businessType?: string;
  agentId: string;
  phone: string;
  account?: string;
}

export interface NaiveTerm {
  keepUntil: string;
  openEnded: boolean;
  atMost?: string;
  dueOn?: string;
  rule: string;
}

export type NaiveGround = 'erasure' | 'closure' | 'maximum' | 'policy';

/** May it go on a day, and why or why not: hold > minimum > erasure > closure > maximum > policy. */
export type NaiveVerdict =
  | { goes: true; ground: NaiveGround }
  | { goes: false; because: 'gone' | 'held' | 'minimum' | 'open' | 'not-due' };

export interface NaiveClosure {
  account: string;
  phone?: string;
  closedOn: string;
}

interface Kept {
  record: NaiveRecord;
  /** Days that were told, by what they are the day of. */
  anchors: Map<string, string>;
  holds: Set<string>;
  /** What restricts it, and which of the two that is. */
  causes: Map<string, 'closure' | 'erasure'>;
  term: NaiveTerm;
  gone?: { on: string; ground: NaiveGround };
}

export class NaiveModel {
  #rules: NaiveRules;
  readonly #records = new Map<string, Kept>();
  /** Living holds, and which records each of them would catch. */
  readonly #holds = new Map<string, (record: NaiveRecord) => boolean>();
  readonly #closures = new Map<string, NaiveClosure>();
  readonly #erasures = new Map<string, (record: NaiveRecord) => boolean>();

  constructor(rules: NaiveRules) {
    this.#rules = rules;
  }

  /** A record is archived: what was asked for earlier holds for it too. */
  archive(record: NaiveRecord): void {
    const anchors = new Map<string, string>();
    const term = termOf(this.#rules, record, anchors);
    const kept: Kept = { record, anchors, holds: new Set(), causes: new Map(), term };
    this.#records.set(record.id, kept);
    for (const [id, catches] of this.#holds) if (catches(record)) kept.holds.add(id);
    for (const [id, closure] of this.#closures) this.#closeOne(kept, id, closure);
    for (const [id, concerns] of this.#erasures) {
      if (concerns(record)) kept.causes.set(id, 'erasure');
    }
  }

  changeRules(rules: NaiveRules): void {
    this.#rules = rules;
    for (const kept of this.#records.values()) this.#giveTerm(kept);
  }

  tellAnchor(recordId: string, anchor: string, day: string): void {
    const kept = this.#of(recordId);
    kept.anchors.set(anchor, day);
    this.#giveTerm(kept);
  }

  /** Gives how many records it came too late for. */
  placeHold(id: string, catches: (record: NaiveRecord) => boolean): number {
    this.#holds.set(id, catches);
    let late = 0;
    for (const kept of this.#records.values()) {
      if (!catches(kept.record)) continue;
      if (kept.gone === undefined) kept.holds.add(id);
      else late += 1;
    }
    return late;
  }

  releaseHold(id: string): void {
    this.#holds.delete(id);
    for (const kept of this.#records.values()) kept.holds.delete(id);
  }

  closeAccount(id: string, closure: NaiveClosure): void {
    this.#closures.set(id, closure);
    for (const kept of this.#records.values()) {
      if (kept.gone === undefined) this.#closeOne(kept, id, closure);
    }
  }

  erase(id: string, concerns: (record: NaiveRecord) => boolean): void {
    this.#erasures.set(id, concerns);
    for (const kept of this.#records.values()) {
      if (kept.gone === undefined && concerns(kept.record)) kept.causes.set(id, 'erasure');
    }
  }

  withdraw(id: string): void {
    this.#erasures.delete(id);
    for (const kept of this.#records.values()) {
      if (kept.gone === undefined) kept.causes.delete(id);
    }
  }

  /** Everything that may go on that day goes. Gives the ids by ground. */
  dispose(day: string): Map<NaiveGround, string[]> {
    const going = this.due(day);
    for (const [ground, ids] of going) {
      for (const id of ids) this.#of(id).gone = { on: day, ground };
    }
    return going;
  }

  /** What would go on that day, and by which ground. */
  due(day: string): Map<NaiveGround, string[]> {
    const due = new Map<NaiveGround, string[]>();
    for (const id of this.#records.keys()) {
      const verdict = this.verdict(id, day);
      if (!verdict.goes) continue;
      const others = due.get(verdict.ground);
      if (others === undefined) due.set(verdict.ground, [id]);
      else others.push(id);
    }
    return due;
  }

  verdict(recordId: string, day: string): NaiveVerdict {
    const { gone, holds, term, causes } = this.#of(recordId);
    if (gone !== undefined) return { goes: false, because: 'gone' };
    if (holds.size > 0) return { goes: false, because: 'held' };
    if (term.openEnded) return { goes: false, because: 'open' };
    if (day < term.keepUntil) return { goes: false, because: 'minimum' };
    const kinds = [...causes.values()];
    if (kinds.includes('erasure')) return { goes: true, ground: 'erasure' };
    if (kinds.includes('closure')) return { goes: true, ground: 'closure' };
    if (term.atMost !== undefined && day >= term.atMost) return { goes: true, ground: 'maximum' };
    if (term.dueOn !== undefined && day >= term.dueOn) return { goes: true, ground: 'policy' };
    return { goes: false, because: 'not-due' };
  }

  termOf(recordId: string): NaiveTerm {
    return this.#of(recordId).term;
  }

  /** Whether a closed account restricts it, a person's erasure, or both. */
  restrictedBy(recordId: string): string[] {
    return [...new Set(this.#of(recordId).causes.values())].toSorted();
  }

  /** State, until when, and what else keeps or restricts it: one line. */
  line(recordId: string): string {
    const { gone, holds, term, causes } = this.#of(recordId);
    if (gone !== undefined) return `disposed|${gone.on}|${gone.ground}`;
    const state = causes.size > 0 ? 'restricted' : 'archived';
    const end = [term.openEnded ? 'open' : 'closed', term.atMost ?? '', term.dueOn ?? ''];
    return [state, term.keepUntil, ...end, term.rule, holds.size, causes.size].join('|');
  }

  ids(): string[] {
    return [...this.#records.keys()];
  }

  get(recordId: string): NaiveRecord {
    return this.#of(recordId).record;
  }

  /** Calls of the account; and those of its number that name none, if they were made by that day. */
  #closeOne(kept: Kept, id: string, closure: NaiveClosure): void {
    const { account, phone, calledOn } = kept.record;
    const byPhone = account === undefined && phone === closure.phone;
    const concerned = byPhone ? calledOn <= closure.closedOn : account === closure.account;
    if (!concerned) return;
    kept.causes.set(id, 'closure');
    for (const anchor of ['account_closure', 'relationship_end']) {
      kept.anchors.set(anchor, closure.closedOn);
    }
    this.#giveTerm(kept);
  }

  #giveTerm(kept: Kept): void {
    kept.term = termOf(this.#rules, kept.record, kept.anchors);
  }

  #of(recordId: string): Kept {
    const kept = this.#records.get(recordId);
    if (kept === undefined) throw new Error(`no record ${recordId}`);
    return kept;
  }
}

/** Of all profiles that apply the latest day; one that counts from a day nobody told goes before all. */
export function termOf(
  rules: NaiveRules,
  record: NaiveRecord,
  anchors: ReadonlyMap<string, string>,
): NaiveTerm {
  let [keepUntil, rule, ruleUntil, openEnded] = ['', '', '', false];
  let atMost: string | undefined;
  let after: NaivePeriod | undefined;
  for (const profile of rules.profiles) {
    if (!holdsFor(profile, record)) continue;
    const from = profile.from ?? 'call';
    const told = from === 'call' ? record.calledOn : anchors.get(from);
    if (told === undefined && profile.whenTold === true) continue;
    // What ended before the call was made ends no earlier than the call.
    const counted = told === undefined || told < record.calledOn ? record.calledOn : told;
    const until = dayAfter(counted, profile.keep);
    if (until > keepUntil) keepUntil = until;
    const open = told === undefined;
    // The first of two that are as strong stands.
    if (rule === '' || (open && !openEnded) || (open === openEnded && until > ruleUntil)) {
      [rule, ruleUntil] = [profile.id, until];
      after = profile.disposal === undefined ? rules.after : profile.disposal.after;
    }
    openEnded ||= open;
    if (profile.atMost !== undefined) {
      const most = dayAfter(record.calledOn, profile.atMost);
      if (atMost === undefined || most > atMost) atMost = most;
    }
  }
  if (openEnded) return { keepUntil, openEnded, rule };
  if (atMost !== undefined && atMost < keepUntil) atMost = keepUntil;
  let dueOn = after === undefined ? keepUntil : dayAfter(keepUntil, after);
  if (atMost !== undefined && dueOn > atMost) dueOn = atMost;
  return { keepUntil, openEnded, rule, dueOn, ...(atMost === undefined ? {} : { atMost }) };
}

function holdsFor({ applies }: NaiveProfile, record: NaiveRecord): boolean {
  if (applies.tier !== undefined && !applies.tier.includes(record.tier)) return false;
  const industry = record.industry ?? '';
  if (applies.industry !== undefined && !applies.industry.includes(industry)) return false;
  const business = record.businessType ?? '';
  if (applies.businessType !== undefined && !applies.businessType.includes(business)) return false;
  return !(applies.exceptBusinessType ?? []).includes(business);
}
