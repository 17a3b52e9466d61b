export const environmentNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const environmentNameRule = "letters, digits, - . _";
