/** Who is signed in, as far as the access token tells (learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
import type { JsonObject } from "../json.ts";
import { numberMember, stringMember } from "../model/kind-definition.ts";
import type { SignIn } from "../ports.ts";
import type { DoctorFinding, Seen } from "./finding.ts";
import { isSeen } from "./finding.ts";

/** Microsoft's own programs, by the ids of their applications. */
const programs: Readonly<Record<string, string>> = {
  "04b07795-8ddb-461a-bbee-02f9e1bf7b46": "the Azure CLI",
  "1950a258-227b-4e31-a9cf-717495945fc2": "Azure PowerShell",
  "aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
};

const soonSeconds = 600;

export function checkSignIn(seen: Seen<SignIn>, now: Date): DoctorFinding[] {
  const about = { check: "sign-in", subject: "Azure" } as const;
  if (!isSeen(seen)) {
    const { message, why, remedy } = seen.failure;
    const said = why === undefined ? message : `${message}: ${why}`;
    return [{ ...about, status: "error", message: said, ...(remedy === undefined ? {} : { remedy }) }];
  }
  const { via, claims } = seen.value;
  if (via === "local") return [{ ...about, status: "ok", message: "none is needed on this machine" }];
  const given = via === "token" ? " with APIMGW_ACCESS_TOKEN" : "";
  if (claims === undefined)
    return [{ ...about, status: "ok", message: `signed in${given}; the token does not say as whom` }];
  return [
    {
      ...about,
      status: "ok",
      message: `signed in${given} as ${describeCaller(claims)}${describeTenant(claims)}`,
    },
    ...(via === "token" ? expiry(claims, now) : []),
  ];
}

/** `jo@contoso.com (the Azure CLI)`, `the application 1111…`. */
function describeCaller(claims: JsonObject): string {
  const user =
    stringMember(claims, "upn") ??
    stringMember(claims, "unique_name") ??
    stringMember(claims, "preferred_username");
  const program = programs[stringMember(claims, "appid") ?? stringMember(claims, "azp") ?? ""];
  if (user !== undefined) return program === undefined ? user : `${user} (${program})`;
  const id =
    stringMember(claims, "appid") ?? stringMember(claims, "azp") ?? stringMember(claims, "oid") ?? "somebody";
  if (claims["xms_mirid"] !== undefined) return `the managed identity ${id}`;
  return stringMember(claims, "idtyp") === "app" ? `the application ${id}` : id;
}

function describeTenant(claims: JsonObject): string {
  const tenant = stringMember(claims, "tid");
  return tenant === undefined ? "" : `, tenant ${tenant}`;
}

/** A given token is not renewed. */
function expiry(claims: JsonObject, now: Date): DoctorFinding[] {
  const expires = numberMember(claims, "exp");
  if (expires === undefined) return [];
  const left = expires - now.getTime() / 1000;
  if (left > soonSeconds) return [];
  const remedy = "az account get-access-token --query accessToken -o tsv";
  const about = { check: "sign-in", subject: "APIMGW_ACCESS_TOKEN", remedy } as const;
  return left <= 0
    ? [{ ...about, status: "error", message: "the token has expired" }]
    : [{ ...about, status: "warning", message: `the token ends in ${Math.ceil(left / 60)} minutes` }];
}
