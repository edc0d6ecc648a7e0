/**
 * Where a record belongs among all that are placed already. In memory: features of every record, blocked by title so that
 * one record is compared with a few. Not safe for two writers; `content_sync` has one partition for that reason.
 */
import { type DecidedRecord, Decisions } from './decisions.ts';
import { compare, type Evidence, type Features, MATCH_THRESHOLD } from './matching.ts';
import { habitsOf } from './platform-habits.ts';

/** A work of more records than this is more likely a wrong merge than a rich work. */
export const MOST_RECORDS_PER_WORK = 12;
/** Most records looked at per block: "Pilot" or "Home" must not make placing slow. */
const MOST_PER_BLOCK = 200;
/** A member that speaks this loudly against forbids the work, however well another member fits. */
const VETO = -2;
/** Above all evidence. */
const DECIDED_SCORE = 99;
/** Consonants by which misspelt titles are found; fewer are shared by too many. */
const SHORTEST_SKELETON = 4;
/** Words of a title whose first two, or last two, are likely to be its own. */
const FEWEST_WORDS = 4;
/** Key of what stands in for the records of a work that has none. */
const STAND_IN = 'removed:';

interface Placed {
  readonly features: Features;
  /** May have been merged into another work since. */
  readonly placedOn: string;
  /** Counts up: the order in which the members of a work are looked at. */
  readonly order: number;
}

export interface Placement extends Evidence {
  readonly workId: string;
  /** Key of the record that fits best. */
  readonly matchedWith: string;
}

export class MatchIndex {
  readonly decisions = new Decisions();
  readonly #placed = new Map<string, Placed>();
  readonly #blocks = new Map<string, Set<string>>();
  /** Keys by work; a merged work has none. */
  readonly #members = new Map<string, Set<string>>();
  readonly #redirects = new Map<string, string>();
  #nextOrder = 0;

  get size(): number {
    return this.#placed.size;
  }

  /** The work itself, or the one that it was merged into. */
  resolve(workId: string): string {
    let id = workId;
    for (let next = this.#redirects.get(id); next !== undefined; next = this.#redirects.get(id)) id = next;
    return id;
  }

  /** All works that were merged into this one, whether directly or in a chain. */
  mergedInto(workId: string): string[] {
    return [...this.#redirects.keys()].filter((id) => this.resolve(id) === workId);
  }

  /** Keys of the records that are on a work, or on the one that it was merged into. */
  membersOf(workId: string): readonly string[] {
    return [...(this.#members.get(this.resolve(workId)) ?? [])].filter((key) => !key.startsWith(STAND_IN));
  }

  /** Those of them that are there because this work is: placed on it, or on one that was merged into it. */
  membersVia(workId: string): readonly string[] {
    return this.membersOf(workId).filter((key) => {
      for (let id = this.#placed.get(key)?.placedOn; id !== undefined; id = this.#redirects.get(id)) {
        if (id === workId) return true;
      }
      return false;
    });
  }

  /** A record as decisions name it, and the work on which it was placed; null: it is not here. */
  recordOf(key: string): (DecidedRecord & { readonly placedOn: string }) | null {
    const placed = this.#placed.get(key);
    return placed ? { key, title: placed.features.title, placedOn: placed.placedOn } : null;
  }

  /** Merges a work into another; null undoes it. */
  redirect(workId: string, into: string | null): void {
    this.forget(workId);
    const works = [this.resolve(workId), into === null ? workId : this.resolve(into)];
    const keys = works.flatMap((id) => [...(this.#members.get(id) ?? [])]);
    for (const id of works) this.#members.delete(id);
    if (into === null) this.#redirects.delete(workId);
    else this.#redirects.set(workId, into);
    const placed = keys.map((key) => [key, this.#placed.get(key)] as const).filter(([, it]) => it !== undefined);
    placed.sort(([, a], [, b]) => (a?.order ?? 0) - (b?.order ?? 0));
    for (const [key, it] of placed) addTo(this.#members, this.resolve(it?.placedOn ?? ''), key);
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
    this.#placed.set(key, { features, placedOn: workId, order: this.#nextOrder++ });
    for (const block of blocksOf(features)) addTo(this.#blocks, block, key);
    addTo(this.#members, this.resolve(workId), key);
  }

  /** Places a record elsewhere as it is. */
  move(key: string, workId: string): void {
    const placed = this.#placed.get(key);
    if (placed) this.add(key, placed.features, workId);
  }

  remove(key: string): void {
    const placed = this.#placed.get(key);
    if (!placed) return;
    this.#placed.delete(key);
    for (const block of blocksOf(placed.features)) removeFrom(this.#blocks, block, key);
    removeFrom(this.#members, this.resolve(placed.placedOn), key);
  }

  /** The work that a record belongs to, with the evidence; null: a work of its own. Well under 1 ms. */
  find(features: Features, ownKey: string): Placement | null {
    return this.#best(features, ownKey, () => true);
  }

  /**
   * Another work with which that of a record turns out to be one, now that the record says something else: it must fit one of
   * another platform, and no two records of the works may speak against it. Two stable ids of one platform are two titles to it.
   */
  findOther(features: Features, ownKey: string, ownWork: string): Placement | null {
    const own = this.resolve(ownWork);
    const found = this.#best(features, ownKey, (workId) => workId !== own && this.#canJoin(own, workId, ownKey));
    return found && habitsOf(found.matchedWith).platform !== habitsOf(ownKey).platform ? found : null;
  }

  #canJoin(a: string, b: string, judgedKey: string): boolean {
    const [ofA, ofB] = [this.membersOf(a), this.membersOf(b)];
    if (ofB.length === 0 || ofA.length + ofB.length > MOST_RECORDS_PER_WORK) return false;
    return ofA.every((key) => {
      const placed = this.#placed.get(key);
      return key === judgedKey || (placed && this.#against(b, placed.features, key) !== null);
    });
  }

  #best(features: Features, ownKey: string, isWanted: (workId: string) => boolean): Placement | null {
    let best: Placement | null = null;
    for (const workId of this.#candidateWorks(features, ownKey)) {
      const placement = this.#against(workId, features, ownKey);
      if (!placement || placement.score < MATCH_THRESHOLD || placement.score <= (best?.score ?? 0)) continue;
      if (isWanted(workId)) best = placement;
    }
    return best;
  }

  #candidateWorks(features: Features, ownKey: string): Set<string> {
    const works = new Set<string>();
    const see = (key: string): void => {
      const placed = this.#placed.get(key);
      if (placed && key !== ownKey) works.add(this.resolve(placed.placedOn));
    };
    for (const block of blocksOf(features)) {
      let seen = 0;
      for (const key of this.#blocks.get(block) ?? []) {
        see(key);
        if (++seen >= MOST_PER_BLOCK) break;
      }
    }
    for (const key of this.decisions.sameAs(ownKey)) see(key);
    return works;
  }

  /** How well a record fits a work; null: it cannot be on it. What was decided of it and one member stands above all else. */
  #against(workId: string, features: Features, ownKey: string): Placement | null {
    const members = [...(this.#members.get(workId) ?? [])].filter((key) => key !== ownKey);
    if (members.length >= MOST_RECORDS_PER_WORK) return null;
    let best: Placement | null = null;
    let isForbidden = false;
    for (const key of members) {
      const member = this.#placed.get(key);
      if (!member) continue;
      const own = { key: ownKey, title: features.title };
      const decided = this.decisions.between(own, { key, title: member.features.title });
      if (decided === 'different') return null;
      const evidence =
        decided === 'same'
          ? { score: DECIDED_SCORE, reasons: ['decided'] }
          : compare(features, member.features, habitsOf(ownKey), habitsOf(key));
      if (evidence.score < VETO) isForbidden = true;
      if (evidence.score > (best?.score ?? Number.NEGATIVE_INFINITY)) best = { ...evidence, workId, matchedWith: key };
    }
    return isForbidden && best?.score !== DECIDED_SCORE ? null : best;
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
