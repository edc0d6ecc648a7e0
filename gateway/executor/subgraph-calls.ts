/**
 * Sends what a plan asks of a subgraph at one moment as one request, and takes the answer apart. Within one authorization class
 * the same query asked again while it is under way is not sent again.
 */
import type { FetchNode } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { ANONYMOUS, type Identity } from '../../platform/identity.ts';
import type { DataSources } from '../live-plan.ts';
import type { InFlightAnswers } from './in-flight.ts';
import { copyJson } from './json.ts';
import { type MergedOperation, mergeVariables, type SubgraphAnswer, splitAnswer } from './operation-merge.ts';

type Variables = Readonly<Record<string, unknown>>;

/** One query of a call. */
export interface Question {
  readonly node: FetchNode;
  readonly variables: Variables;
}

/** What the viewer is to a subgraph, which sees the identity and nothing else of them: those alike may share answers. */
export function authorizationClass(context: Readonly<Record<string, unknown>>): string {
  const identity = (context['identity'] as Identity | undefined) ?? ANONYMOUS;
  return identity === ANONYMOUS ? '' : JSON.stringify(identity);
}

interface Request {
  readonly query: string;
  readonly variables: Variables;
  readonly operationName?: string | undefined;
}

/** The calls of one request. */
export class SubgraphCalls {
  readonly #sources: DataSources;
  readonly #context: Readonly<Record<string, unknown>>;
  readonly #viewers: string;
  readonly #underWay: InFlightAnswers<SubgraphAnswer> | null;

  /** @param underWay null: nothing is shared */
  constructor(
    sources: DataSources,
    context: Readonly<Record<string, unknown>>,
    viewers: string,
    underWay: InFlightAnswers<SubgraphAnswer> | null,
  ) {
    this.#sources = sources;
    this.#context = context;
    this.#viewers = viewers;
    this.#underWay = underWay;
  }

  /** Each question's answer. One that the data source rejects rejects for all that travelled together. */
  ask(
    serviceName: string,
    questions: readonly Question[],
    merge: () => MergedOperation | null,
  ): readonly Promise<SubgraphAnswer>[] {
    const merged = questions.length > 1 ? merge() : null;
    if (!merged) return questions.map((each) => this.#alone(each));
    const variables = mergeVariables(questions.map((each) => each.variables));
    const parts = this.#share(serviceName, { query: merged.query, variables }, merged.document).then((answer) =>
      splitAnswer(answer, questions.length),
    );
    return questions.map(async (each, index) => (await parts)?.[index] ?? this.#alone(each));
  }

  #alone({ node, variables }: Question): Promise<SubgraphAnswer> {
    const { serviceName, operation: query, operationName, operationDocumentNode, operationKind } = node;
    const request = { query, variables, operationName };
    return operationKind === OperationTypeNode.QUERY
      ? this.#share(serviceName, request, operationDocumentNode)
      : this.#send(serviceName, request, operationDocumentNode);
  }

  async #share(serviceName: string, request: Request, document: unknown): Promise<SubgraphAnswer> {
    if (!this.#underWay) return this.#send(serviceName, request, document);
    const key = `${serviceName}\n${this.#viewers}\n${request.query}\n${JSON.stringify(request.variables)}`;
    const { value, shared } = await this.#underWay.get(key, () => this.#send(serviceName, request, document));
    return shared ? copyJson(value) : value; // answers are built into the tree, and so belong to one request
  }

  async #send(serviceName: string, request: Request, document: unknown): Promise<SubgraphAnswer> {
    const source = this.#sources[serviceName];
    if (!source) throw new Error(`Couldn't find service with name "${serviceName}"`);
    const options = { kind: 'incoming operation', request, context: this.#context, document };
    return (await source.process(options as never)) as SubgraphAnswer;
  }
}
