/** `npm run -s analyse -- --user ID`: what is known of a user and what they would be offered, as three files of JSON. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openPorts } from '../../platform/adapters/open.ts';
import { loadConfig } from '../../platform/config.ts';
import { ProblemError } from '../../platform/problem.ts';
import { runMain } from '../../platform/run-main.ts';
import { analyseUser } from './analysis.ts';

const HELP = `Writes what is known of a user, and what they would be offered in each part of the day.

  npm run -s analyse -- --user ID [--out FOLDER]

  ID      as in the token, such as 01
  FOLDER  where temporal_analysis.json, temporal_recommendations.json and user_summary.json go; default: here

A server may be running meanwhile.`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      user: { type: 'string', short: 'u' },
      out: { type: 'string', short: 'o', default: '.' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return undefined;
  }
  if (!values.user) throw new ProblemError('Say whom: npm run -s analyse -- --user ID');
  const config = loadConfig(process.env);
  const ports = await openPorts(config, 'analyse');
  try {
    const analysis = await analyseUser(ports, values.user, config.recommendation.weights);
    if (analysis === null) throw new ProblemError(`Nothing is known of user ${JSON.stringify(values.user)}.`);
    await mkdir(values.out, { recursive: true });
    for (const [name, content] of Object.entries(analysis)) {
      const path = join(values.out, `${name}.json`);
      await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
      console.log(path);
    }
  } finally {
    await ports.close();
  }
  return undefined;
});
