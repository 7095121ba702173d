import { Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Subscriptions } from '#libs/cloud';
import { DeveloperAccess } from '#libs/identity';
import { WebhookDesk } from '#libs/sync';
import { Answer, Operation } from '../http/answer.js';
import { ProviderNamePath } from '../oauth/provider-settings.dto.js';
import {
  CallbackUrlQuery,
  DeletedAnswer,
  RenewedAnswer,
  SubscriptionAnswer,
  SubscriptionPath,
  SubscriptionsAnswer,
  UpdatedAnswer,
} from './subscriptions.dto.js';
import { VENDOR_ERRORS } from './vendor-errors.js';

const ERRORS = { errors: VENDOR_ERRORS };

/** Subscriptions of this installation at the vendors. */
@ApiTags('Internal: Vendor Subscriptions')
@Controller('providers/:provider/webhooks/subscriptions')
@DeveloperAccess()
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly desk: WebhookDesk,
  ) {}

  @Get()
  @Operation('list_webhook_subscriptions')
  @Answer(SubscriptionsAnswer, 200, ERRORS)
  async list(@Param() { provider }: ProviderNamePath): Promise<SubscriptionsAnswer> {
    this.desk.checkProvider(provider);
    return { subscriptions: await this.subscriptions.list(provider) };
  }

  @Post()
  @Operation('register_webhook_subscriptions')
  @Answer(SubscriptionsAnswer, 200, ERRORS)
  async register(
    @Param() { provider }: ProviderNamePath,
    @Query() { callbackUrl }: CallbackUrlQuery,
  ): Promise<SubscriptionsAnswer> {
    this.desk.checkProvider(provider);
    return { subscriptions: (await this.subscriptions.register(provider, callbackUrl)).shown };
  }

  @Post('renew')
  @Operation('renew_webhook_subscriptions')
  @Answer(RenewedAnswer, 200, ERRORS)
  async renew(@Param() { provider }: ProviderNamePath): Promise<RenewedAnswer> {
    this.desk.checkProvider(provider);
    return { renewed: [...(await this.subscriptions.renew(provider))] };
  }

  @Get(':subscription_id')
  @Operation('get_webhook_subscription')
  @Answer(SubscriptionAnswer, 200, ERRORS)
  async get(@Param() { provider, subscriptionId }: SubscriptionPath): Promise<SubscriptionAnswer> {
    this.desk.checkProvider(provider);
    return { subscription: await this.subscriptions.find(provider, subscriptionId) };
  }

  @Put(':subscription_id')
  @Operation('update_webhook_subscription')
  @Answer(UpdatedAnswer, 200, ERRORS)
  async update(
    @Param() { provider, subscriptionId }: SubscriptionPath,
    @Query() { callbackUrl }: CallbackUrlQuery,
  ): Promise<UpdatedAnswer> {
    this.desk.checkProvider(provider);
    return { updated: await this.subscriptions.update(provider, subscriptionId, callbackUrl) };
  }

  @Delete(':subscription_id')
  @Operation('delete_webhook_subscription')
  @Answer(DeletedAnswer, 200, ERRORS)
  async remove(@Param() { provider, subscriptionId }: SubscriptionPath): Promise<DeletedAnswer> {
    this.desk.checkProvider(provider);
    return { deleted: await this.subscriptions.remove(provider, subscriptionId) };
  }
}
