import { Injectable } from '@nestjs/common';
import { OAuthFlow, ProviderSettings, type OAuthCallback, type ProviderChange, type ProviderView } from '#libs/cloud';
import type { ConnectableProvider } from '#libs/model';
import { logger } from '#libs/observability';
import { ProviderFactory } from '#libs/providers/kit';
import { JobQueue, type JobName, type JobPayloads } from '#libs/queue';

/** Changes about providers and connections that work in the background follows. */
@Injectable()
export class ProviderDesk {
  constructor(
    private readonly settings: ProviderSettings,
    private readonly providers: ProviderFactory,
    private readonly flow: OAuthFlow,
    private readonly queue: JobQueue,
  ) {}

  /** Saves an operator's change; choosing webhooks also subscribes, where the vendor lets us. @throws Failure 400 */
  async change(code: string, change: ProviderChange): Promise<ProviderView> {
    const view = await this.settings.change(code, change);
    if (change.liveSyncMode === 'webhook' && this.providers.get(code).capabilities.webhookRegistration) {
      await this.queue.add('subscriptions.register', { provider: code });
    }
    return view;
  }

  /** Ends a login and starts fetching the history. Returns where the browser goes next. @throws Failure 400 */
  async connected(provider: ConnectableProvider, callback: OAuthCallback): Promise<string> {
    const { location, connectionId } = await this.flow.finish(provider, callback);
    if (connectionId !== null) await this.wake('pull.schedule', {});
    return location;
  }

  /** The schedule comes by itself; this only makes it sooner. */
  private async wake<N extends JobName>(job: N, payload: JobPayloads[N]): Promise<void> {
    await this.queue.add(job, payload).catch((error: unknown) => logger().warn({ error, job }, 'wake_up_failed'));
  }
}
