/** `apimgw.lint.yaml`: how policy documents are checked that belong to no spec. */
import ignore from "ignore";
import { nearestName } from "../../nearest-name.ts";
import { compareProblems } from "../../problem.ts";
import type { Problem } from "../../problem.ts";
import { toProblem } from "../../spec/finding.ts";
import type { Finding, Path } from "../../spec/finding.ts";
import { readYaml } from "../../spec/read-yaml.ts";
import { didYouMean } from "../../spec/suggestion.ts";
import { indexLines } from "../../spec/text-position.ts";
import { field, fields, items, keySpan, nameOf, Place, stringAt } from "../../spec/yaml-node.ts";
import type { PolicyScope } from "./policy-rule.ts";
import { describeUnknownRule, isRuleSetting, ruleSettings } from "./severities.ts";
import type { RuleSetting, Severities } from "./severities.ts";

const policyScopes = ["global", "workspace", "product", "api", "operation"] as const;

function isPolicyScope(value: unknown): value is PolicyScope {
  return policyScopes.some((scope) => scope === value);
}

/** Patterns are those of .gitignore and count from the folder of the file. */
export type LintConfig = {
  readonly rules: Severities;
  readonly ignore: readonly string[];
  /** Folder or JSON file, relative to the folder of the config. */
  readonly known: string | undefined;
  readonly sku: string | undefined;
  /** The first pattern that fits decides. */
  readonly scopes: readonly { readonly pattern: string; readonly scope: PolicyScope }[];
};

export const emptyLintConfig: LintConfig = {
  rules: new Map(),
  ignore: [],
  known: undefined,
  sku: undefined,
  scopes: [],
};

export type ReadLintConfig = { readonly config: LintConfig; readonly problems: readonly Problem[] };

const keys = ["rules", "ignore", "known", "sku", "scope"];

/** Reads the file; everything that is wrong with it is reported, with its place. `ruleIds` are the rules there are. */
export function parseLintConfig(text: string, file: string, ruleIds: readonly string[]): ReadLintConfig {
  const { root, findings } = readYaml(text, "`rules` and `ignore`");
  const found = findings.filter(({ rule }) => rule !== "empty-spec");
  const reader = new ConfigReader(found, ruleIds);
  const config = root === undefined ? emptyLintConfig : reader.read(new Place(root));
  const lines = indexLines(text);
  const problems = found.map((finding) => toProblem(finding, file, lines)).sort(compareProblems);
  return { config, problems };
}

class ConfigReader {
  readonly #found: Finding[];
  readonly #ruleIds: readonly string[];

  constructor(found: Finding[], ruleIds: readonly string[]) {
    this.#found = found;
    this.#ruleIds = ruleIds;
  }

  read(root: Place): LintConfig {
    for (const place of fields(root)) {
      if (!keys.includes(nameOf(place))) this.#unknownKey(place);
    }
    return {
      rules: this.#rules(this.#map(root, "rules")),
      ignore: this.#texts(field(root, "ignore")),
      known: this.#text(field(root, "known")),
      sku: this.#text(field(root, "sku")),
      scopes: this.#map(root, "scope").flatMap((place) => this.#scope(place)),
    };
  }

  #rules(places: readonly Place[]): Map<string, RuleSetting> {
    const rules = new Map<string, RuleSetting>();
    for (const place of places) {
      const id = nameOf(place);
      const setting = stringAt(place);
      if (!this.#ruleIds.includes(id)) {
        this.#report("unknown-key", place, describeUnknownRule(id, this.#ruleIds), keySpan(place));
      } else if (isRuleSetting(setting)) {
        rules.set(id, setting);
      } else {
        this.#choice(place, ruleSettings);
      }
    }
    return rules;
  }

  #scope(place: Place): LintConfig["scopes"] {
    const scope = stringAt(place);
    if (isPolicyScope(scope)) return [{ pattern: nameOf(place), scope }];
    this.#choice(place, policyScopes);
    return [];
  }

  #map(root: Place, key: string): Place[] {
    const place = field(root, key);
    if (place === undefined) return [];
    if (place.node.kind !== "map")
      this.#report("wrong-type", place, { message: `\`${key}\`: expected a map` });
    return fields(place);
  }

  #texts(place: Place | undefined): string[] {
    if (place === undefined) return [];
    if (place.node.kind !== "list") {
      this.#report("wrong-type", place, { message: `\`${nameOf(place)}\`: expected a list of patterns` });
    }
    return items(place).flatMap((item) => this.#text(item) ?? []);
  }

  #text(place: Place | undefined): string | undefined {
    if (place === undefined) return undefined;
    const text = stringAt(place);
    if (text !== undefined && text !== "") return text;
    this.#report("wrong-type", place, { message: "expected a string" });
    return undefined;
  }

  #choice(place: Place, choices: readonly string[]): void {
    const value = stringAt(place);
    const nearest = value === undefined ? undefined : nearestName(value, choices);
    const expected = choices.map((choice) => `\`${choice}\``).join(", ");
    this.#report("invalid-value", place, {
      message: `\`${nameOf(place)}\`: expected one of ${expected}${didYouMean(nearest)}`,
    });
  }

  #unknownKey(place: Place): void {
    const name = nameOf(place);
    this.#report(
      "unknown-key",
      place,
      {
        message: `unknown key \`${name}\`${didYouMean(nearestName(name, keys))}`,
        help: `known keys: ${keys.map((key) => `\`${key}\``).join(", ")}`,
      },
      keySpan(place),
    );
  }

  #report(
    rule: Finding["rule"],
    place: Place,
    said: { readonly message: string; readonly help?: string },
    span: Finding["span"] = place.node,
  ): void {
    const path: Path = place.path;
    this.#found.push({ rule, span, path, ...said });
  }
}

/** Whether one of the patterns, written as in .gitignore, fits the path. The path is relative, with `/`. */
export function createPathFilter(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const filter = ignore().add([...patterns]);
  return (path) => ignore.isPathValid(path) && filter.ignores(path);
}
