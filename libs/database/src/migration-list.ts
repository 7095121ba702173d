import { IdentityAndUsers1764000000000 } from './migrations/1764000000000-identity-and-users.js';
import { HealthData1764000001000 } from './migrations/1764000001000-health-data.js';
import { Identity1764000002000 } from './migrations/1764000002000-identity.js';
import { Guard1764000003000 } from './migrations/1764000003000-guard.js';
import { SyncStatus1764000004000 } from './migrations/1764000004000-sync-status.js';
import { CloudConnections1764000005000 } from './migrations/1764000005000-cloud-connections.js';
import { FileImports1764000006000 } from './migrations/1764000006000-file-imports.js';
import { Webhooks1764000007000 } from './migrations/1764000007000-webhooks.js';
import { Erasure1764000008000 } from './migrations/1764000008000-erasure.js';
import { FetchOrder1764000012000 } from './migrations/1764000012000-fetch-order.js';
import { WebhookDeliveries1764000011000 } from './migrations/1764000011000-webhook-deliveries.js';
import { TokenRefreshes1764000009000 } from './migrations/1764000009000-token-refreshes.js';

/** All migrations, oldest first. A new one is added here, an old one is never changed. */
export const MIGRATIONS = [
  IdentityAndUsers1764000000000,
  HealthData1764000001000,
  Identity1764000002000,
  Guard1764000003000,
  SyncStatus1764000004000,
  CloudConnections1764000005000,
  FileImports1764000006000,
  Webhooks1764000007000,
  Erasure1764000008000,
  TokenRefreshes1764000009000,
  WebhookDeliveries1764000011000,
  FetchOrder1764000012000,
];
