import { describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { newSecret, secretKey, signedHeaders } from './sign.js';

const BODY =
  '{"type":"connection.created","data":{"user_id":"7b0f7f0e-5f5b-4c0e-9a55-3f1d2b9a6c11","provider":"polar",' +
  '"connection_id":"11111111-2222-4333-8444-555555555555","connected_at":"2030-03-17T17:46:40+00:00"}}';

describe('signedHeaders', () => {
  it('agree with the documented example', () => {
    const key = secretKey('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX')!;
    expect(signedHeaders('msg_2zzzzzzzzzzzzzzzzzzzzzzzzzz', 1_900_000_000, Buffer.from(BODY), [key])).toMatchObject({
      'svix-id': 'msg_2zzzzzzzzzzzzzzzzzzzzzzzzzz',
      'svix-timestamp': '1900000000',
      'svix-signature': 'v1,HStcTDH1nR0mxjWmNE6Uw1GLIf7TjwigjvJ1Fo0Im7M=',
      'webhook-signature': 'v1,HStcTDH1nR0mxjWmNE6Uw1GLIf7TjwigjvJ1Fo0Im7M=',
    });
  });

  it('are accepted by both verifiers, under the old and the new secret', () => {
    const [fresh, former] = [newSecret(), newSecret()];
    const body = '{"type":"x","data":{"name":"Zoë 💤"}}';
    const keys = [secretKey(fresh)!, secretKey(former)!];
    const headers = signedHeaders('msg_1', Math.floor(Date.now() / 1000), Buffer.from(body), keys);
    for (const secret of [fresh, former]) {
      expect(new SvixWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(new StandardWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
    expect(() => new SvixWebhook(newSecret()).verify(body, headers)).toThrow();
    expect(() => new StandardWebhook(fresh).verify(`${body} `, headers)).toThrow();
  });

  it.each([
    '',
    'whsec_',
    'whsec_AAAA',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    'whsec_not base64!',
    newSecret().slice(6),
  ])('%j is no secret', (text) => expect(secretKey(text)).toBeNull());
});
