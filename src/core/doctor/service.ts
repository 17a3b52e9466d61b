/** The service itself: there, ready, of the right tier, with an identity, and reachable. */
import { rolesMode, serviceIdentity } from "../compile/roles.ts";
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { signsIn } from "../lint/signs-in.ts";
import { listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import { findIdentity, identityTitle } from "../roles/service-identity.ts";
import { pointer } from "../spec/source.ts";
import type { DoctorFinding } from "./finding.ts";
import { isSeen } from "./finding.ts";
import type { Observations } from "./observations.ts";

/** Rules of lint whose answer depends on the tier. */
const tierRules: readonly string[] = [
  "sku-circuit-breaker",
  "policy-not-on-tier",
  "event-stream-on-consumption",
  "dapr-form-misplaced",
  "document-too-large",
  "policy-too-large",
];

/** Whether the service answers and takes writes. */
export function checkService({ service, itself }: Observations): DoctorFinding[] {
  const about = { check: "service", subject: service.name } as const;
  if (!isSeen(itself)) {
    const { message, why, remedy } = itself.failure;
    const said = why === undefined ? message : `${message}: ${why}`;
    return [{ ...about, status: "error", message: said, ...(remedy === undefined ? {} : { remedy }) }];
  }
  if (itself.value === undefined)
    return [
      {
        ...about,
        status: "error",
        message: `there is no such service in the resource group ${service.resourceGroup}`,
        remedy: `az apim list --subscription ${service.subscriptionId} -o table`,
      },
    ];
  const properties = objectMember(itself.value, "properties") ?? {};
  const state = stringMember(properties, "provisioningState") ?? "";
  if (state !== "Succeeded" && state !== "")
    return [
      {
        ...about,
        status: "error",
        message: `it is in the state ${state}, and refuses writes while it is`,
        remedy: `wait until this says Succeeded: az apim show --name ${service.name} --resource-group ${service.resourceGroup} --query provisioningState`,
      },
    ];
  const place = stringMember(itself.value, "location");
  return [
    {
      ...about,
      status: "ok",
      message: `it answers and is ready${place === undefined ? "" : `, in ${place}`}`,
    },
  ];
}

/** Whether the workspace is there, which apimgw does not make. */
export function checkWorkspace({ service, workspace }: Observations): DoctorFinding[] {
  if (workspace === undefined) return [];
  const about = { check: "workspace", subject: service.workspace ?? "" } as const;
  if (isSeen(workspace)) return [{ ...about, status: "ok", message: "it is there" }];
  const { message, remedy } = workspace.failure;
  return [{ ...about, status: "error", message, ...(remedy === undefined ? {} : { remedy }) }];
}

/** Whether the tier is the one that the spec was checked for, and can do what the spec asks. */
export function checkTier({ service, spec, onTier }: Observations, body: JsonObject): DoctorFinding[] {
  const tier = stringMember(objectMember(body, "sku") ?? {}, "name");
  const about = { check: "tier", subject: service.name } as const;
  if (tier === undefined)
    return [{ ...about, status: "unknown", message: "the service does not say its tier" }];
  const wrong = onTier
    .filter(({ rule }) => tierRules.includes(rule))
    .map((problem): DoctorFinding => {
      const status = problem.severity === "error" ? "error" : "warning";
      const { message, at, help } = problem;
      return {
        ...about,
        status,
        message: `${tier}: ${message}`,
        at,
        ...(help === undefined ? {} : { remedy: help }),
      };
    });
  const said = spec?.parsed.spec.service.sku;
  if (spec !== undefined && said !== undefined && said !== tier)
    wrong.unshift({
      ...about,
      status: "warning",
      message: `the service is of the tier ${tier}, the spec says ${said}: lint judges by the wrong one`,
      remedy: `sku: ${tier}`,
      at: spec.parsed.source.locate(pointer("service", "sku")),
    });
  if (wrong.length > 0) return wrong;
  const enough = spec === undefined ? "" : ", which has what the spec asks for";
  return [{ ...about, status: "ok", message: `${tier}${enough}` }];
}

export function checkIdentity({ service, spec }: Observations, body: JsonObject): DoctorFinding[] {
  const about = { check: "identity", subject: service.name } as const;
  const wanted = spec === undefined ? ({ type: "system" } as const) : serviceIdentity(spec.parsed.spec);
  const found = findIdentity(body, wanted, service);
  if (found.principalId !== undefined)
    return [
      { ...about, status: "ok", message: `it has the ${identityTitle(wanted)} (${found.principalId})` },
    ];
  const users = Object.keys(
    objectMember(objectMember(body, "identity") ?? {}, "userAssignedIdentities") ?? {},
  );
  if (spec === undefined && users.length > 0)
    return [{ ...about, status: "ok", message: `it has user-assigned identities: ${users.join(", ")}` }];
  const isNeeded = spec !== undefined && (signsIn(spec.model) || rolesMode(spec.parsed.spec) === "manage");
  const { message, remedy } = found;
  return [{ ...about, status: isNeeded ? "error" : "warning", message, remedy }];
}

/** Whether callers can come in. */
export function checkServiceNetwork({ service }: Observations, body: JsonObject): DoctorFinding[] {
  const properties = objectMember(body, "properties") ?? {};
  const about = { check: "network", subject: service.name } as const;
  const type = stringMember(properties, "virtualNetworkType") ?? "None";
  if (type === "Internal")
    return [{ ...about, status: "ok", message: "callers reach it from its virtual network only (Internal)" }];
  if (stringMember(properties, "publicNetworkAccess") !== "Disabled")
    return [{ ...about, status: "ok", message: "callers reach it at its public name" }];
  const endpoints = approvedEndpoints(properties);
  return endpoints > 0
    ? [
        {
          ...about,
          status: "ok",
          message:
            "callers reach it at its private endpoint only; its public name must resolve to that for them",
        },
      ]
    : [
        {
          ...about,
          status: "error",
          message: "public access is disabled and no private endpoint is approved: nobody reaches it",
          remedy: `approve a private endpoint, or: az apim update --name ${service.name} --resource-group ${service.resourceGroup} --public-network-access true`,
        },
      ];
}

/** How many of a resource's private endpoints are in use. */
export function approvedEndpoints(properties: JsonObject): number {
  return listMember(properties, "privateEndpointConnections").filter((connection) => {
    const inner = isJsonObject(connection) ? (objectMember(connection, "properties") ?? {}) : {};
    const state = objectMember(inner, "privateLinkServiceConnectionState") ?? {};
    return stringMember(state, "status") === "Approved";
  }).length;
}
