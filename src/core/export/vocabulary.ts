/** Words that the exported modules share. */

/** The API version that bodies are made for, unless they say what only a newer one knows. */
export const apiVersion = "2024-05-01";

/** The API version of role assignments. */
export const roleApiVersion = "2022-04-01";

/** The parameter that names the service, in ARM and Bicep. */
export const serviceParameter = "apiManagementName";

/** What Bicep calls the service. */
export const serviceSymbol = "service";

/** The variables that say where the service is, in Terraform. */
export const serviceVariables = {
  subscription: "subscription_id",
  resourceGroup: "resource_group_name",
  name: "api_management_name",
} as const;

export const serviceNameDescription = "Name of the API Management service that gets the gateway.";
