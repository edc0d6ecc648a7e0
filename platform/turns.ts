/**
 * Takes turns: whoever has much to do does it a slice at a time, and of all who do, one slice runs between two looks at the network.
 * With `setImmediate` alone all of them would run in one go, and a request would wait for as many slices as there are partitions.
 */
const waiting: (() => void)[] = [];

/** Resolves when it is the caller's turn: in the order of asking, one at a time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}
