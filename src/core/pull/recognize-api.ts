/** Live documents of an API and its operations → the settings of the API in the spec that say most of them. */
import { apiDocument } from "../compile/policies.ts";
import type { Inheritance, SectionNodes } from "../compile/policies.ts";
import { samePolicy } from "../policy/canonical.ts";
import { attributeValue, childElement, elementText } from "../policy/tree.ts";
import type { PolicyDocument, PolicyElement } from "../policy/tree.ts";
import { walkElements } from "../policy/walk.ts";
import type { ApiSpec } from "../spec/schema.ts";
import { recognizeDenial } from "./recognize-denial.ts";
import {
  afterBase,
  handWrittenSize,
  recognizeOperation,
  section,
  withoutCallSettings,
} from "./recognize-operation.ts";
import type { PolicyParts, RecognizedOperation } from "./recognize-operation.ts";

/** The documents of an API; operations without one of their own are not among them. */
export type ApiDocuments = {
  readonly document?: PolicyDocument;
  readonly operations: readonly { readonly id: string; readonly document: PolicyDocument }[];
  /** Of the user-assigned identity that the spec names for all of its APIs. */
  readonly clientId?: string | undefined;
};

export type RecognizedApi = {
  /** `unlisted`, `deny`, `inheritance`, `managedIdentity`, `apiVersion`. */
  readonly settings: ApiSettings;
  /** False: the API has no document, or not one that the spec can hold. */
  readonly parts: PolicyParts | false;
  readonly operations: readonly RecognizedOperation[];
};

type CallSettings = Pick<ApiSpec, "managedIdentity" | "apiVersion">;

type ApiSettings = CallSettings &
  Pick<ApiSpec, "unlisted" | "deny"> & {
    readonly inheritance: Inheritance;
  };

/** Documents that must be taken as they are, since their readings did not hold. */
export type Verbatim = { readonly api: boolean; readonly operation: (id: string) => boolean };

/**
 * Of all settings that fit the API's own document, those that leave the least for policy files. Exact, as for operations.
 */
export function recognizeApi(documents: ApiDocuments, verbatim: Verbatim): RecognizedApi {
  const ids = Object.fromEntries(documents.operations.map(({ id }) => [id, {}]));
  const settings = inheritances.flatMap((inheritance) =>
    callSettingsIn(documents).flatMap((call) => readings(documents, { inheritance, ...call }, ids, verbatim)),
  );
  const read = settings.map((reading) => withOperations(reading, documents, verbatim));
  const [first, ...others] = read;
  if (first === undefined) throw new Error("an API can always be read with its document as it is");
  return others.reduce((best, each) => (sizeOf(each) < sizeOf(best) ? each : best), first);
}

const inheritances: readonly Inheritance[] = ["replace", "keep"];

type Reading = Omit<RecognizedApi, "operations">;

/** What the API's own document may be under these settings. */
function readings(
  { document, clientId }: ApiDocuments,
  shared: CallSettings & Pick<ApiSettings, "inheritance">,
  operations: NonNullable<ApiSpec["operations"]>,
  verbatim: Verbatim,
): Reading[] {
  const allowing = { ...shared, unlisted: "allow" as const };
  if (document === undefined) return [{ settings: allowing, parts: false }];
  const whole: Reading = { settings: allowing, parts: { sections: {}, document } };
  if (verbatim.api) return [whole];
  const inbound = childElement(document.root, "inbound")?.children ?? [];
  const denial = recognizeDenial(inbound);
  const guesses = [
    ...(denial === undefined || denial.inheritance !== shared.inheritance
      ? []
      : [{ settings: { ...shared, unlisted: "deny" as const, deny: denial.deny }, inbound: denial.rest }]),
    { settings: allowing, inbound: withoutCallSettings(afterBase(inbound), shared, clientId) },
    { settings: allowing, inbound: withoutCallSettings(inbound, shared, clientId) },
  ];
  const right = guesses.flatMap(({ settings, inbound: own }): Reading[] => {
    const sections = { ...sectionsOf(document), ...section("inbound", own) };
    const parts = { api: { ...settings, operations }, handWritten: sections, owner: "x", clientId };
    const compiled = apiDocument({ ...parts, inheritance: settings.inheritance });
    return samePolicy(compiled, document) ? [{ settings, parts: { sections } }] : [];
  });
  return [...right, whole];
}

/** The sections but inbound. */
function sectionsOf({ root }: PolicyDocument): SectionNodes {
  const backend = childElement(root, "backend")?.children ?? [];
  const isInherited = backend.length === 1 && afterBase(backend).length === 0;
  return {
    ...(isInherited ? {} : section("backend", backend)),
    ...section("outbound", afterBase(childElement(root, "outbound")?.children ?? [])),
    ...section("on-error", afterBase(childElement(root, "on-error")?.children ?? [])),
  };
}

/** Every identity with every version that the documents may have been written for; neither among them. */
function callSettingsIn(documents: ApiDocuments): CallSettings[] {
  const versions = commonest(documents, versionOf);
  return commonest(documents, identityOf).flatMap((managedIdentity) =>
    versions.map((version) => ({
      ...(managedIdentity === undefined ? {} : { managedIdentity }),
      ...(version === undefined ? {} : { apiVersion: readVersion(version) }),
    })),
  );
}

function identityOf(element: PolicyElement): string | undefined {
  return element.name === "authentication-managed-identity" ? attributeValue(element, "resource") : undefined;
}

/** `override 2024-10-21` of a `set-query-parameter` as `apiVersion` writes it. */
function versionOf(element: PolicyElement): string | undefined {
  if (element.name !== "set-query-parameter" || attributeValue(element, "name") !== "api-version")
    return undefined;
  const value = childElement(element, "value");
  const action = attributeValue(element, "exists-action") ?? "override";
  const written = value === undefined ? "" : elementText(value).trim();
  const isPlain = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/.test(written);
  return isPlain && (action === "override" || action === "skip") ? `${action} ${written}` : undefined;
}

function readVersion(version: string): NonNullable<ApiSpec["apiVersion"]> {
  const [action, value] = version.split(" ");
  return action === "override" ? { pin: value } : { default: value };
}

/** Undefined, and the two values that most elements give. */
function commonest(
  { document, operations }: ApiDocuments,
  valueOf: (element: PolicyElement) => string | undefined,
): (string | undefined)[] {
  const counts = new Map<string, number>();
  for (const { root } of [
    ...(document === undefined ? [] : [document]),
    ...operations.map((each) => each.document),
  ]) {
    walkElements(root, (element) => {
      const value = valueOf(element);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    });
  }
  const values = [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
  return [undefined, ...values.slice(0, 2)];
}

function withOperations(
  reading: Reading,
  { operations, clientId }: ApiDocuments,
  verbatim: Verbatim,
): RecognizedApi {
  const { settings, parts } = reading;
  // Whether the API's own document is the spec's matters: the token is then got there.
  const policies: ApiSpec["policies"] =
    parts === false ? false : parts.document === undefined ? undefined : { document: "" };
  const context = { api: { ...settings, policies }, inheritance: settings.inheritance, clientId };
  return {
    ...reading,
    operations: operations.map(({ id, document }) =>
      verbatim.operation(id)
        ? { id, spec: {}, parts: { sections: {}, document } }
        : recognizeOperation(id, document, context),
    ),
  };
}

function sizeOf({ parts, operations, settings }: RecognizedApi): number {
  const own = parts === false ? 0 : handWrittenSize(parts);
  // Between equals, the one with fewer settings.
  const tie =
    (settings.managedIdentity === undefined ? 0 : 0.5) + (settings.apiVersion === undefined ? 0 : 0.25);
  return operations.reduce((sum, operation) => sum + handWrittenSize(operation.parts), own + tie);
}
