/**
 * What the service can be asked about a gateway without any effect: whether it takes writes at all just now, whether it knows the
 * policies that the documents use, and whether it reaches the Key Vaults behind named values. There is no way to have it look at a
 * document without storing it (wished for in Azure/apiops-cli#147).
 */
import { locateIn } from "../core/compile/hand-written.ts";
import { ServiceFailure } from "../core/failure.ts";
import type { Location } from "../core/location.ts";
import { objectMember, stringMember } from "../core/model/kind-definition.ts";
import type { Resource } from "../core/model/resource.ts";
import { nearestName } from "../core/nearest-name.ts";
import { policyOf } from "../core/policy/catalogue/catalogue.ts";
import type { PolicyElement } from "../core/policy/tree.ts";
import { walkElements } from "../core/policy/walk.ts";
import type { LiveResource, LiveService } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { pointer } from "../core/spec/source.ts";
import type { SoundGateway } from "./load-gateway.ts";

/** What the service says, with places in the spec; and what it cannot be asked. Throws ServiceFailure. */
export type ServerVerdict = { readonly problems: readonly Problem[]; readonly unasked: readonly string[] };

export async function validateOnService(service: LiveService, gateway: SoundGateway): Promise<ServerVerdict> {
  const [itself, policies, namedValues] = await Promise.all([
    ask(() => service.get("")),
    ask(() => service.list("policyDescriptions")),
    ask(() => service.list("namedValues")),
  ]);
  const known = new Set((policies ?? []).map(({ path }) => path.slice(path.lastIndexOf("/") + 1)));
  // A list without the most common policy of all is no list of what the service knows.
  const knowsPolicies = known.has("forward-request");
  const problems = [
    ...busy(itself, gateway),
    ...(knowsPolicies ? unknownPolicies(known, gateway) : []),
    ...unresolvedSecrets(namedValues ?? [], gateway),
  ];
  return {
    problems: problems.sort(compareProblems),
    unasked: [
      ...(itself === undefined ? ["whether it takes writes just now"] : []),
      ...(knowsPolicies ? [] : ["which policies it knows"]),
    ],
  };
}

/** Undefined where the service, or the role of who asks, does not have it. */
async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof ServiceFailure && [400, 403, 404, 405, 501].includes(error.status ?? 0))
      return undefined;
    throw error;
  }
}

function busy(service: LiveResource | undefined, { parsed: { source } }: SoundGateway): Problem[] {
  const properties = objectMember(service?.body ?? {}, "properties") ?? {};
  const state = stringMember(properties, "provisioningState");
  if (state === undefined || state === "Succeeded") return [];
  return [
    {
      rule: "service-not-ready",
      severity: "error",
      message: `the service is in the state ${state}, and refuses writes while it is`,
      at: source.locateKey(pointer("service")),
      help: "wait until it is Succeeded (az apim show --query provisioningState)",
    },
  ];
}

function unknownPolicies(known: ReadonlySet<string>, gateway: SoundGateway): Problem[] {
  return gateway.model.resources.flatMap((resource) => {
    const problems: Problem[] = [];
    if (resource.document === undefined) return problems;
    walkElements(resource.document.root, (element) => {
      if (policyOf(element.name) === undefined || known.has(element.name)) return;
      const nearest = nearestName(element.name, known);
      problems.push({
        rule: "policy-not-on-service",
        severity: "error",
        message: `this service does not know the policy \`${element.name}\``,
        at: placeOf(element, resource, gateway),
        help: nearest === undefined ? "its tier or region lacks it" : `did you mean \`${nearest}\`?`,
      });
    });
    return problems;
  });
}

function placeOf(element: PolicyElement, { origin }: Resource, gateway: SoundGateway): Location {
  const text = gateway.handWritten.get(element);
  const { nameRange } = element;
  return text === undefined || nameRange === undefined
    ? origin
    : locateIn(text, gateway.parsed.source, nameRange);
}

/** Named values of the spec whose secret the service could not fetch when it last tried. */
function unresolvedSecrets(live: readonly LiveResource[], { model }: SoundGateway): Problem[] {
  const byPath = new Map(live.map((resource) => [resource.path.toLowerCase(), resource]));
  return model.resources.flatMap(({ kind, id, path, origin }): Problem[] => {
    const found = kind === "namedValue" ? byPath.get(path.toLowerCase()) : undefined;
    const properties = objectMember(found?.body ?? {}, "properties") ?? {};
    const status = objectMember(objectMember(properties, "keyVault") ?? {}, "lastStatus") ?? {};
    const code = stringMember(status, "code");
    if (code === undefined || /^success$/i.test(code)) return [];
    const message = stringMember(status, "message") ?? code;
    return [
      {
        rule: "key-vault-unresolved",
        severity: "warning",
        message: `the service could not fetch the secret of named value \`${id}\`: ${message}`,
        at: origin,
        help: "give the service's identity the role Key Vault Secrets User on the vault",
      },
    ];
  });
}
