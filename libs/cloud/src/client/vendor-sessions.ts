import { Injectable } from '@nestjs/common';
import { instantFromDate, type Instant, type JsonValue } from '#libs/model';
import {
  VendorError,
  type ApplicationSession,
  type ProviderEnvironment,
  type VendorRequest,
  type VendorSession,
} from '#libs/providers/kit';
import type { CloudApp } from '../app/cloud-app.js';
import { CloudApps } from '../app/cloud-apps.js';
import type { CloudConnection } from '../connections/connection-row.js';
import { AccessTokens } from '../tokens/access-tokens.js';
import type { AccessToken } from '../tokens/stored-tokens.js';
import { Unconnected } from '../tokens/unconnected.js';
import { IN_WORKER, type Patience } from './patience.js';
import { bytesOf, readAnswer } from './read-answer.js';
import { VendorClient, type VendorAnswer } from './vendor-client.js';

/** Opens the sessions in which providers' code calls vendors. */
@Injectable()
export class VendorSessions {
  constructor(
    private readonly apps: CloudApps,
    private readonly tokens: AccessTokens,
    private readonly client: VendorClient,
  ) {}

  /** Calls in the name of a connection's user. */
  async forConnection(
    connection: CloudConnection,
    patience: Patience,
    now: Instant = instantFromDate(new Date()),
  ): Promise<VendorSession> {
    const app = this.apps.get(connection.provider);
    return new UserSession(app, connection, await this.apps.environment(app), now, patience, this.tokens, this.client);
  }

  /** Whether the vendor refuses the connection's token. A token that is too old is refreshed first. */
  async isRefused(connection: CloudConnection, request: VendorRequest): Promise<boolean> {
    const app = this.apps.get(connection.provider);
    try {
      const { text } = await this.tokens.get(app, connection.id);
      const { status } = await this.client.send(app, request, { authorization: `Bearer ${text}` }, IN_WORKER);
      return status === 401;
    } catch (error) {
      if (error instanceof Unconnected) return true;
      throw error;
    }
  }

  /** Calls in the name of our application; the provider's code adds its own credentials. */
  async forApplication(app: CloudApp, patience: Patience): Promise<ApplicationSession> {
    const environment = await this.apps.environment(app);
    return {
      environment,
      call: async (request) => {
        const answer = await this.client.send(app, request, {}, patience);
        return { status: answer.status, json: looseJson(answer.body) };
      },
    };
  }
}

class UserSession implements VendorSession {
  private token: AccessToken | null = null;

  constructor(
    private readonly app: CloudApp,
    private readonly connection: CloudConnection,
    readonly environment: ProviderEnvironment,
    readonly now: Instant,
    private readonly patience: Patience,
    private readonly tokens: AccessTokens,
    private readonly client: VendorClient,
  ) {}

  get account(): VendorSession['account'] {
    return { id: this.connection.provider_user_id, username: this.connection.provider_username };
  }

  async json(request: VendorRequest): Promise<JsonValue> {
    return readAnswer(this.app.code, request, await this.send(request));
  }

  async bytes(request: VendorRequest): Promise<Buffer> {
    const body = bytesOf(this.app.code, request, await this.send(request));
    if (body === null) throw new VendorError('status', `${this.app.code} has no such file`, { status: 404 });
    return body;
  }

  /** A token that the vendor refuses is replaced once, and the call repeated once. */
  private async send(request: VendorRequest): Promise<VendorAnswer> {
    const token = await this.currentToken();
    const answer = await this.sendWith(token, request);
    if (answer.status !== 401 || request.emptyStatuses?.includes(401)) return answer;
    this.token = await this.tokens.get(this.app, this.connection.id, token.text);
    return this.sendWith(this.token, request);
  }

  private sendWith(token: AccessToken, request: VendorRequest): Promise<VendorAnswer> {
    return this.client.send(this.app, request, { authorization: `Bearer ${token.text}` }, this.patience);
  }

  private async currentToken(): Promise<AccessToken> {
    const isUsable = this.token !== null && (this.token.usableUntil === null || this.token.usableUntil > Date.now());
    if (!isUsable) this.token = await this.tokens.get(this.app, this.connection.id);
    return this.token as AccessToken;
  }
}

function looseJson(body: Buffer): JsonValue {
  try {
    return JSON.parse(body.toString('utf8')) as JsonValue;
  } catch {
    return null;
  }
}
