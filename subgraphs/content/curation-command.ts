/** The commands with which an operator sees why records are one work, and corrects it where they are not: what they print. */
import { ProblemError } from '../../platform/problem.ts';
import type { Ports } from '../../platform/subgraph.ts';
import type { LinkEvidence } from './content-collections.ts';
import { linkRecords, type RecordId, recordId, reportOf, splitRecord, type WorkReport } from './curation.ts';

export const CURATION_HELP = `Shows and corrects which records of the running or stopped system are one work. A RECORD is PLATFORM:ID, as netflix:80057281.

  npm run -s match -- show RECORD           its work, with the evidence for every record on it
  npm run -s match -- link RECORD RECORD    the two are one work
  npm run -s match -- split RECORD          it is not of the work that it is on; what a merge brought along goes with it

Decisions are events of content_sync: they outlive new versions of the records, imports and restarts, and a replay of the topic
repeats them. Of two on the same records the later stands. No id stops answering: that of a merged work shows the other.`;

const RECORDS = new Map([
  ['show', 1],
  ['split', 1],
  ['link', 2],
]);

/** What the command prints. @throws ProblemError for a wrong command, or one that cannot be done */
export async function curate(
  [command = '', ...names]: readonly string[],
  openPorts: () => Promise<Ports & { close(): Promise<void> }>,
  stopping: AbortSignal,
): Promise<string> {
  const [record, other] = names.map(recordId);
  if (!record || names.length !== RECORDS.get(command)) throw new ProblemError(CURATION_HELP);
  const ports = await openPorts();
  try {
    return textOf(await done(ports, record, other, command, stopping));
  } finally {
    await ports.close();
  }
}

function done(
  ports: Ports,
  record: RecordId,
  other: RecordId | undefined,
  command: string,
  stopping: AbortSignal,
): Promise<WorkReport> {
  if (other) return linkRecords(ports, record, other, stopping);
  return command === 'split' ? splitRecord(ports, record, stopping) : reportOf(ports, record);
}

function textOf({ work, records, merged, decisions }: WorkReport): string {
  const { title, releaseYear, type } = work;
  return [
    `${work._id}  ${title} (${[releaseYear, type.toLowerCase()].filter((part) => part !== null).join(', ')})`,
    ...records.map(
      ({ _id, record, evidence }) => `  ${_id}  ${record?.title ?? ''}  ${evidence ? because(evidence) : ''}`,
    ),
    ...merged.map(({ workId, evidence }) => `  merged: ${workId}  ${because(evidence)}`),
    ...decisions.map((decision) => `  decided: ${decision}`),
  ].join('\n');
}

function because({ matchedWith, score, reasons }: LinkEvidence): string {
  const by = [score === null ? '' : `${score}`, matchedWith === null ? '' : `with ${matchedWith}`].filter(
    (part) => part !== '',
  );
  return `${by.length > 0 ? `${by.join(' ')}: ` : ''}${reasons.join(' ')}`;
}
