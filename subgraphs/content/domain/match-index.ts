/**
 * Where a record belongs among all that are placed already. In memory: features of every record, blocked by title so that
 * one record is compared with a few. Not safe for two writers; `content_sync` has one partition for that reason.
 */
import { compare, type Evidence, type Features, MATCH_THRESHOLD } from './matching.ts';
import { habitsOf } from './platform-habits.ts';

/** A work of more records than this is more likely a wrong merge than a rich work. */
const MOST_RECORDS_PER_WORK = 12;
/** Most records looked at per block: "Pilot" or "Home" must not make placing slow. */
const MOST_PER_BLOCK = 200;
/** A member that speaks this loudly against forbids the work, however well another member fits. */
const VETO = -2;
/** Consonants by which misspelt titles are found; fewer are shared by too many. */
const SHORTEST_SKELETON = 4;
/** Words of a title whose first two, or last two, are likely to be its own. */
const FEWEST_WORDS = 4;
/** Key of what stands in for the records of a work that has none. */
const STAND_IN = 'removed:';

interface Placed {
  readonly features: Features;
  readonly workId: string;
}

export interface Placement extends Evidence {
  readonly workId: string;
  /** Key of the record that fits best. */
  readonly matchedWith: string;
}

export class MatchIndex {
  readonly #placed = new Map<string, Placed>();
  readonly #blocks = new Map<string, Set<string>>();
  readonly #members = new Map<string, Set<string>>();

  get size(): number {
    return this.#placed.size;
  }

  /** Keys of the records placed on a work. */
  membersOf(workId: string): readonly string[] {
    return [...(this.#members.get(workId) ?? [])].filter((key) => !key.startsWith(STAND_IN));
  }

  /** Keeps a work findable that has no record left, for when it comes back. */
  remember(workId: string, features: Features): void {
    this.add(`${STAND_IN}${workId}`, features, workId);
  }

  /** The work has records again, which speak for themselves. */
  forget(workId: string): void {
    this.remove(`${STAND_IN}${workId}`);
  }

  /** Places a record; a key that is there already moves. */
  add(key: string, features: Features, workId: string): void {
    this.remove(key);
    this.#placed.set(key, { features, workId });
    for (const block of blocksOf(features)) addTo(this.#blocks, block, key);
    addTo(this.#members, workId, key);
  }

  remove(key: string): void {
    const placed = this.#placed.get(key);
    if (!placed) return;
    this.#placed.delete(key);
    for (const block of blocksOf(placed.features)) removeFrom(this.#blocks, block, key);
    removeFrom(this.#members, placed.workId, key);
  }

  /** The work that a record belongs to, with the evidence; null: a work of its own. Well under 1 ms. */
  find(features: Features, ownKey: string): Placement | null {
    let best: Placement | null = null;
    for (const workId of this.#candidateWorks(features, ownKey)) {
      const placement = this.#against(workId, features, ownKey);
      if (placement && placement.score >= MATCH_THRESHOLD && placement.score > (best?.score ?? 0)) best = placement;
    }
    return best;
  }

  #candidateWorks(features: Features, ownKey: string): Set<string> {
    const works = new Set<string>();
    for (const block of blocksOf(features)) {
      let seen = 0;
      for (const key of this.#blocks.get(block) ?? []) {
        const placed = this.#placed.get(key);
        if (placed && key !== ownKey) works.add(placed.workId);
        if (++seen >= MOST_PER_BLOCK) break;
      }
    }
    return works;
  }

  #against(workId: string, features: Features, ownKey: string): Placement | null {
    const members = [...(this.#members.get(workId) ?? [])].filter((key) => key !== ownKey);
    if (members.length >= MOST_RECORDS_PER_WORK) return null;
    let best: Placement | null = null;
    for (const key of members) {
      const member = this.#placed.get(key);
      if (!member) continue;
      const evidence = compare(features, member.features, habitsOf(ownKey), habitsOf(key));
      if (evidence.score < VETO) return null;
      if (evidence.score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { ...evidence, workId, matchedWith: key };
    }
    return best;
  }
}

/** A record's blocks: records that share none are never compared. */
function blocksOf({ title, compact, sound, head, alternatives }: Features): string[] {
  const blocks = new Set([`t:${compact}`, `s:${sound}`]);
  for (const other of alternatives) blocks.add(`t:${other}`);
  if (head) blocks.add(`t:${head}`);
  const skeleton = sound.replace(/[aeiou]/g, '');
  if (skeleton.length >= SHORTEST_SKELETON) blocks.add(`c:${skeleton}`);
  const words = title.split(' ');
  if (words.length >= FEWEST_WORDS) {
    blocks.add(`f:${words.slice(0, 2).join('')}`);
    blocks.add(`l:${words.slice(-2).join('')}`);
  }
  return [...blocks];
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

function removeFrom(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values?.delete(value) && values.size === 0) map.delete(key);
}
