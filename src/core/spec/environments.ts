import { nearestName } from "../nearest-name.ts";
import type { Finding } from "./finding.ts";
import { environmentNamePattern, environmentNameRule } from "./environment-name.ts";
import { didYouMean, listNames } from "./suggestion.ts";
import type { Span } from "./text-position.ts";
import { field, fields, keySpan, nameOf, Place, type YamlMap } from "./yaml-node.ts";
import { describeFound, subject } from "./validation-message.ts";

export type Environment = { readonly name: string; readonly key: Span; readonly overlay: YamlMap };

export type Environments = {
  /** The spec without `environments`. */
  readonly base: YamlMap;
  readonly overlays: readonly Environment[];
  readonly findings: readonly Finding[];
};

/** Takes the overlays out of a spec; says when the one that was asked for is not among them. */
export function readEnvironments(root: YamlMap, wanted: string | undefined): Environments {
  const place = field(new Place(root), "environments");
  const entries = new Map(root.entries);
  entries.delete("environments");
  const findings: Finding[] = place && place.node.kind !== "map" ? [expectMap(place)] : [];
  const overlays: Environment[] = [];
  for (const each of fields(place)) {
    if (!environmentNamePattern.test(nameOf(each))) findings.push(invalidName(each));
    if (each.node.kind === "map")
      overlays.push({ name: nameOf(each), key: keySpan(each), overlay: each.node });
    else findings.push(expectMap(each));
  }
  const names = fields(place).map(nameOf);
  if (wanted !== undefined && !names.includes(wanted))
    findings.push(unknownEnvironment(wanted, names, place));
  return { base: { ...root, entries }, overlays, findings };
}

function expectMap(place: Place): Finding {
  const message = `${subject(place)}expected a map, found ${describeFound(place)}`;
  return { rule: "wrong-type", message, span: place.node, path: place.path };
}

function invalidName(place: Place): Finding {
  const message = `\`${nameOf(place)}\` cannot be used as a name here: expected ${environmentNameRule}`;
  return { rule: "invalid-name", message, span: keySpan(place), path: place.path };
}

function unknownEnvironment(wanted: string, names: readonly string[], place: Place | undefined): Finding {
  const message = `unknown environment \`${wanted}\`${didYouMean(nearestName(wanted, names))}`;
  const span = place ? keySpan(place) : { start: 0, end: 0 };
  return { rule: "unknown-environment", message, span, help: listNames("environments", names) };
}
