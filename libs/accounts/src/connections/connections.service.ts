import { Injectable } from '@nestjs/common';
import { ProviderSettings, revokeConnection, VendorFarewell } from '#libs/cloud';
import { Database } from '#libs/database';
import { HealthEraser } from '#libs/ingest';
import { notFound, type ConnectableProvider } from '#libs/model';
import { ProviderFactory } from '#libs/providers/kit';
import { capabilitiesOf } from './capabilities.js';
import type { ConnectionView } from './connection.js';
import { ConnectionsRepository } from './connections.repository.js';

/** Rules about what users connected. */
@Injectable()
export class Connections {
  constructor(
    private readonly db: Database,
    private readonly connections: ConnectionsRepository,
    private readonly providers: ProviderFactory,
    private readonly eraser: HealthEraser,
    private readonly farewell: VendorFarewell,
    private readonly settings: ProviderSettings,
  ) {}

  /** All connections of a user, newest first; none for an unknown user. */
  async list(userId: string): Promise<ConnectionView[]> {
    const stored = await this.connections.ofUser(userId);
    if (stored.length === 0) return [];
    const modes = new Map((await this.settings.list()).map((view) => [view.provider, view.live_sync_mode]));
    return stored.map((connection) => ({
      ...connection,
      ...capabilitiesOf(this.providers, connection.provider),
      live_sync_mode: modes.get(connection.provider) ?? null,
    }));
  }

  /**
   * Tells the vendor, ends a connection, drops its tokens and announces it; its data stays. Ending it twice is fine.
   * @throws Failure 404 when there never was one
   */
  async disconnect(userId: string, provider: ConnectableProvider): Promise<void> {
    if (!(await this.end(userId, provider))) throw unknownConnection(userId);
  }

  /**
   * Ends a connection, if there is one, and erases everything the provider delivered about the user.
   * @throws Failure 404 when there is neither a connection nor data
   */
  async eraseData(userId: string, provider: ConnectableProvider): Promise<void> {
    const wasConnected = await this.end(userId, provider);
    const user = await this.connections.user(userId);
    if (!user || !(wasConnected || (await this.connections.hasData(user, provider)))) throw unknownConnection(userId);
    await this.eraser.deleteProviderData(user, provider);
  }

  /** False when there never was a connection. */
  private async end(userId: string, provider: ConnectableProvider): Promise<boolean> {
    await this.farewell.say(userId, provider);
    return this.db.transaction(async (sql) => {
      const connectionId = await this.connections.idOf(sql, userId, provider);
      if (connectionId === null) return false;
      await revokeConnection(sql, connectionId, 'user_disconnected');
      return true;
    });
  }
}

/** The documented text names the user, not the connection. */
const unknownConnection = (userId: string): Error => notFound(`Connection with ID: ${userId} not found.`);
