import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Scopes of API keys, applications, sessions with their refresh tokens, invitations and password resets. */
export class Identity1764000002000 implements MigrationInterface {
  name = 'Identity1764000002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Keys made before there were scopes may do what they always could.
      ALTER TABLE api_key
        ADD COLUMN scopes text[] NOT NULL
          DEFAULT '{data:read,data:write,users:write,connections:write,webhooks:write}',
        ADD COLUMN expires_at timestamptz(3);

      -- What mints tokens for an integrator's phones. When its owner is deleted, somebody else gets it.
      CREATE TABLE application (
        id uuid PRIMARY KEY,
        app_id varchar(64) NOT NULL UNIQUE,
        secret_hash bytea NOT NULL,
        name varchar(100) NOT NULL,
        developer_id uuid NOT NULL REFERENCES developer,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX application_developer_idx ON application (developer_id);

      -- One login or one pairing: every access and refresh token that came out of it. It ends with whoever it belongs
      -- to and with whoever minted it: kind developer belongs to developer_id, kind sdk to user_id.
      CREATE TABLE token_family (
        id uuid PRIMARY KEY,
        kind varchar(16) NOT NULL CHECK (kind IN ('developer', 'sdk')),
        developer_id uuid REFERENCES developer ON DELETE CASCADE,
        user_id uuid REFERENCES users ON DELETE CASCADE,
        application_id uuid REFERENCES application ON DELETE CASCADE,
        app_id varchar(64),
        expires_at timestamptz(3),
        revoked_at timestamptz(3),
        last_used_at timestamptz(3) NOT NULL DEFAULT now(),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        CHECK (CASE kind WHEN 'developer' THEN developer_id IS NOT NULL AND user_id IS NULL
                         ELSE user_id IS NOT NULL END)
      );
      CREATE INDEX token_family_developer_idx ON token_family (developer_id) WHERE developer_id IS NOT NULL;
      CREATE INDEX token_family_user_idx ON token_family (user_id) WHERE user_id IS NOT NULL;
      CREATE INDEX token_family_application_idx ON token_family (application_id) WHERE application_id IS NOT NULL;
      CREATE INDEX token_family_over_idx ON token_family (coalesce(revoked_at, expires_at));

      CREATE TABLE refresh_token (
        hash bytea PRIMARY KEY,
        family_id uuid NOT NULL REFERENCES token_family ON DELETE CASCADE,
        expires_at timestamptz(3),
        rotated_at timestamptz(3),
        repeated_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX refresh_token_family_idx ON refresh_token (family_id);
      CREATE INDEX refresh_token_rotated_idx ON refresh_token (rotated_at) WHERE rotated_at IS NOT NULL;

      -- Codes are short, so their hash is keyed: a copy of the table does not give them away.
      CREATE TABLE user_invitation_code (
        id uuid PRIMARY KEY,
        code_hash bytea NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        created_by uuid REFERENCES developer ON DELETE SET NULL,
        expires_at timestamptz(3) NOT NULL,
        redeemed_at timestamptz(3),
        revoked_at timestamptz(3),
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE INDEX user_invitation_code_user_idx ON user_invitation_code (user_id);
      CREATE INDEX user_invitation_code_age_idx ON user_invitation_code (expires_at);

      CREATE TABLE team_invitation (
        id uuid PRIMARY KEY,
        email text NOT NULL,
        token_hash bytea UNIQUE,
        status varchar(16) NOT NULL
          CHECK (status IN ('pending', 'sent', 'failed', 'accepted', 'expired', 'revoked')),
        invited_by uuid REFERENCES developer ON DELETE SET NULL,
        expires_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX team_invitation_open_key ON team_invitation (lower(email))
        WHERE status IN ('pending', 'sent');

      CREATE TABLE password_reset (
        token_hash bytea PRIMARY KEY,
        developer_id uuid NOT NULL UNIQUE REFERENCES developer ON DELETE CASCADE,
        expires_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE password_reset, team_invitation, user_invitation_code, refresh_token, token_family,
        application;
      ALTER TABLE api_key DROP COLUMN scopes, DROP COLUMN expires_at;
    `);
  }
}
