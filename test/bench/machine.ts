/** What a figure was measured on: without it a number says nothing. */
import { cpus, totalmem } from 'node:os';

export const machine = (): string => {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
};
