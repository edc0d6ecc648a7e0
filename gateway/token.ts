/** `npm run -s token -- USER_ID`: prints a token for a demo user, or any id. Refused in production. */
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config.ts';
import { ProblemError } from '../platform/problem.ts';
import { runMain } from '../platform/run-main.ts';
import { mintToken } from '../platform/tokens.ts';

await runMain(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [userId] = positionals;
  if (!userId || positionals.length > 1) throw new ProblemError('Say for whom: npm run -s token -- USER_ID');
  const { profile, tokens } = loadConfig(process.env);
  if (profile === 'production' || tokens.kind !== 'secret') {
    throw new ProblemError('Tokens are minted for the demo only: in production they come from who signs users in.');
  }
  console.log(await mintToken(tokens.secret, userId));
  return undefined;
});
