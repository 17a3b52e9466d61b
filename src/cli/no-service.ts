/** For commands that run the compiled gateway and have no options for a service. */
export const noService = {
  subscription: undefined,
  resourceGroup: undefined,
  service: undefined,
  workspace: undefined,
};
