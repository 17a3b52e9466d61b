import type { YamlEntry, YamlMap, YamlScalar } from "./yaml-node.ts";

export type Overrides = {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly service?: string;
  readonly workspace?: string;
  /** The service's own tier, for a spec that does not name one. */
  readonly tier?: string;
};

const flags = [
  { override: "subscriptionId", key: "subscriptionId", flag: "--subscription" },
  { override: "resourceGroup", key: "resourceGroup", flag: "--resource-group" },
  { override: "service", key: "name", flag: "--service" },
  { override: "workspace", key: "workspace", flag: "--workspace" },
  { override: "tier", key: "sku", flag: "the service itself" },
] as const;

/** Puts flags over `service`. They stand at the key they replace, or at `service` when the file does not have it. */
export function applyOverrides(root: YamlMap, overrides: Overrides): YamlMap {
  const given = flags.filter(({ override }) => overrides[override] !== undefined);
  if (given.length === 0) return root;
  const service = root.entries.get("service");
  const key = service?.key ?? { start: root.start, end: root.start };
  if (service && service.value.kind !== "map") return root;
  const below = service?.value.kind === "map" ? service.value : emptyMap(key);
  const entries = new Map(below.entries);
  for (const { override, key: name, flag } of given) {
    entries.set(name, flagEntry(overrides[override] ?? "", flag, entries.get(name), key));
  }
  return { ...root, entries: new Map(root.entries).set("service", { key, value: { ...below, entries } }) };
}

function flagEntry(
  value: string,
  flag: string,
  replaced: YamlEntry | undefined,
  serviceKey: YamlEntry["key"],
): YamlEntry {
  const { start, end } = replaced?.value ?? serviceKey;
  const scalar: YamlScalar = {
    kind: "scalar",
    start,
    end,
    value,
    text: value,
    style: "plain",
    origin: { flag },
  };
  return { key: replaced?.key ?? serviceKey, value: scalar };
}

function emptyMap({ start, end }: YamlEntry["key"]): YamlMap {
  return { kind: "map", start, end, entries: new Map() };
}
