import { Module } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { OutboundClient } from './outbound.client.js';
import { OutboundPolicy } from './outbound-policy.js';

/** Gives `OutboundClient` under the rules of this installation. */
@Module({
  providers: [
    {
      provide: OutboundClient,
      inject: [CONFIG],
      useFactory: (config: AppConfig) => new OutboundClient(new OutboundPolicy(config), config.outboundUserAgent),
    },
  ],
  exports: [OutboundClient],
})
export class OutboundModule {}
