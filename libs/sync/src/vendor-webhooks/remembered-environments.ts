import { Injectable } from '@nestjs/common';
import { CloudApps, type CloudApp } from '#libs/cloud';
import type { ProviderEnvironment } from '#libs/providers/kit';

const REMEMBERED_MS = 5000;

/** What verifying a vendor's delivery needs, without asking the database for each. */
@Injectable()
export class RememberedEnvironments {
  private readonly known = new Map<string, { environment: ProviderEnvironment; untilMs: number }>();

  constructor(private readonly apps: CloudApps) {}

  /**
   * What `judge` says. An environment that is some seconds old never refuses: then it is asked for anew. What it accepts
   * was good some seconds ago.
   */
  async judge<T>(
    app: CloudApp,
    judge: (environment: ProviderEnvironment) => T,
    isRefused: (verdict: T) => boolean,
    nowMs = Date.now(),
  ): Promise<T> {
    const known = this.known.get(app.code);
    if (known && known.untilMs > nowMs) {
      const verdict = judge(known.environment);
      if (!isRefused(verdict)) return verdict;
    }
    const environment = await this.apps.environment(app);
    this.known.set(app.code, { environment, untilMs: nowMs + REMEMBERED_MS });
    return judge(environment);
  }
}
