/** The accounts behind the backends: there, called by the right name, open to the service, and with the role for its identity. */
import { roleName, serviceIdentity } from "../compile/roles.ts";
import { addressNumber } from "../gateway/policies/ip-filter.ts";
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { signsIn } from "../lint/signs-in.ts";
import { lastSegment, listMember, objectMember, stringMember } from "../model/kind-definition.ts";
import type { WantedAccount } from "../model/resource.ts";
import { assignmentCommand, hasRole } from "../roles/find-roles.ts";
import { findIdentity, identityTitle } from "../roles/service-identity.ts";
import type { DoctorFinding } from "./finding.ts";
import { isSeen, unchecked } from "./finding.ts";
import type { AccountSeen, DoctorSpec, Observations } from "./observations.ts";
import { approvedEndpoints } from "./service.ts";

/** Whether each is there, and is what its backends call. */
export function checkAccounts({ accounts, spec }: Observations): DoctorFinding[] {
  return accounts.flatMap(({ account, body }): DoctorFinding[] => {
    const { scope, at } = account;
    const about = { check: "account", subject: lastSegment(scope), at } as const;
    if (!isSeen(body)) return [{ ...unchecked("account", about.subject, "it", body.failure), at }];
    if (body.value === undefined)
      return [
        {
          ...about,
          status: "error",
          message: `there is no account ${scope}`,
          remedy: 'az cognitiveservices account list --query "[].id" -o tsv',
        },
      ];
    const properties = objectMember(body.value, "properties") ?? {};
    const state = stringMember(properties, "provisioningState") ?? "Succeeded";
    if (state !== "Succeeded")
      return [
        {
          ...about,
          status: "warning",
          message: `it is in the state ${state}`,
          remedy: "wait until it is Succeeded",
        },
      ];
    const others = spec === undefined ? [] : otherHosts(account, properties, spec);
    if (others.length > 0)
      return others.map(({ backend, host, hosts }) => ({
        ...about,
        status: "warning",
        message: `backend \`${backend}\` calls ${host}, and this account answers at ${hosts.join(", ")}`,
        remedy: "correct `account` or `url`",
      }));
    return [{ ...about, status: "ok", message: `it is there, for ${account.backends.join(", ")}` }];
  });
}

function otherHosts(
  { backends }: WantedAccount,
  properties: JsonObject,
  { parsed }: DoctorSpec,
): { backend: string; host: string; hosts: string[] }[] {
  const named = Object.values(objectMember(properties, "endpoints") ?? {});
  const urls = [properties["endpoint"], ...named].flatMap((url) =>
    typeof url === "string" && URL.canParse(url) ? new URL(url) : [],
  );
  const hosts = [...new Set(urls.map(({ hostname }) => hostname.toLowerCase()))];
  return backends.flatMap((backend) => {
    const url = parsed.spec.backends?.[backend]?.url ?? "";
    const host = URL.canParse(url) ? new URL(url).hostname.toLowerCase() : "";
    // One custom subdomain stands before several domains.
    const isKnown = hosts.some((other) => other.split(".")[0] === host.split(".")[0]);
    const isAzure = /\.(azure|microsoft)\.(com|us|cn)$/.test(host);
    return hosts.length === 0 || isKnown || !isAzure ? [] : [{ backend, host, hosts }];
  });
}

/** Whether the identity has the role on each. */
export function checkRoles(observations: Observations, body: JsonObject): DoctorFinding[] {
  const { accounts, spec, service, roleId } = observations;
  if (spec === undefined || accounts.length === 0) return [];
  const wanted = serviceIdentity(spec.parsed.spec);
  const identity = findIdentity(body, wanted, service);
  const role = roleName(spec.parsed.spec);
  return accounts.flatMap(({ account, roles, body: itself }): DoctorFinding[] => {
    const about = { check: "role", subject: lastSegment(account.scope), at: account.at } as const;
    if (isSeen(itself) && itself.value === undefined) return [];
    if (identity.principalId === undefined) {
      const message = `the role ${role} could not be checked: ${identity.message}`;
      return [{ ...about, status: "unknown", message }];
    }
    if (roleId === undefined || roles === undefined)
      return [{ ...about, status: "unknown", message: "not checked: the spec says `roles: ignore`" }];
    if (!isSeen(roleId))
      return [{ ...unchecked("role", about.subject, "its roles", roleId.failure), at: account.at }];
    const { found } = roles;
    if (!isFound(found)) return [{ ...unchecked("role", about.subject, "its roles", found), at: account.at }];
    const who = `the ${identityTitle(wanted)} of ${service.name}`;
    if (hasRole(found, roleId.value))
      return [{ ...about, status: "ok", message: `${who} has the role ${role}` }];
    return [
      {
        ...about,
        status: signsIn(spec.model) ? "error" : "warning",
        message: `${who} lacks the role ${role}: calls to the account are refused`,
        remedy: `\`roles: manage\`, or: ${assignmentCommand(account.scope, { principalId: identity.principalId, role })}`,
      },
    ];
  });
}

function isFound(
  found: NonNullable<AccountSeen["roles"]>["found"],
): found is Extract<typeof found, readonly unknown[]> {
  return Array.isArray(found);
}

/** Whether the service can reach each, by what ARM says; how names resolve in a virtual network cannot be seen from here. */
export function checkAccountNetworks({ accounts, service }: Observations, body: JsonObject): DoctorFinding[] {
  const own = objectMember(body, "properties") ?? {};
  const isInNetwork = (stringMember(own, "virtualNetworkType") ?? "None") !== "None";
  const addresses = listMember(own, "publicIPAddresses").filter((address) => typeof address === "string");
  return accounts.flatMap(({ account, body: seen }): DoctorFinding[] => {
    const found = isSeen(seen) ? seen.value : undefined;
    if (found === undefined) return [];
    const about = { check: "network", subject: lastSegment(account.scope), at: account.at } as const;
    const properties = objectMember(found, "properties") ?? {};
    if (stringMember(properties, "publicNetworkAccess") === "Disabled")
      return [{ ...about, ...privateOnly(properties, isInNetwork, service.name, account.scope) }];
    const rules = objectMember(properties, "networkAcls") ?? {};
    if (stringMember(rules, "defaultAction") !== "Deny")
      return [{ ...about, status: "ok", message: "it is open to every network" }];
    return [{ ...about, ...listedOnly(rules, addresses, isInNetwork, service.name, account.scope) }];
  });
}

type Said = Pick<DoctorFinding, "status" | "message" | "remedy">;

function privateOnly(properties: JsonObject, isInNetwork: boolean, service: string, scope: string): Said {
  if (!isInNetwork)
    return {
      status: "error",
      message: `public access is disabled, and ${service} is in no virtual network: it cannot reach the account`,
      remedy: `put ${service} into a virtual network that has a private endpoint of the account, or: az resource update --ids ${scope} --set properties.publicNetworkAccess=Enabled`,
    };
  if (approvedEndpoints(properties) === 0)
    return {
      status: "error",
      message: "public access is disabled and no private endpoint is approved: nobody reaches it",
      remedy: `approve one (az network private-endpoint-connection list --id ${scope})`,
    };
  return {
    status: "ok",
    message:
      "it is reached at its private endpoint only; its name must resolve to that in the service's network",
  };
}

function listedOnly(
  rules: JsonObject,
  addresses: readonly string[],
  isInNetwork: boolean,
  service: string,
  scope: string,
): Said {
  const networks = listMember(rules, "virtualNetworkRules").length;
  const allowed = listMember(rules, "ipRules").flatMap((rule) =>
    isJsonObject(rule) ? (stringMember(rule, "value") ?? []) : [],
  );
  const missing = addresses.filter((address) => !isAllowed(address, allowed));
  if (addresses.length > 0 && missing.length === 0)
    return { status: "ok", message: `it lets in the addresses of ${service}: ${addresses.join(", ")}` };
  if (isInNetwork && networks > 0)
    return {
      status: "unknown",
      message: `it lets in ${networks} subnets; whether that of ${service} is among them could not be checked`,
    };
  const [, , , , group = "", , , , name = ""] = scope.split("/");
  const address = missing[0] ?? "ADDRESS";
  return {
    status: "warning",
    message: `it lets in listed networks only, and ${missing.length === 0 ? `the addresses of ${service} are not known` : `not ${missing.join(", ")}, from where ${service} calls`}`,
    remedy: `az cognitiveservices account network-rule add --name ${name} --resource-group ${group} --ip-address ${address}`,
  };
}

/** Whether an address is one of those, or in one of those ranges. */
function isAllowed(address: string, allowed: readonly string[]): boolean {
  const wanted = addressNumber(address);
  return allowed.some((rule) => {
    const [network = "", bits = "32"] = rule.split("/");
    const first = addressNumber(network);
    if (wanted === undefined || first === undefined || !/^(?:[12]?\d|3[0-2])$/.test(bits)) return false;
    const rest = BigInt(32 - Number(bits));
    return wanted >> rest === first >> rest;
  });
}
