/** What signing secrets are sealed for; see `SEALED_COLUMNS`. */
export const SECRET_PURPOSE = 'webhook-secret.sealed';
