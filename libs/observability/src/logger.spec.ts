import { Writable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { configureLogging, logger } from './logger.js';
import { NestLogger } from './nest-logger.js';
import { requestContext } from './request-context.js';

let lines: Record<string, unknown>[] = [];
const sink = new Writable({
  write: (chunk: Buffer, _, done) => {
    lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  },
});

describe('logger', () => {
  beforeEach(() => {
    lines = [];
    configureLogging({ level: 'info', service: 'test' }, sink);
  });

  afterAll(() => {
    configureLogging({ level: 'info', service: 'test' });
  });

  it('writes one line of JSON with level, time, service and message', () => {
    logger().info({ user_id: 'u1' }, 'upload_accepted');
    logger().debug('not at this level');
    expect(lines).toEqual([
      {
        level: 'info',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        service: 'test',
        pid: process.pid,
        user_id: 'u1',
        message: 'upload_accepted',
      },
    ]);
  });

  it('names the request and the actor of the context, also after the actor became known', async () => {
    await requestContext.run({ requestId: 'r1', actor: null }, async () => {
      logger().info('before');
      requestContext.getStore()!.actor = 'api-key:1';
      await Promise.resolve();
      logger().info('after');
    });
    logger().info('outside');
    expect(lines.map(({ request_id, actor }) => [request_id, actor])).toEqual([
      ['r1', undefined],
      ['r1', 'api-key:1'],
      [undefined, undefined],
    ]);
  });

  it('hides secrets in entries and in errors, and shows causes', () => {
    const cause = Object.assign(new Error('dial postgresql://a:hidden@db'), {
      code: 'ECONNREFUSED',
      parameters: ['hidden'],
    });
    logger().error({ error: new Error('cannot connect', { cause }), token: 'hidden' }, 'failed');
    expect(lines[0]).toMatchObject({
      error: { type: 'Error', message: 'cannot connect', cause: { code: 'ECONNREFUSED' } },
      token: '[redacted]',
    });
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });

  it('hides secrets in the text of a message', () => {
    logger().warn(`connection to redis://:hidden@cache lost`);
    expect(lines[0]).toMatchObject({ message: 'connection to redis://:[redacted]@cache lost' });
  });

  it('speaks for Nest, and keeps quiet about how Nest is put together', () => {
    const nest = new NestLogger();
    nest.log('Mapped route', 'RouterExplorer');
    nest.log('hello', 'Service');
    nest.error('broken', 'Error: broken\n at x', 'Service');
    nest.warn(new Error('careful'));
    nest.debug('fine');
    nest.verbose('finer');
    nest.fatal({ odd: true });
    expect(lines).toMatchObject([
      { level: 'info', context: 'Service', message: 'hello' },
      { level: 'error', context: 'Service', stack: 'Error: broken\n at x', message: 'broken' },
      { level: 'warn', error: { message: 'careful' }, message: 'careful' },
      { level: 'fatal', message: '{"odd":true}' },
    ]);
  });
});
