/** What a spec names without making it: it must be on the service, which only planning can tell. */
import type { Expected } from "../model/resource.ts";
import type { GatewaySpec, NamedValueSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { ParsedSpec } from "../spec/source.ts";
import { entries } from "./compile.ts";

/** A secret whose value nobody gives: it is the service's to keep. */
export function staysOnService({ value, keyVault }: NamedValueSpec): boolean {
  return value === undefined && keyVault === undefined;
}

/** The entries of `existing`, and secrets without a value. */
export function expectedOnService({ spec, source }: ParsedSpec): Expected[] {
  const listed = collections.flatMap(([kind, collection]) =>
    (spec.existing?.[collection] ?? []).map((name, index): Expected => ({
      kind,
      name,
      at: source.locate(pointer("existing", collection, index)),
      help: "correct the name, or declare it, so that apply makes it",
    })),
  );
  const secrets = entries(spec.namedValues).flatMap(([id, value]): Expected[] => {
    if (!staysOnService(value)) return [];
    const at = source.locateKey(pointer("namedValues", id));
    const help = "give its `value`, best from a variable, so that apply can make it";
    return [{ kind: "namedValue", name: value.displayName ?? id, at, help }];
  });
  return [...listed, ...secrets];
}

type Collection = keyof NonNullable<GatewaySpec["existing"]>;

const collections: readonly (readonly [Expected["kind"], Collection])[] = [
  ["backend", "backends"],
  ["namedValue", "namedValues"],
  ["logger", "loggers"],
  ["fragment", "fragments"],
];
