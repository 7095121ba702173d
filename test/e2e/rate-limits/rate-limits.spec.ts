import { Controller, Module, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { ConfigModule } from '#libs/config';
import { DatabaseModule } from '#libs/database';
import { Public } from '#libs/identity';
import { RateLimitsModule, StrictLimit } from '#libs/rate-limits';
import { bodyParser } from '../../../apps/api/src/http/body-parser.js';
import { ApiExceptionFilter } from '../../../apps/api/src/http/exception.filter.js';
import { openTestApi, type TestApi } from '../../support/api.js';

@Controller()
class DoorController {
  @Post('login')
  @Public()
  @StrictLimit('login')
  login(): object {
    return {};
  }

  @Post('redeem')
  @Public()
  @StrictLimit('redeem')
  redeem(): object {
    return {};
  }

  @Post('open')
  @Public()
  open(): object {
    return {};
  }
}

describe('rate limits', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await openTestApi({ config: { callerRequestsPerMinute: 3, trustedProxies: 1, attemptsPerMinute: 4 } });
  });
  afterAll(() => api.close());

  it('tell a caller what is left and refuse what is over, each caller by itself', async () => {
    const { key } = await api.given.apiKey('limited');
    const limited = api.client.with({ 'X-Open-Wearables-API-Key': key });
    for (const left of ['2', '1', '0']) {
      const { headers } = await limited.get('/api/v1/users').expect(200);
      expect(headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': left });
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
    }
    const refused = await limited.get('/api/v1/users').expect(429);
    expect(refused.body).toEqual({ detail: 'Too many requests' });
    expect(refused.headers).toMatchObject({ 'ratelimit-remaining': '0' });
    expect(refused.headers['retry-after']).toBe(refused.headers['ratelimit-reset']);
    await api.client.get('/api/v1/users').expect(200);
  });

  it('leave public routes alone', async () => {
    for (let request = 0; request < 6; request++) {
      const { headers } = await api.anonymous.get('/health/live').expect(200);
      expect(headers).not.toHaveProperty('ratelimit-limit');
    }
  });

  describe('of strict routes', () => {
    let app: NestExpressApplication;
    let address = 0;

    beforeAll(async () => {
      @Module({
        imports: [ConfigModule.forRoot(api.config), DatabaseModule.forRoot(), RateLimitsModule],
        controllers: [DoorController],
      })
      class DoorModule {}
      const built = await Test.createTestingModule({ imports: [DoorModule] }).compile();
      app = built.createNestApplication<NestExpressApplication>({ bodyParser: false });
      app.set('trust proxy', 1);
      app.use(bodyParser(1024));
      app.useGlobalFilters(new ApiExceptionFilter());
      await app.init();
    });
    afterAll(() => app.close());
    beforeEach(() => {
      address++;
    });

    const post = (path: string, body: object = {}, from = `203.0.113.${address}`): supertest.Test =>
      supertest(app.getHttpServer()).post(path).set('X-Forwarded-For', from).send(body);
    const statuses = async (requests: Promise<supertest.Response>[]): Promise<number[]> =>
      (await Promise.all(requests)).map(({ status }) => status).sort();

    it('let few through, also of many at once', async () => {
      expect(await statuses(Array.from({ length: 8 }, () => post('/login').then((answer) => answer)))).toEqual([
        201, 201, 201, 201, 429, 429, 429, 429,
      ]);
      const refused = await post('/login');
      expect(refused.body).toEqual({ detail: 'Too many requests' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.headers).toMatchObject({ 'ratelimit-limit': '4', 'ratelimit-remaining': '0' });
    });

    it('count each name, each address and nothing else by itself', async () => {
      for (let request = 0; request < 4; request++) await post('/login').expect(201);
      await post('/redeem').expect(201);
      await post('/login', {}, '198.51.100.1').expect(201);
      await post('/login').expect(429);
      for (let request = 0; request < 6; request++) await post('/open').expect(201);
    });

    it('count tries about one account from everywhere, in any spelling', async () => {
      const from = (index: number): supertest.Test =>
        post('/login', { username: index % 2 ? 'ANN@example.com' : 'ann@example.com' }, `192.0.2.${index}`);
      for (let index = 0; index < 8; index++) await from(index).expect(201);
      await from(8).expect(429);
      await post('/login', { username: 'bob@example.com' }, '192.0.2.9').expect(201);
    });

    it('store neither addresses nor accounts in the clear', async () => {
      await post('/login', { username: 'carl@example.com' }).expect(201);
      const rows = await api.database.db.query<{ key: string }>('SELECT key FROM rate_limit');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toMatch(/carl|203\.0\.113/);
    });
  });
});
