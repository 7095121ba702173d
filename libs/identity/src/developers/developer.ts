/** Somebody who administers the installation, as the API shows them. */
export interface DeveloperView {
  id: string;
  first_name: string | null;
  last_name: string | null;
  email: string;
  created_at: string;
  updated_at: string;
}

/** What may be changed; null or absent keeps. */
export interface DeveloperChange {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | null | undefined;
  /** Needed to change the password. */
  readonly currentPassword?: string | null | undefined;
}
