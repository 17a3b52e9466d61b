/** Documents to statements: the effective policy of a request, as closures that are made once. */
import { attributeValue, childElement } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../policy/tree.ts";
import type { SectionName } from "../spec/schema.ts";
import type { GatewayConfig } from "./config.ts";
import type { Policy, ScopeName, Statement } from "./exchange.ts";
import { note } from "./exchange.ts";
import type { GatewayOptions, Preparation } from "./policy-definition.ts";
import { NotSupported } from "./policy-error.ts";
import { policyRunner } from "./policies/index.ts";

/** The document of one scope. */
export type ScopeDocument = { readonly scope: ScopeName; readonly document: PolicyDocument };

export type EffectivePolicy = Readonly<Record<SectionName, readonly Statement[]>>;

/** A fragment that includes itself would have no end. */
const deepestFragment = 10;

/**
 * The effective policy of scopes from broad to narrow. In each section `<base />` is the effective section of the next
 * broader scope, at its position [documented]; a section that is absent is inherited, one that is empty is not [inferred].
 */
export function preparePolicy(
  scopes: readonly ScopeDocument[],
  config: GatewayConfig,
  options: GatewayOptions,
): EffectivePolicy {
  const section = (name: SectionName): readonly Statement[] =>
    new SectionPreparer(scopes, name, config, options).prepare(scopes.length - 1);
  return {
    inbound: section("inbound"),
    backend: section("backend"),
    outbound: section("outbound"),
    "on-error": section("on-error"),
  };
}

class SectionPreparer {
  readonly #scopes: readonly ScopeDocument[];
  readonly #section: SectionName;
  readonly #config: GatewayConfig;
  readonly #options: GatewayOptions;

  constructor(
    scopes: readonly ScopeDocument[],
    section: SectionName,
    config: GatewayConfig,
    options: GatewayOptions,
  ) {
    this.#scopes = scopes;
    this.#section = section;
    this.#config = config;
    this.#options = options;
  }

  /** The section as it is at the scope of that index. */
  prepare(index: number): readonly Statement[] {
    const scope = this.#scopes[index];
    if (scope === undefined) return [];
    const element = childElement(scope.document.root, this.#section);
    return element === undefined ? this.prepare(index - 1) : this.#statements(element, index, "", 0);
  }

  #statements(parent: PolicyElement, index: number, path: string, depth: number): Statement[] {
    const counts = new Map<string, number>();
    return parent.children.flatMap((node) => {
      if (node.type !== "element") return [];
      if (node.name === "base") return this.prepare(index - 1);
      const count = (counts.get(node.name) ?? 0) + 1;
      counts.set(node.name, count);
      return [this.#statement(node, index, `${path}${node.name}[${count}]`, depth)];
    });
  }

  #statement(element: PolicyElement, index: number, path: string, depth: number): Statement {
    return {
      policy: element.name,
      scope: this.#scopes[index]?.scope ?? "global",
      section: this.#section,
      path,
      policyId: attributeValue(element, "id"),
      run: this.#policy(element, index, path, depth),
    };
  }

  #policy(element: PolicyElement, index: number, path: string, depth: number): Policy {
    const runner = policyRunner(element.name);
    if (runner === undefined) return this.#unsupported(element, "apimgw cannot run this policy");
    try {
      return runner.prepare(element, this.#preparation(index, path, depth));
    } catch (error) {
      if (!(error instanceof NotSupported)) throw error;
      return this.#unsupported(element, error.message);
    }
  }

  #unsupported({ name }: PolicyElement, why: string): Policy {
    if (this.#options.skipsUnsupported) {
      return (exchange) => {
        note(exchange, () => `passed over: ${why}`);
        return undefined;
      };
    }
    const message = `<${name}> stops this request: ${why}`;
    return () => {
      throw new NotSupported(message);
    };
  }

  #preparation(index: number, path: string, depth: number): Preparation {
    const branches = new Map<string, number>();
    return {
      config: this.#config,
      options: this.#options,
      scope: this.#scopes[index]?.scope ?? "global",
      section: this.#section,
      children: (element) => {
        const own = path
          .replace(/\[\d+\]$/, "")
          .split("/")
          .at(-1);
        if (element.name === own) return this.#statements(element, index, `${path}/`, depth);
        const count = (branches.get(element.name) ?? 0) + 1;
        branches.set(element.name, count);
        return this.#statements(element, index, `${path}/${element.name}[${count}]/`, depth);
      },
      fragment: (id) => {
        const fragment = this.#config.fragments.get(id.toLowerCase());
        if (fragment === undefined) throw new NotSupported(`there is no fragment \`${id}\``);
        if (depth >= deepestFragment) throw new NotSupported(`the fragment \`${id}\` includes itself`);
        return this.#statements(fragment.root, index, `${path}/`, depth + 1);
      },
    };
  }
}
