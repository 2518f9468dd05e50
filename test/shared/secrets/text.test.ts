import assert from 'node:assert/strict'
import { maskHeaders, maskText, maskUrl } from '../../../src/shared/secrets.ts'

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'

describe('masking text', () => {
  const texts: [string, string][] = [
    // URLs anywhere
    ["Reading https://h/?a='b&token=S3CR3T failed", "Reading https://h/?a='b&token=*** failed"],
    ['see <https://h/a?sid=S3CR3T>; rel=next', 'see <https://h/a?sid=***>; rel=next'],
    ['"https://u:S3CR3T@h/"', '"https://***@h/"'],
    ['to //user:S3CR3T@host/ instead', 'to //***@host/ instead'],
    ['see /cb#access_token=S3CR3T&state=1', 'see /cb#access_token=***&state=1'],
    ['GET https://h/?q=a b&token=S3CR3T', 'GET https://h/?q=a b&token=***'],
    ['https://hooks.slack.com/services/T00/B00/S3CR3T', 'https://hooks.slack.com/services/T00/B00/***'],
    // name=value
    ['client_id=a&client_secret=S3CR3T&scope=b', 'client_id=a&client_secret=***&scope=b'],
    ['session expired (sid=S3CR3T)', 'session expired (sid=***)'],
    ['bad password=S3CR3T.', 'bad password=***.'],
    ['token = S3CR3T, try again', 'token = ***, try again'],
    ['code_verifier=S3CR3T', 'code_verifier=***'],
    ['access_token="S3CR3T with spaces" x', 'access_token="***" x'],
    // JSON: nested in JSON, incomplete, and with values other than strings
    ['{"access_token":"S3CR3T","expires_in":3600}', '{"access_token":"***","expires_in":3600}'],
    ['{"password": "a\\"S3CR3T", "b": 1}', '{"password": "***", "b": 1}'],
    ['{"e":"{\\"token\\":\\"S3\\\\\\"CR3T\\",\\"b\\":1}"}', '{"e":"{\\"token\\":\\"***\\",\\"b\\":1}"}'],
    ['{"token":"S3CR3T', '{"token":"***'],
    ['{"apiKey":12345,"b":2}', '{"apiKey":"***","b":2}'],
    ['{"credentials":{"a":["S3CR3T"]},"b":2}', '{"credentials":"***","b":2}'],
    ["{'secret': 'S3CR3T'}", "{'secret': '***'}"],
    // fields
    ['Authorization: Bearer S3CR3T', 'Authorization: ***'],
    ['Cookie: a=S3CR3T; b=S3CR3T', 'Cookie: ***'],
    ['X-Api-Key: S3CR3T0123', 'X-Api-Key: ***'],
    ['Authorization: Bearer S3CR3T failed; try again', 'Authorization: *** failed; try again'],
    ['authorization=Bearer S3CR3T', 'authorization=***'],
    ['X-Auth-Token: hunter', 'X-Auth-Token: ***'],
    ['wrong password: hunter', 'wrong password: ***'],
    ['session=S3CR3T; Path=/', 'session=***; Path=/'],
    // a sentence around it
    [
      '[a](https://h/?token=S3CR3T), or `https://h/?sid=S3CR3T`.',
      '[a](https://h/?token=***), or `https://h/?sid=***`.',
    ],
    ['url=https%3A%2F%2Fh%2F%3Ftoken%3DS3CR3T&b=1', '***'],
    // by format
    ['Authorization Bearer S3CR3T', 'Authorization Bearer ***'],
    [`refused ${JWT} of you`, 'refused *** of you'],
    [`refused "${JWT}"`, 'refused "***"'],
    ['key sk_live_S3CR3T was revoked', 'key *** was revoked'],
  ]
  for (const [text, masked] of texts)
    it(`masks ${text}`, () => {
      assert.equal(maskText(text), masked)
      assert.equal(maskText(masked), masked, 'masking twice changes nothing')
    })

  for (const text of [
    'Invalid token: expired',
    'give them as user:password@127.0.0.1:46491.',
    'Invalid password: it has to be longer',
    'code=4001, key=value, pass=3',
    'authentication failed: the token has expired',
    'The server asked for Basic authentication; give it with -H.',
    'Bearer token required',
    'normal closure',
    'session 17 closed by peer, code 4001: idle timeout',
    'The stream sent a record of more than 65536 bytes; raise --max-message-size.',
    '{"type":"error","code":"E17","message":"no such key","path":"/a/b?page=2"}',
    '{"token":null,"secret":false,"password":""}',
    'max_tokens=100, page_token=7',
    'user=ann id=42 next_batch=s72595_4483_1934',
    'mail admin@h.example or see http://h/?a=1.',
    'keyword: monkeys, author: Ann, monkey=1',
    'tokenizer=gpt, maxTokens=5, secretary=Ann',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'W/"5f3a-17c2b4e0"',
    'ws://127.0.0.1:8080/feed',
    '2026-11-28T17:06:00.000Z',
    '  at 12:30:45 in C:\\keys\\a',
  ])
    it(`leaves ${text}`, () => assert.equal(maskText(text), text))
})

describe('masking URLs', () => {
  const urls: [string, string][] = [
    ['https://h/a;jsessionid=S3CR3T?x=1', 'https://h/a;jsessionid=***?x=1'],
    ['wss://h/socket.io/?EIO=4&sid=S3CR3T', 'wss://h/socket.io/?EIO=4&sid=***'],
    ['https://h/?code_verifier=S3CR3T', 'https://h/?code_verifier=***'],
    ['https://h/?%2574oken=S3CR3T', 'https://h/?%2574oken=***'],
    ['https://h/#/room?sid=S3CR3T', 'https://h/#/room?sid=***'],
    ['https://h/?q=%7B%22token%22%3A%22S3CR3T%22%7D&a=1', 'https://h/?q=***&a=1'],
    ['https://discord.com/api/webhooks/123/S3CR3T/slack', 'https://discord.com/api/webhooks/123/***/slack'],
    ['https://api.telegram.org/file/bot1:S3CR3T/a.jpg', 'https://api.telegram.org/file/bot***/a.jpg'],
    ['https://hooks.slack.com/triggers/T0/17/S3CR3T', 'https://hooks.slack.com/triggers/T0/17/***'],
    ['https://chat.example/hooks/4j9x8k2m1p0q7r6s5t3u', 'https://chat.example/hooks/***'],
    [
      'https://x.webhook.office.com/webhookb2/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f/a',
      'https://x.webhook.office.com/webhookb2/***/a',
    ],
    ['https://hooks.zapier.com/hooks/catch/123/S3CR3T/', 'https://hooks.zapier.com/hooks/catch/123/***/'],
    ['wss://mainnet.infura.io/ws/v3/S3CR3T', 'wss://mainnet.infura.io/ws/v3/***'],
    ['wss://eth-mainnet.g.alchemy.com/v2/S3CR3T', 'wss://eth-mainnet.g.alchemy.com/v2/***'],
    ['wss://some-name.matic.quiknode.pro/S3CR3T/', 'wss://some-name.matic.quiknode.pro/***/'],
    ['https://maker.ifttt.com/trigger/x/with/key/S3CR3T', 'https://maker.ifttt.com/trigger/x/with/key/***'],
    ['https://h/stream/api_key=S3CR3T/a', 'https://h/stream/api_key=***/a'],
    ['https://h/token/S3CR3T/stream', 'https://h/token/***/stream'],
  ]
  for (const [url, masked] of urls)
    it(`masks ${url}`, () => {
      assert.equal(maskUrl(url), masked)
      assert.equal(maskUrl(masked), masked, 'masking twice changes nothing')
    })

  for (const url of [
    'https://h/oauth/token/revoke',
    'https://api.github.example/repos/o/r/hooks/17/deliveries',
    'https://h/users/1a2b3c4d-1a2b-1a2b-1a2b-1a2b3c4d5e6f/events',
    'https://h/v1/sessions/17/auth/login?page=2&id=42',
    'https://h/keys/2024/a;v=1?key=&lang=de',
    'https://h/?state=1&cursor=eyJ&max_tokens=5&filter=a=b',
    'https://h/kv/config?index=17&wait=30s',
  ])
    it(`leaves ${url}`, () => assert.equal(maskUrl(url), url))
})

describe('masking header fields', () => {
  it('masks names and values within values', () => {
    const headers = {
      link: "<https://h/?q='x'&token=S3CR3T>; rel=next",
      'x-error': '{"access_token":"S3CR3T"}',
      'x-pin': 'S3CR3T',
      dpop: 'S3CR3T',
    }
    assert.deepEqual(maskHeaders(headers), {
      link: "<https://h/?q='x'&token=***>; rel=next",
      'x-error': '{"access_token":"***"}',
      'x-pin': '***',
      dpop: '***',
    })
  })

  it('leaves fields without secrets unchanged', () => {
    const headers = {
      'www-authenticate': 'Bearer realm="x", error="invalid_token", scope="a b"',
      'cache-control': 'no-cache, max-age=0, private="a"',
      'permissions-policy': 'identity-credentials-get=(self), publickey-credentials-get=()',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'content-type': 'multipart/x-mixed-replace; boundary=frame',
      'server-timing': 'auth;dur=53, session;desc="a"',
      'access-control-allow-headers': 'Authorization, X-Api-Key',
      'alt-svc': 'h3=":443"; ma=86400',
      etag: '"33a64df551425fcc55e4d42a148795d9f25f89d4"',
      vary: 'Cookie, Authorization',
    }
    assert.deepEqual(maskHeaders(headers), headers)
  })
})
