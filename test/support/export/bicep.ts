/** Reads and evaluates the Bicep that export writes: a small part of the language, and nothing beyond it. */
import type { Json, JsonObject } from "../../../src/core/json.ts";
import {
  armGuid,
  fileIn,
  isRightVersion,
  pathBelow,
  plainText,
  textOf,
  type ModuleFiles,
  type ModuleResource,
} from "./deploy.ts";

export type BicepContext = {
  readonly resourceGroupId: string;
  /** Of the service's own identity. */
  readonly principalId?: string;
  /** What readEnvironmentVariable gives. */
  readonly environment: Readonly<Record<string, string>>;
};

type Expression =
  | { readonly type: "text"; readonly parts: readonly (string | Expression)[] }
  | { readonly type: "plain"; readonly value: number | boolean | null }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "object"; readonly members: readonly (readonly [string, Expression])[] }
  | { readonly type: "name"; readonly name: string; readonly member?: string }
  | { readonly type: "call"; readonly name: string; readonly args: readonly Expression[] };

type Declaration = {
  readonly symbol: string;
  readonly type: string;
  readonly isExisting: boolean;
  readonly members: ReadonlyMap<string, Expression>;
};

type Parameter = { readonly isSecure: boolean; readonly fallback: Expression | undefined };

export type BicepFile = {
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly resources: readonly Declaration[];
  /** Their type is the file. */
  readonly modules: readonly Declaration[];
  /** `param x = ...` of a parameters file. */
  readonly given: ReadonlyMap<string, Expression>;
};

/** The resources of main.bicep with main.bicepparam. Through what exists it finds no order, though Bicep might. */
export function readBicepModule(files: ModuleFiles, context: BicepContext): ModuleResource[] {
  const { parameters, resources, modules } = parseBicep(fileIn(files, "main.bicep"));
  const { given } = parseBicep(fileIn(files, "main.bicepparam"));
  const values = new Map<string, Json>();
  const outside = {
    files,
    context,
    values,
    resources: new Map<string, Declaration>(),
    ids: new Map<string, string>(),
  };
  for (const [name, { isSecure, fallback }] of parameters) {
    if (isSecure && fallback !== undefined) throw new Error(`${name} has a default`);
    const written = given.get(name) ?? fallback;
    if (written === undefined) throw new Error(`the parameter ${name} is not given`);
    values.set(name, evaluate(written, outside));
  }
  const declared = [...resources, ...modules];
  const bySymbol = new Map(declared.map((resource) => [resource.symbol, resource]));
  if (bySymbol.size !== declared.length) throw new Error("two resources have one symbol");
  for (const name of values.keys()) if (bySymbol.has(name)) throw new Error(`${name} is declared twice`);
  const scope: Scope = { files, context, values, resources: bySymbol, ids: new Map() };
  const serviceId = idOf("service", scope);
  const roles = modules.map((each) => readRole(each, scope));
  const made = resources
    .filter(({ isExisting }) => !isExisting)
    .map(({ symbol, type, members }) => {
      const bodyMembers = [...members].filter(([key]) => !["parent", "name", "dependsOn"].includes(key));
      const body = Object.fromEntries(bodyMembers.map(([key, member]) => [key, evaluate(member, scope)]));
      const apiVersion = type.replace(/.*@/, "");
      if (!isRightVersion(apiVersion, body)) throw new Error(`${symbol} is of type ${type}`);
      const dependsOn = members.get("dependsOn");
      const explicit = dependsOn?.type === "list" ? dependsOn.items : [];
      const used = [...members.values()].flatMap(namesIn);
      if (explicit.some(({ type }) => type !== "name")) throw new Error("dependsOn holds more than names");
      return {
        name: symbol,
        path: pathBelow(serviceId, idOf(symbol, scope)),
        body,
        apiVersion,
        waitsFor: [...new Set(used)].filter((name) => bySymbol.get(name)?.isExisting === false),
      };
    });
  return [...roles, ...made];
}

/** A module in another resource group that makes one role assignment. */
function readRole({ symbol, type, members }: Declaration, outside: Scope): ModuleResource {
  const { files, context } = outside;
  const { parameters, resources } = parseBicep(fileIn(files, type));
  const [account, assignment] = resources;
  const where = members.get("scope");
  if (where?.type !== "call" || where.name !== "resourceGroup") return fail(`${symbol} has no scope`);
  const [subscription = "", group = ""] = where.args.map((arg) => textOf(evaluate(arg, outside)));
  const resourceGroupId = `/subscriptions/${subscription}/resourceGroups/${group}`;
  const given = evaluate(members.get("params") ?? fail(`${symbol} has no parameters`), outside) as JsonObject;
  if (Object.keys(given).join() !== [...parameters.keys()].join())
    return fail(`${symbol} is given other parameters than it takes`);
  const values = new Map(Object.entries(given).map(([name, value]) => [name, value ?? null]));
  const bySymbol = new Map(resources.map((resource) => [resource.symbol, resource]));
  const scope: Scope = {
    files,
    context: { ...context, resourceGroupId },
    values,
    resources: bySymbol,
    ids: new Map(),
  };
  if (account?.type !== "Microsoft.CognitiveServices/accounts@2024-10-01" || !account.isExisting)
    return fail("the account is not there already");
  const [kind, apiVersion = ""] = assignment?.type.split("@") ?? [];
  const on = assignment?.members.get("scope");
  if (assignment === undefined || on?.type !== "name") return fail("no assignment");
  const body = evaluate(assignment.members.get("properties") ?? fail("no properties"), scope) as JsonObject;
  const name = textOf(evaluate(assignment.members.get("name") ?? fail("no name"), scope));
  return {
    name: symbol,
    path: `${idOf(on.name, scope)}/providers/${kind ?? ""}/${name}`,
    apiVersion,
    body: { properties: body },
    waitsFor: [],
  };
}

type Scope = {
  readonly files: ModuleFiles;
  readonly context: BicepContext;
  readonly values: ReadonlyMap<string, Json>;
  readonly resources: ReadonlyMap<string, Declaration>;
  readonly ids: Map<string, string>;
};

function namesIn(expression: Expression): string[] {
  if (expression.type === "name") return [expression.name];
  if (expression.type === "list") return expression.items.flatMap(namesIn);
  if (expression.type === "object") return expression.members.flatMap(([, member]) => namesIn(member));
  if (expression.type === "text")
    return expression.parts.flatMap((part) => (typeof part === "string" ? [] : namesIn(part)));
  return expression.type === "call" ? expression.args.flatMap(namesIn) : [];
}

function idOf(symbol: string, scope: Scope): string {
  const declaration = scope.resources.get(symbol);
  if (declaration === undefined) throw new Error(`there is no resource ${symbol}`);
  const { type, members } = declaration;
  const match = /^([^@]+)@[\w-]+$/.exec(type);
  const name = evaluate(members.get("name") ?? fail(`${symbol} has no name`), scope);
  const parent = members.get("parent");
  const segment = match?.[1]?.split("/").at(-1) ?? fail(`${symbol} is of type ${type}`);
  if (parent === undefined)
    return `${scope.context.resourceGroupId}/providers/${match?.[1] ?? ""}/${textOf(name)}`;
  if (parent.type !== "name") return fail(`${symbol} has a parent that is no name`);
  const above = scope.resources.get(parent.name)?.type.replace(/@.*/, "") ?? "";
  if (`${above}/${segment}` !== match?.[1])
    return fail(`${symbol} of type ${type} cannot stand below ${above}`);
  return `${idOf(parent.name, scope)}/${segment}/${textOf(name)}`;
}

function fail(message: string): never {
  throw new Error(message);
}

function evaluate(expression: Expression, scope: Scope): Json {
  switch (expression.type) {
    case "plain":
      return expression.value;
    case "text":
      return expression.parts
        .map((part) => (typeof part === "string" ? part : textOf(evaluate(part, scope))))
        .join("");
    case "list":
      return expression.items.map((item) => evaluate(item, scope));
    case "object":
      return Object.fromEntries(expression.members.map(([key, member]) => [key, evaluate(member, scope)]));
    case "name": {
      if (expression.member === "id") return idOf(expression.name, scope);
      if (expression.member === "identity.principalId" && expression.name === "service")
        return scope.context.principalId ?? "";
      return scope.values.get(expression.name) ?? fail(`there is no ${expression.name}`);
    }
    case "call":
      return callFunction(
        expression.name,
        expression.args.map((arg) => textOf(evaluate(arg, scope))),
        scope,
      );
  }
}

function callFunction(name: string, args: readonly string[], { files, context }: Scope): Json {
  const [first = "", second = ""] = args;
  if (name === "guid") return armGuid(...args);
  if (name === "toLower") return first.toLowerCase();
  if (name === "subscriptionResourceId")
    return `${context.resourceGroupId.replace(/\/resourceGroups.*/, "")}/providers/${first}/${second}`;
  if (name === "json") return JSON.parse(first) as Json;
  if (name === "readEnvironmentVariable")
    return context.environment[first] ?? fail(`the environment has no ${first}`);
  if (name !== "loadTextContent") return fail(`there is no function ${name}`);
  const text = fileIn(files, first);
  if (text.length > 131_072)
    throw new Error(`BCP184: File '${first}' exceeded maximum size of 131072 characters.`);
  return text;
}

/** Parses a Bicep file or parameters file. Throws with the place for whatever export does not write. */
export function parseBicep(source: string): BicepFile {
  return new BicepParser(source).file();
}

/** The value of a string literal without expressions. */
export function readBicepString(literal: string): string {
  const parsed = parseBicep(`param x = ${literal}\n`).given.get("x");
  if (parsed?.type !== "text") throw new Error(`no string: ${literal}`);
  return plainText(parsed.parts);
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\", "'": "'", $: "$" };

class BicepParser {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  file(): BicepFile {
    const parameters = new Map<string, Parameter>();
    const given = new Map<string, Expression>();
    const resources: Declaration[] = [];
    const modules: Declaration[] = [];
    for (let isSecure = false; ;) {
      this.#skipLayout();
      if (this.#at === this.#source.length) return { parameters, resources, modules, given };
      if (this.#takes(/@secure\(\)\n/y)) isSecure = true;
      else if (this.#takes(/@description\(/y)) {
        this.#expression();
        this.#need(/\)\n/y);
      } else if (this.#takes(/targetScope = 'resourceGroup'\n/y) || this.#takes(/using '\.\/main\.bicep'\n/y))
        continue;
      else if (this.#takes(/resource /y)) resources.push(this.#resource());
      else if (this.#takes(/module /y)) modules.push(this.#module());
      else {
        this.#need(/param /y);
        const name = this.#need(/[A-Za-z_][A-Za-z0-9_]*/y);
        if (parameters.has(name) || given.has(name)) throw this.#error(`${name} is declared twice`);
        if (this.#takes(/ = /y)) given.set(name, this.#expression());
        else {
          this.#need(/ string/y);
          parameters.set(name, { isSecure, fallback: this.#takes(/ = /y) ? this.#expression() : undefined });
        }
        this.#need(/\n/y);
        isSecure = false;
      }
    }
  }

  #module(): Declaration {
    const symbol = this.#need(/[A-Za-z_][A-Za-z0-9_]*/y);
    this.#need(/ '/y);
    const type = this.#need(/[a-z-]+\.bicep/y);
    this.#need(/' = /y);
    const body = this.#expression();
    this.#need(/\n/y);
    if (body.type !== "object") throw this.#error("a module is an object");
    return { symbol, type, isExisting: false, members: new Map(body.members) };
  }

  #resource(): Declaration {
    const symbol = this.#need(/[A-Za-z_][A-Za-z0-9_]*/y);
    this.#need(/ '/y);
    const type = this.#need(/[A-Za-z./]+@[0-9a-z-]+/y);
    this.#need(/'/y);
    const isExisting = this.#takes(/ existing/y);
    this.#need(/ = /y);
    const body = this.#expression();
    this.#need(/\n/y);
    if (body.type !== "object") throw this.#error("a resource is an object");
    return { symbol, type, isExisting, members: new Map(body.members) };
  }

  #expression(): Expression {
    if (this.#takes(/'/y)) return this.#string();
    if (this.#takes(/\[/y)) return { type: "list", items: this.#lines(/\]/y, () => this.#expression()) };
    if (this.#takes(/\{/y)) return { type: "object", members: this.#lines(/\}/y, () => this.#member()) };
    const number = this.#match(/-?\d+/y);
    if (number !== undefined) return { type: "plain", value: Number(number) };
    const name = this.#need(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (name === "true" || name === "false") return { type: "plain", value: name === "true" };
    if (name === "null") return { type: "plain", value: null };
    if (this.#takes(/\(/y)) {
      const args = [this.#expression()];
      while (this.#takes(/, /y)) args.push(this.#expression());
      this.#need(/\)/y);
      return { type: "call", name, args };
    }
    return this.#takes(/\./y)
      ? { type: "name", name, member: this.#need(/[a-zA-Z]+(?:\.[a-zA-Z]+)*/y) }
      : { type: "name", name };
  }

  /** Items on lines of their own, without commas, up to the bracket. */
  #lines<T>(close: RegExp, read: () => T): T[] {
    const items: T[] = [];
    if (this.#takes(close)) return items;
    for (;;) {
      this.#need(/\n */y);
      if (this.#takes(close)) return items;
      items.push(read());
    }
  }

  #member(): [string, Expression] {
    const key = this.#takes(/'/y) ? this.#string() : this.#need(/[A-Za-z_][A-Za-z0-9_]*/y);
    const name = typeof key === "string" ? key : plainText(key.parts);
    this.#need(/: /y);
    return [name, this.#expression()];
  }

  #string(): Extract<Expression, { type: "text" }> {
    const parts: (string | Expression)[] = [];
    for (let text = ""; ;) {
      if (this.#takes(/'/y)) return { type: "text", parts: text === "" ? parts : [...parts, text] };
      if (this.#takes(/\$\{/y)) {
        parts.push(...(text === "" ? [] : [text]), this.#expression());
        text = "";
        this.#need(/\}/y);
      } else if (this.#takes(/\\u\{/y)) {
        text += String.fromCodePoint(parseInt(this.#need(/[0-9a-f]+/y), 16));
        this.#need(/\}/y);
      } else if (this.#takes(/\\/y)) {
        const escaped = this.#need(/[nrt\\'$]/y);
        text += escapes[escaped] ?? "";
      } else text += this.#need(/[^\n\r]/uy);
    }
  }

  #skipLayout(): void {
    while (this.#takes(/\n+/y) || this.#takes(/\/\/[^\n]*/y));
  }

  #takes(pattern: RegExp): boolean {
    return this.#match(pattern) !== undefined;
  }

  #need(pattern: RegExp): string {
    const found = this.#match(pattern);
    if (found === undefined) throw this.#error(`${String(pattern)} expected`);
    return found;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #error(message: string): Error {
    const before = this.#source.slice(0, this.#at);
    return new Error(
      `Bicep, line ${before.split("\n").length}: ${message} at ${this.#source.slice(this.#at, this.#at + 60)}`,
    );
  }
}
