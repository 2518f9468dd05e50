import assert from 'node:assert/strict'
import {
  isSecretHeader,
  isSecretParam,
  MASK,
  maskHeaders,
  maskSubprotocols,
  maskText,
  maskUrl,
} from '../../src/shared/secrets.ts'

describe('secrets', () => {
  for (const name of [
    'Authorization',
    'proxy-authorization',
    'Cookie',
    'Set-Cookie',
    'X-Api-Key',
    'api-key',
    'X-Auth-Token',
    'x-access-token',
    'X-Client-Secret',
    'X-Amz-Security-Token',
    'Ocp-Apim-Subscription-Key',
    'X-CSRF-Token',
    'X-Hub-Signature-256',
    'Mcp-Session-Id',
  ])
    it(`treats the header ${name} as secret`, () => assert.equal(isSecretHeader(name), true))

  for (const name of [
    'Content-Type',
    'ETag',
    'Last-Modified',
    'Last-Event-ID',
    'X-Consul-Index',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Accept',
    'Idempotency-Key',
    'WWW-Authenticate',
    'Access-Control-Allow-Credentials',
    'X-RateLimit-Remaining-Tokens',
    ':authority',
    'X-Author',
  ])
    it(`leaves the header ${name} readable`, () => assert.equal(isSecretHeader(name), false))

  for (const name of [
    'token',
    'access_token',
    'accessToken',
    'api_key',
    'apikey',
    'key',
    'sig',
    'X-Amz-Signature',
    'X-Amz-Credential',
    'password',
    'pwd',
    'auth',
    'jwt',
    'client_secret',
    'code',
    'ticket',
    'PHPSESSID',
    'sid',
    'connect.sid',
    'code_verifier',
  ])
    it(`treats the parameter ${name} as secret`, () => assert.equal(isSecretParam(name), true))

  for (const name of [
    'cursor',
    'since',
    'index',
    'wait',
    'offset',
    'page_token',
    'nextPageToken',
    'continuation_token',
    'timetoken',
    '$skiptoken',
    'progressToken',
    'workDoneToken',
    'max_tokens',
    'lastEventID',
    'resourceVersion',
    'keyword',
    'monkey_bars',
    'author',
    'signal',
    'zipcode',
    'EIO',
    't',
  ])
    it(`leaves the parameter ${name} readable`, () => assert.equal(isSecretParam(name), false))

  const urls: [string, string][] = [
    ['https://user:pass@host:8443/a?b=c#d', 'https://***@host:8443/a?b=c#d'],
    ['wss://user:p@ss@host/', 'wss://***@host/'],
    ['http:user:pass@host', 'http:***@host'],
    ['http:\\\\user:pass@host/', 'http:\\\\***@host/'],
    ['user:pass@proxy:8080', '***@proxy:8080'],
    ['ht\ntp://user:pa\tss@host/', 'http://***@host/'],
    ['ws://h/?a=1&token=s3cret&b=%20+x', 'ws://h/?a=1&token=***&b=%20+x'],
    ['ws://h/?tok%65n=s3cret', 'ws://h/?tok%65n=***'],
    ['ws://h/?token=a b?c=d', 'ws://h/?token=***'],
    ['ws://h/?a=1;token=x;y&c=d', 'ws://h/?a=1;token=***&c=d'],
    ['https://h/cb#access_token=x&state=1', 'https://h/cb#access_token=***&state=1'],
    ['/relative?api_key=x&z', '/relative?api_key=***&z'],
    ['https://h/?next=https%3A%2F%2Fi%2F%3Ftoken%3Dx&q=1', 'https://h/?next=***&q=1'],
    ['https://h/?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'https://h/?x=***'],
    ['https://api.telegram.org/bot123:AA-b_c/getUpdates', 'https://api.telegram.org/bot***/getUpdates'],
    ['http://proxy/https://u:pw@h/a?b=c', 'http://proxy/https://***@h/a?b=c'],
    ['http://proxy/?https://u:pw@h/a&b=c', 'http://proxy/?https://***@h/a&b=c'],
    ['http://proxy/?u=1,https://u:pw@h/?token=x', 'http://proxy/?u=***'],
    ['http://proxy/?1,https://u:pw@h/?token=x', 'http://proxy/?1,https://***@h/?token=***'],
    ['http://proxy/https%3A%2F%2Fu%3Apw%40h%2F/x', 'http://proxy/***/x'],
    ['http://proxy/?https%3A%2F%2Fu%3Apw%40h%2F&x', 'http://proxy/?***&x'],
    ['http://proxy/a%20b@c/https://h/@me', 'http://proxy/a%20b@c/https://h/@me'],
    ['not a url ?token=x', 'not a url ?token=***'],
    ['http://[bad/?%zz&secret=1', 'http://[bad/?%zz&secret=***'],
  ]
  for (const [url, masked] of urls)
    it(`masks ${JSON.stringify(url)}`, () => {
      assert.equal(maskUrl(url), masked)
      assert.equal(maskUrl(masked), masked, 'masking twice changes nothing')
    })

  for (const url of [
    'https://host/path/a@b?cursor=a%2Fb+c&page_token=7#top',
    '  http://h/\t?x=1',
    'ws://h/?token=',
    'http://h/?email=a@b.example',
    '',
  ])
    it(`leaves ${JSON.stringify(url)} unchanged`, () => {
      assert.equal(maskUrl(url), url)
    })

  it('reports the names of masked values, and reveals those that are named', () => {
    const masked = new Set<string>()
    const url = 'https://u:p@h/?Token=a&key=b'
    assert.equal(maskUrl(url, { masked, reveal: ['token'] }), 'https://***@h/?Token=a&key=***')
    assert.deepEqual([...masked], ['user:password', 'key'])
    assert.equal(maskUrl(url, { reveal: ['KEY', 'token', 'user:password'] }), url)
  })

  it('masks headers by name and by format, and URLs within values', () => {
    const masked = new Set<string>()
    const headers = {
      Authorization: 'Bearer abc',
      'set-cookie': ['a=1', 'b=2'],
      Location: '/next?token=abc&page=2',
      refresh: '5; url=https://u:p@h/?sig=1',
      'x-plain': 'plain, "why?"',
      'x-odd': 'Bearer abcdef',
      'sec-websocket-protocol': 'graphql-ws, bearer, abc.def',
    }
    assert.deepEqual(maskHeaders(headers, { masked }), {
      Authorization: MASK,
      'set-cookie': [MASK, MASK],
      Location: '/next?token=***&page=2',
      refresh: '5; url=https://***@h/?sig=***',
      'x-plain': 'plain, "why?"',
      'x-odd': MASK,
      'sec-websocket-protocol': 'graphql-ws, bearer, ***',
    })
    assert.deepEqual(
      [...masked].sort(),
      [
        'Authorization',
        'set-cookie',
        'token',
        'sig',
        'user:password',
        'x-odd',
        'sec-websocket-protocol',
      ].sort(),
    )
    assert.equal(maskHeaders(headers, { reveal: ['authorization'] }).Authorization, 'Bearer abc')
  })

  it('treats a header named __proto__ like any other', () => {
    const masked = maskHeaders(JSON.parse('{"__proto__":"x"}'))
    assert.deepEqual(Object.entries(masked), [['__proto__', 'x']])
  })

  it('masks credentials in subprotocols', () => {
    assert.deepEqual(
      maskSubprotocols(['v4.channel.k8s.io', 'base64url.bearer.authorization.k8s.io.c2VjcmV0', 'chat']),
      ['v4.channel.k8s.io', MASK, 'chat'],
    )
    assert.deepEqual(maskSubprotocols(['realtime', 'openai-insecure-api-key.k123']), ['realtime', MASK])
    assert.deepEqual(maskSubprotocols(['access_token', 'abcdef']), ['access_token', MASK])
    assert.deepEqual(maskSubprotocols(['my-bearer-token-marker-of-30-chars', 'abcdef', 'chat']), [
      MASK,
      MASK,
      'chat',
    ])
  })

  it('masks every URL in a sentence and nothing else', () => {
    assert.equal(
      maskText('Could not reach "https://u:p@h/?token=x"; mail admin@h.example or see http://h/?a=1.'),
      'Could not reach "https://***@h/?token=***"; mail admin@h.example or see http://h/?a=1.',
    )
  })
})
