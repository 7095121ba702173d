import type { ConnectionView } from '#libs/accounts';
import { Shown } from '../http/shown.js';

export class ConnectionAnswer implements ConnectionView {
  @Shown.uuid()
  user_id!: string;

  @Shown.text()
  provider!: string;

  @Shown.text({ nullable: true })
  provider_user_id!: string | null;

  @Shown.text({ nullable: true })
  provider_username!: string | null;

  @Shown.text({ nullable: true })
  scope!: string | null;

  @Shown.uuid()
  id!: string;

  @Shown.oneOf(['active', 'revoked', 'expired'])
  status!: 'active' | 'revoked' | 'expired';

  @Shown.timestamp({ nullable: true })
  last_synced_at!: string | null;

  @Shown.timestamp()
  created_at!: string;

  @Shown.timestamp()
  updated_at!: string;

  @Shown.text({ nullable: true })
  icon_url!: string | null;

  @Shown.int({ nullable: true })
  max_historical_days!: number | null;

  @Shown.flag({ description: 'The provider can be asked for data' })
  rest_pull!: boolean;

  @Shown.flag({ description: 'The provider pushes whole records' })
  webhook_stream!: boolean;

  @Shown.flag({ description: 'The provider pushes notifications' })
  webhook_ping!: boolean;

  @Shown.flag({ description: 'The provider delivers history on request' })
  webhook_callback!: boolean;

  @Shown.oneOf(['pull', 'webhook'], { nullable: true })
  live_sync_mode!: 'pull' | 'webhook' | null;

  @Shown.listOfUuids({ description: 'Other users actively connected to the same account' })
  linked_user_ids!: string[];
}
