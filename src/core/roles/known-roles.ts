/** Built-in roles that let an identity call an account (learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning). */

export const defaultRole = "Cognitive Services OpenAI User";

type KnownRole = {
  readonly name: string;
  readonly id: string;
  /** Roles that can all that this one can. */
  readonly alsoBy: readonly string[];
};

const openAiContributor = "a001fd3d-188f-4b5d-821b-7da978bf7442";
const cognitiveServicesUser = "a97b65f3-24c7-4388-baec-2e87135dc908";

const knownRoles: readonly KnownRole[] = [
  {
    name: defaultRole,
    id: "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    // Their data actions are accounts/OpenAI/* and all of Microsoft.CognitiveServices.
    alsoBy: [openAiContributor, cognitiveServicesUser],
  },
  { name: "Cognitive Services OpenAI Contributor", id: openAiContributor, alsoBy: [cognitiveServicesUser] },
  { name: "Cognitive Services User", id: cognitiveServicesUser, alsoBy: [] },
  { name: "Azure AI User", id: "53ca6127-db72-4b80-b1b0-d745d6d5456d", alsoBy: [] },
  { name: "Azure AI Developer", id: "64702f94-c441-49e6-a78b-ef80e0188fee", alsoBy: [] },
];

/** GUID of a role that needs no look-up: a known name, in any case, or a GUID. Undefined: Azure must be asked. */
export function knownRoleId(role: string): string | undefined {
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(role);
  if (isGuid) return role.toLowerCase();
  return knownRoles.find(({ name }) => name.toLowerCase() === role.toLowerCase())?.id;
}

/** GUIDs of the roles that do for this one, itself among them. */
export function sufficientRoleIds(roleId: string): readonly string[] {
  return [roleId, ...(knownRoles.find(({ id }) => id === roleId)?.alsoBy ?? [])];
}

export const knownRoleNames: readonly string[] = knownRoles.map(({ name }) => name);
