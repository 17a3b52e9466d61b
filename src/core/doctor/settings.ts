/** What stands in the service and depends on something outside: secrets in a Key Vault, loggers, custom metrics. */
import { serviceIdentity } from "../compile/roles.ts";
import type { JsonObject } from "../json.ts";
import { lastSegment, namedValuesIn, objectMember, stringMember } from "../model/kind-definition.ts";
import type { LiveResource } from "../ports.ts";
import { walkElements } from "../policy/walk.ts";
import { findIdentity } from "../roles/service-identity.ts";
import type { DoctorFinding } from "./finding.ts";
import { isSeen, seenValue, unchecked } from "./finding.ts";
import type { DoctorSpec, Observations } from "./observations.ts";

/** Named values whose secret the service could not fetch when it last tried. */
export function checkKeyVaults(observations: Observations, body: JsonObject): DoctorFinding[] {
  const { namedValues, service } = observations;
  if (!isSeen(namedValues))
    return [unchecked("key-vault", service.name, "named values", namedValues.failure)];
  return namedValues.value.flatMap(({ path, body: { properties } }): DoctorFinding[] => {
    const subject = lastSegment(path);
    const keyVault = objectMember({ properties: properties ?? null }, "properties");
    const reference = keyVault === undefined ? undefined : objectMember(keyVault, "keyVault");
    if (reference === undefined) return [];
    const about = { check: "key-vault", subject, ...placeOf(observations.spec, path) } as const;
    const last = objectMember(reference, "lastStatus");
    if (last === undefined)
      return [
        { ...about, status: "unknown", message: "the service has not said yet whether it gets the secret" },
      ];
    const code = stringMember(last, "code") ?? "";
    if (/^success$/i.test(code)) return [{ ...about, status: "ok", message: "the service gets its secret" }];
    const said = stringMember(last, "message") ?? code;
    const message = `the service could not fetch its secret: ${said}`;
    return [{ ...about, status: "error", message, remedy: vaultRemedy(observations, body, reference) }];
  });
}

function vaultRemedy({ service, spec }: Observations, body: JsonObject, reference: JsonObject): string {
  const clientId = stringMember(reference, "identityClientId");
  const wanted =
    clientId === undefined
      ? spec === undefined
        ? ({ type: "system" } as const)
        : serviceIdentity({ ...spec.parsed.spec, identity: "system" })
      : ({ type: "user", clientId } as const);
  const identity = findIdentity(body, wanted, service);
  if (identity.principalId === undefined) return identity.remedy;
  const secret = stringMember(reference, "secretIdentifier") ?? "";
  const vault = URL.canParse(secret) ? (new URL(secret).hostname.split(".")[0] ?? "") : "VAULT";
  return (
    `check that the secret is there, and: az role assignment create --assignee-object-id ${identity.principalId} ` +
    `--assignee-principal-type ServicePrincipal --role "Key Vault Secrets User" --scope $(az keyvault show --name ${vault} --query id -o tsv)`
  );
}

/** Where the spec makes it. */
function placeOf(spec: DoctorSpec | undefined, path: string): Pick<DoctorFinding, "at"> {
  const resource = spec?.model.resources.find((each) => each.path.toLowerCase() === path.toLowerCase());
  return resource === undefined ? {} : { at: resource.origin };
}

/** Whether what a logger signs in with is on the service. Whether its messages arrive, the service does not say. */
export function checkLoggers(observations: Observations, body: JsonObject): DoctorFinding[] {
  const { loggers, namedValues, service, spec } = observations;
  if (!isSeen(loggers)) return [unchecked("logger", service.name, "loggers", loggers.failure)];
  const known = new Set(
    (seenValue(namedValues) ?? []).map(
      ({ path, body: live }) =>
        stringMember(objectMember(live, "properties") ?? {}, "displayName") ?? lastSegment(path),
    ),
  );
  return loggers.value.map(({ path, body: live }): DoctorFinding => {
    const properties = objectMember(live, "properties") ?? {};
    const about = { check: "logger", subject: lastSegment(path), ...placeOf(spec, path) } as const;
    const type = stringMember(properties, "loggerType") ?? "logger";
    const credentials = objectMember(properties, "credentials") ?? {};
    const missing = isSeen(namedValues) ? namedValuesIn(credentials).filter((name) => !known.has(name)) : [];
    if (missing.length > 0)
      return {
        ...about,
        status: "error",
        message: `its credentials are in the named value \`${missing.join("`, `")}\`, which is not on the service`,
        remedy: "apply the logger again, with its credentials",
      };
    const clientId = stringMember(credentials, "identityClientId");
    const identity = clientId === undefined ? undefined : loggerIdentity(observations, body, clientId);
    if (identity !== undefined && identity.principalId === undefined)
      return {
        ...about,
        status: "error",
        message: `it signs in with an identity, and ${identity.message}`,
        remedy: identity.remedy,
      };
    if (type === "applicationInsights" && Object.keys(credentials).length === 0)
      return {
        ...about,
        status: "error",
        message: "it has no connection string",
        remedy: "give `connectionString`",
      };
    return {
      ...about,
      status: "ok",
      message: `${type}; whether its messages arrive, the service does not say`,
    };
  });
}

function loggerIdentity(
  { service }: Observations,
  body: JsonObject,
  clientId: string,
): ReturnType<typeof findIdentity> {
  const wanted = /^SystemAssigned$/i.test(clientId)
    ? ({ type: "system" } as const)
    : ({ type: "user", clientId } as const);
  return findIdentity(body, wanted, service);
}

const metricPolicies: readonly string[] = [
  "emit-metric",
  "llm-emit-token-metric",
  "azure-openai-emit-token-metric",
];

/**
 * Metrics that policies emit go to Application Insights only through a diagnostic with `metrics: true`
 * (learn.microsoft.com/azure/api-management/emit-metric-policy).
 */
export function checkMetrics({ spec, diagnostics, service }: Observations): DoctorFinding[] {
  const emitters = spec === undefined ? [] : metricEmitters(spec);
  if (emitters.length === 0) return [];
  if (!isSeen(diagnostics)) return [unchecked("metrics", service.name, "diagnostics", diagnostics.failure)];
  const on = diagnostics.value.filter(sendsMetrics).map(({ path }) => path.toLowerCase());
  return emitters.map(({ id, path, policy }): DoctorFinding => {
    const api = /^apis\/[^/]+/i.exec(path)?.[0].toLowerCase();
    const isOn = on.some(
      (each) => each.startsWith("diagnostics/") || (api !== undefined && each.startsWith(`${api}/`)),
    );
    const about = { check: "metrics", subject: id, ...placeOf(spec, path) } as const;
    return isOn
      ? { ...about, status: "ok", message: `\`${policy}\` has a diagnostic that takes metrics` }
      : {
          ...about,
          status: "warning",
          message: `\`${policy}\` emits metrics, and no diagnostic of Application Insights takes them: they are lost`,
          remedy:
            "set `metrics: true` on the Application Insights diagnostic of the API or of all APIs " +
            "(portal: Settings, Diagnostic settings, Application Insights, Support custom metrics), and Custom metrics on the Application Insights resource",
        };
  });
}

function metricEmitters({ model }: DoctorSpec): { id: string; path: string; policy: string }[] {
  return model.resources.flatMap(({ id, path, document }) => {
    const found = new Set<string>();
    walkElements(document === undefined ? [] : [document.root], ({ name }) => {
      if (metricPolicies.includes(name)) found.add(name);
    });
    return [...found].sort().map((policy) => ({ id, path, policy }));
  });
}

function sendsMetrics({ path, body }: LiveResource): boolean {
  const properties = objectMember(body, "properties") ?? {};
  return lastSegment(path).toLowerCase() === "applicationinsights" && properties["metrics"] === true;
}
