/** Which operation a path belongs to. */
import type { OperationConfig } from "./config.ts";

/** An operation with what its template says. */
export type TemplateOperation = {
  readonly operation: OperationConfig;
  /** Names of the parameters in the path, in order. */
  readonly pathParameters: readonly string[];
  /** Query parameters of the template: name in the query to name of the parameter. */
  readonly queryParameters: ReadonlyMap<string, string>;
};

export type MatchedOperation = {
  readonly template: TemplateOperation;
  /** Values of the parameters in the path, decoded, in order. */
  readonly values: readonly string[];
};

type Node = {
  readonly literals: Map<string, Node>;
  parameter: Node | undefined;
  /** By method, in upper case. */
  readonly ends: Map<string, TemplateOperation>;
  /** Templates that end with `*`, by method. */
  readonly wildcards: Map<string, TemplateOperation>;
};

/**
 * Finds operations by method and path. Texts of a template win over its parameters, those over `*`; texts compare without case
 * [inferred]. A segment that mixes text and parameter counts as a parameter of the whole segment [inferred].
 */
export class OperationFinder {
  readonly #root = newNode();

  constructor(operations: readonly OperationConfig[]) {
    for (const operation of operations) this.#add(operation);
  }

  /** `path` begins with a slash. */
  find(method: string, path: string): MatchedOperation | undefined {
    const segments = path.split("/").slice(1);
    if (segments.at(-1) === "") segments.pop();
    const values: string[] = [];
    const template = search(this.#root, segments, 0, method.toUpperCase(), values);
    return template === undefined ? undefined : { template, values };
  }

  #add(operation: OperationConfig): void {
    const [path = "", query = ""] = operation.urlTemplate.split("?", 2);
    const segments = path.split("/").filter((segment) => segment !== "");
    const names: string[] = [];
    let node = this.#root;
    const method = operation.method.toUpperCase();
    const template = { operation, pathParameters: names, queryParameters: queryParameters(query) };
    for (const segment of segments) {
      const name = /\{([^}]*)\}/.exec(segment)?.[1];
      if (segment === "*" || name?.startsWith("*") === true) {
        if (name !== undefined) names.push(name.slice(1));
        if (!node.wildcards.has(method)) node.wildcards.set(method, template);
        return;
      }
      if (name !== undefined) names.push(name);
      node = name === undefined ? literalNode(node, segment) : (node.parameter ??= newNode());
    }
    if (!node.ends.has(method)) node.ends.set(method, template);
  }
}

function newNode(): Node {
  return { literals: new Map(), parameter: undefined, ends: new Map(), wildcards: new Map() };
}

function literalNode(node: Node, segment: string): Node {
  const key = segment.toLowerCase();
  const known = node.literals.get(key);
  if (known !== undefined) return known;
  const made = newNode();
  node.literals.set(key, made);
  return made;
}

/** Leaves in `values` what the parameters on the way took. */
function search(
  node: Node,
  segments: readonly string[],
  at: number,
  method: string,
  values: string[],
): TemplateOperation | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.ends.get(method) ?? node.wildcards.get(method);
  const literal = node.literals.get(segment.toLowerCase());
  const byText = literal === undefined ? undefined : search(literal, segments, at + 1, method, values);
  if (byText !== undefined) return byText;
  if (node.parameter !== undefined && segment !== "") {
    values.push(decode(segment));
    const found = search(node.parameter, segments, at + 1, method, values);
    if (found !== undefined) return found;
    values.pop();
  }
  const wildcard = node.wildcards.get(method);
  if (wildcard === undefined) return undefined;
  values.push(segments.slice(at).map(decode).join("/"));
  return wildcard;
}

function queryParameters(query: string): Map<string, string> {
  const pairs = query.split("&").flatMap((pair) => {
    const [, name, parameter] = /^([^=]+)=\{([^}]+)\}$/.exec(pair) ?? [];
    return name === undefined || parameter === undefined ? [] : [[name, parameter] as const];
  });
  return new Map(pairs);
}

/** Percent signs that encode nothing are left as they are. */
export function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
