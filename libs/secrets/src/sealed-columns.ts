/** A column of text whose values are sealed, or null. */
export interface SealedColumn {
  readonly table: string;
  /** Primary key of the table. */
  readonly key: readonly string[];
  readonly column: string;
  /** What the values were sealed for. */
  readonly purpose: string;
}

/** Every sealed column; `npm run secrets:rotate` goes through them. Whoever adds one adds a line. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'connection', key: ['id'], column: 'access_token_encrypted', purpose: 'connection.access-token' },
  { table: 'connection', key: ['id'], column: 'refresh_token_encrypted', purpose: 'connection.refresh-token' },
  {
    table: 'provider_settings',
    key: ['provider'],
    column: 'webhook_secret_encrypted',
    purpose: 'provider-settings.webhook-secret',
  },
  {
    table: 'oauth_state',
    key: ['state_hash'],
    column: 'code_verifier_encrypted',
    purpose: 'oauth-state.code-verifier',
  },
  { table: 'webhook_secret', key: ['endpoint_id', 'id'], column: 'sealed', purpose: 'webhook-secret.sealed' },
];
