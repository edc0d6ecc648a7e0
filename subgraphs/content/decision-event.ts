/**
 * `content_sync` as the sync reads it: what platforms say of their titles and, in its place among that, what an operator has decided
 * of two records. So a replay of the topic repeats the decisions, too. Key: the record's.
 */
import { z } from 'zod';
import { type ContentSyncEvent, contentSyncEvent, PLATFORMS } from '../../schema/events/content-sync.ts';

const record = { platform: z.enum(PLATFORMS), platformId: z.string().min(1).max(200) };
/** The same decision again changes nothing; a work that begins by it has its id from it. */
const head = { ...record, decisionId: z.string().min(1).max(100) };

const decisionEvent = z.discriminatedUnion('op', [
  /** The record is not of the work that it is on; where a merge brought it there, all that came with it go with it. */
  z.object({ ...head, op: z.literal('split') }),
  /** The two records are one work. */
  z.object({ ...head, op: z.literal('link'), with: z.object(record) }),
]);
export type DecisionEvent = z.infer<typeof decisionEvent>;

export type CatalogueEvent = ContentSyncEvent | DecisionEvent;

export const isDecision = (event: CatalogueEvent): event is DecisionEvent => isDecisionOp(event.op);

/** Any event of the topic. @throws ZodError naming the fields that are wrong */
export const catalogueEvent = {
  parse: (json: unknown): CatalogueEvent =>
    isDecisionOp((json as { op?: unknown } | null)?.op) ? decisionEvent.parse(json) : contentSyncEvent.parse(json),
};

const isDecisionOp = (op: unknown): boolean => op === 'split' || op === 'link';
