/**
 * How good the recommendations are on a data set of files: `npm run -s evaluate -- DIR --out OUT [--with-history]`. Reads
 * DIR/events.csv and DIR/items.csv (and truth.csv), writes genres.csv, items.csv and prefs.csv to OUT, prints the measures.
 */
import { parseArgs } from 'node:util';
import { DEFAULT_WEIGHTS, type Weights } from './domain/scoring.ts';
import { readDataSet } from './evaluation/data-set.ts';
import { evaluate, type Report } from './evaluation/report.ts';

const USAGE = 'npm run -s evaluate -- DIR --out OUT [--with-history] [--weights 0.4,0.35,0.25]';

const options = {
  out: { type: 'string' },
  'with-history': { type: 'boolean', default: false },
  weights: { type: 'string' },
} as const;

/** @throws Error unless three numbers of 0 or more that sum to 1 */
function toWeights(text: string): Weights {
  const [temporal = Number.NaN, semantic = Number.NaN, discovery = Number.NaN, ...more] = text.split(',').map(Number);
  const fits = [temporal, semantic, discovery].every((weight) => weight >= 0) && more.length === 0;
  if (!fits || Math.abs(temporal + semantic + discovery - 1) > 1e-6) {
    throw new Error('--weights: temporal, semantic, discovery, of 0 or more, with a sum of 1.');
  }
  return [temporal, semantic, discovery];
}

const figure = (value: number): string => value.toFixed(4);

function printed(report: Report): string {
  const row = (name: string, value: string): string => `${name.padEnd(44)} ${value}`;
  const rows = [
    row('train events learned / test plays asked', `${report.learned} / ${report.asked}`),
    row('genre hit@1 / hit@3', `${figure(report.hit1)} / ${figure(report.hit3)}`),
    row('  global popularity', `${figure(report.popularHit1)} / ${figure(report.popularHit3)}`),
    row(
      '  hit@1 of taste without time / difference',
      `${figure(report.withoutTimeHit1)} / ${figure(report.hit1 - report.withoutTimeHit1)}`,
    ),
    row('item HR@10 / nDCG@10', `${figure(report.hitRate10)} / ${figure(report.ndcg10)}`),
    row('  as a page shows it, of every tenth ', `${figure(report.pageHitRate10)} / ${figure(report.pageNdcg10)}`),
    row(
      '  global popularity (30-day half-life)',
      `${figure(report.popularHitRate10)} / ${figure(report.popularNdcg10)}`,
    ),
    row('calibration error (ECE, 10 bins) of genre 1', figure(report.calibrationError)),
    row('  of all 5 genres written', figure(report.calibrationErrorOfAll)),
  ];
  if (report.recovery3 !== null) {
    rows.push(row(`recovery@3, ${report.cells} cells of 20 events or more`, figure(report.recovery3)));
  }
  if (report.flatRecovery3 !== null) rows.push(row('  flat users', figure(report.flatRecovery3)));
  rows.push("A genre hits, and its score is the probability of that, where it is one of the title's, at any place.");
  if (report.learned === 0) rows.push('There was nothing to learn from: events.csv has no train rows.');
  if (report.asked === 0) rows.push('There was nothing to ask about: events.csv has no plays among its test rows.');
  return `${rows.join('\n')}\n`;
}

try {
  const { values, positionals } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  const [directory, ...more] = positionals;
  if (directory === undefined || values.out === undefined || more.length > 0) throw new Error('A directory and --out.');
  const report = await evaluate(await readDataSet(directory), values.out, {
    withHistory: values['with-history'],
    weights: values.weights === undefined ? DEFAULT_WEIGHTS : toWeights(values.weights),
  });
  process.stdout.write(printed(report));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nUsage: ${USAGE}\n`);
  process.exitCode = 1;
}
