import { Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '#libs/identity';
import type { JsonObject } from '#libs/model';
import { WebhookDesk } from '#libs/sync';
import { Audited } from '../audit/audited.js';
import { AnyJson, Operation } from '../http/answer.js';
import { ProviderNamePath } from '../oauth/provider-settings.dto.js';

const ERRORS = {
  401: 'The signature is missing, wrong or too old',
  501: 'The provider sends no webhooks, or none of this kind',
  503: 'The credentials of the provider are not set',
};

/** Where vendors deliver. They prove themselves by a signature over the body. */
@ApiTags('External: Vendor Webhooks')
@Controller('providers/:provider/webhooks')
@Public()
export class VendorWebhooksController {
  constructor(private readonly desk: WebhookDesk) {}

  @Post()
  @Audited('count')
  @Operation('handle_provider_webhook')
  @ApiBody({ schema: {}, description: 'What the vendor sends' })
  @AnyJson(ERRORS)
  async receive(
    @Param() { provider }: ProviderNamePath,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<JsonObject> {
    const { status, body } = await this.desk.receive(provider, bytesOf(request), headersOf(request));
    response.status(status);
    return body;
  }

  @Get()
  @Operation('verify_provider_webhook')
  @AnyJson(ERRORS)
  challenge(@Param() { provider }: ProviderNamePath, @Query() query: Record<string, unknown>): Promise<JsonObject> {
    return this.desk.challenge(provider, textsOf(query));
  }
}

/** The body parser leaves the bodies of these routes as they came. */
const bytesOf = ({ body }: Request): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

const headersOf = ({ headers }: Request): Record<string, string> => textsOf(headers);

const textsOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, string][] => {
      const one: unknown = Array.isArray(value) ? value.at(-1) : value;
      return typeof one === 'string' ? [[name, one]] : [];
    }),
  );
