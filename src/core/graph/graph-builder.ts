import { apiBasePath } from "../gateway/api-version.ts";
import type { ApiConfig, GatewayConfig } from "../gateway/config.ts";
import { compareText } from "../problem.ts";
import type { ApiFlows, OperationGroup } from "./api-flows.ts";
import { backendNode, computedNode, memberEdges, serviceUrlNode, urlNode } from "./backend-nodes.ts";
import type { CallerEntry } from "./caller-entries.ts";
import { nodeKinds } from "./graph.ts";
import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { NodeIds } from "./node-ids.ts";
import type { ConditionalAnswer, RouteStep } from "./operation-flow.ts";
import { operationTitle } from "./operation-title.ts";
import type { Target } from "./route-state.ts";
import { conditions, graphStep, stepLines } from "./step-text.ts";

/** Collects nodes, each once, and the edges between them. */
export class GraphBuilder {
  readonly #config: GatewayConfig;
  readonly #titles: ReadonlyMap<string, string>;
  readonly #namesAll: boolean;
  readonly #ids = new NodeIds();
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges: GraphEdge[] = [];

  /** `titles` of backends and pools, by id in lower case. */
  constructor(config: GatewayConfig, titles: ReadonlyMap<string, string>, namesAll: boolean) {
    this.#config = config;
    this.#titles = titles;
    this.#namesAll = namesAll;
  }

  /** Nodes by column and name; edges by the columns that they lead from. */
  build(): Pick<Graph, "nodes" | "edges"> {
    const rank = ({ kind }: GraphNode): number => nodeKinds.indexOf(kind);
    const nodes = [...this.#nodes.values()].sort((a, b) => rank(a) - rank(b) || this.#order(a, b));
    const place = new Map(nodes.map(({ id }, index) => [id, index]));
    const edges = [...this.#edges].sort((a, b) => (place.get(a.from) ?? 0) - (place.get(b.from) ?? 0));
    return { nodes, edges };
  }

  /** Operations stay in the order in which their API was added. */
  #order(a: GraphNode, b: GraphNode): number {
    return a.kind === "operation" || a.kind === "denied" ? 0 : compareText(a.name, b.name);
  }

  addApi(api: ApiConfig, entries: readonly CallerEntry[], flows: ApiFlows): void {
    const node = this.#add({
      id: this.#ids.idOf("api", api.id),
      kind: "api",
      name: api.id,
      title: [api.name],
      lines: [...apiLines(api), ...flows.guards],
    });
    for (const entry of entries) {
      const from = this.#addCaller(entry, flows.ofProduct.get(entry.name) ?? []);
      const label = flows.ofCaller.get(entry.name) ?? [];
      this.#edges.push({ from: from.id, to: node.id, kind: "call", label });
    }
    for (const group of flows.groups) this.#addOperations(api, node, group);
  }

  #add(node: GraphNode): GraphNode {
    const known = this.#nodes.get(node.id);
    if (known !== undefined) return known;
    this.#nodes.set(node.id, node);
    return node;
  }

  /** Callers of several APIs are one node, with what holds for them in any. */
  #addCaller({ name, title, lines }: CallerEntry, guards: readonly string[]): GraphNode {
    const id = this.#ids.idOf("caller", name);
    const known = this.#nodes.get(id);
    const all = [...new Set([...(known?.lines ?? lines), ...guards])];
    const node: GraphNode = { id, kind: "caller", name, title: [title], lines: all };
    this.#nodes.set(id, node);
    return node;
  }

  #addOperations(api: ApiConfig, from: GraphNode, group: OperationGroup): void {
    const operations = group.operations.map(({ id }) => id);
    const name = `${api.id}/${operations[0] ?? ""}`;
    const kind = group.isDenied ? "denied" : "operation";
    const node = this.#add({
      id: this.#operationId(api, name, group),
      kind,
      name,
      title: operationTitle(operations, { isDenied: group.isDenied, namesAll: this.#namesAll }),
      lines: [...group.guards, ...group.answers.map((answer) => answerText(answer, group))],
      operations,
    });
    this.#edges.push({ from: from.id, to: node.id, kind: "call", label: [] });
    this.#addSteps(api, node, group.steps);
    for (const { backend, purpose } of group.sideCalls) {
      const to = this.#addBackend(backend).id;
      this.#edges.push({ from: node.id, to, kind: "side", label: [purpose] });
    }
  }

  /** Of the first operation; what is denied is one node for each answer, so that its id outlives the first of them. */
  #operationId(api: ApiConfig, name: string, { isDenied, answers }: OperationGroup): string {
    if (!isDenied) return this.#ids.idOf("operation", name);
    const id = this.#ids.idOf("denied", `${api.id} ${answers.map(({ status }) => status).join(" ")}`);
    return this.#nodes.has(id) ? this.#ids.idOf("denied", name) : id;
  }

  #addSteps(api: ApiConfig, from: GraphNode, steps: readonly RouteStep[]): void {
    const edges = new Map<string, GraphEdge>();
    for (const step of steps) {
      const kind = step.order === 1 ? "route" : "fallback";
      for (const { id: to } of this.#addTargets(api, step.target)) {
        const known = edges.get(`${kind} ${to}`);
        const isOneOf = step.target.kind === "computed" && step.target.candidates.length > 0;
        const byExpression = isOneOf ? ["as an expression says"] : [];
        edges.set(`${kind} ${to}`, {
          from: from.id,
          to,
          kind,
          label: [...(known?.label ?? []), ...stepLines(step, isInChain(step, steps)), ...byExpression],
          steps: [...(known?.steps ?? []), graphStep(step)],
        });
      }
    }
    this.#edges.push(...[...edges.values()].map((edge) => ({ ...edge, label: shortened(edge.label) })));
  }

  #addTargets(api: ApiConfig, target: Target): readonly GraphNode[] {
    switch (target.kind) {
      case "backend":
        return [this.#addBackend(target.id)];
      case "url":
        return [this.#add(urlNode(this.#ids, target.url, "URL in a policy"))];
      case "serviceUrl":
        return [this.#add(serviceUrlNode(this.#ids, api))];
      case "computed":
        return target.candidates.length > 0
          ? target.candidates.map((id) => this.#addBackend(id))
          : [this.#add(computedNode(this.#ids, target.expression))];
    }
  }

  #addBackend(name: string): GraphNode {
    const key = name.toLowerCase();
    const config = this.#config.backends.get(key);
    const node = backendNode(this.#ids, config?.id ?? name, config, this.#titles.get(key));
    if (this.#nodes.has(node.id)) return node;
    this.#add(node);
    if (config?.kind === "pool") {
      this.#edges.push(...memberEdges(this.#ids, config, (member) => this.#addBackend(member).id));
    }
    return node;
  }
}

const mostLabelLines = 10;

/** Who needs them all finds them in the JSON. */
function shortened(label: readonly string[]): readonly string[] {
  if (label.length <= mostLabelLines) return label;
  const shown = label.slice(0, mostLabelLines - 1);
  return [...shown, `and ${label.length - shown.length} more lines`];
}

/** Whether others are called after the step, or it is called after others. */
function isInChain({ order, when }: RouteStep, steps: readonly RouteStep[]): boolean {
  const isSame = (other: RouteStep) => when.every((condition, index) => other.when[index] === condition);
  return order > 1 || steps.some((other) => other.order > 1 && isSame(other));
}

function apiLines({ path, version, subscriptionRequired, keyNames }: ApiConfig): readonly string[] {
  const place = version?.scheme === "Header" ? "header" : "query";
  return [
    apiBasePath({ path, version }) || "/",
    ...(version === undefined || version.scheme === "Segment"
      ? []
      : [`${version.value === "" ? "no version" : `version ${version.value}`} in ${place} ${version.name}`]),
    subscriptionRequired ? `key in ${keyNames.header}` : "no subscription key",
  ];
}

/** `404 Not Found otherwise`; without a condition for what is always answered so. */
function answerText({ status, reason, when }: ConditionalAnswer, { steps }: OperationGroup): string {
  const code = status === undefined ? "an answer of its own" : String(status);
  const text = reason === "" ? code : `${code} ${reason}`;
  if (when.length > 0) return `${text} ${conditions(when)}`;
  return steps.length === 0 ? `answers ${text}` : text;
}
