/** Signatures of AWS: those of the vendor's test suite, and what servers get. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http2'
import { signedRequest } from '../../../src/engine/credentials/aws.ts'
import type { AwsCredentials } from '../../../src/shared/credentials.ts'
import { KnownSecrets } from '../../../src/shared/secrets/known-secrets.ts'
import { serveWebSocketOverHttp2 } from '../../support/http2.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { SpokenSession } from '../../support/spoken.ts'

const SUITE: Omit<AwsCredentials, 'in'> = {
  ...{ kind: 'aws', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  ...{ region: 'us-east-1', service: 'service' },
}
const TOKEN = '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267'
const LETTERS = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Requests of the AWS signing test suite for Version 4 (github.com/awslabs/aws-c-auth, Apache-2.0), with the signatures of
 * the header and of the query.
 */
const VECTORS: readonly (readonly [
  name: string,
  target: string,
  header: string,
  query: string,
  token?: string,
])[] = [
  [
    'get-vanilla',
    'GET /',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    'e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d',
  ],
  [
    'get-vanilla-query-order-key-case',
    'GET /?Param2=value2&Param1=value1',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
  ],
  [
    'get-vanilla-query-order-encoded',
    'GET /?Param-3=Value3&Param=Value2&%E1%88%B4=Value1',
    '371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac',
    'c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787',
  ],
  [
    'get-vanilla-query-unreserved',
    `GET /?${LETTERS}=${LETTERS}`,
    '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
    '8e76a88a7433637b12778d5592799b29ad21ecd6cf6325051c21d86f0acda2bf',
  ],
  [
    'get-vanilla-utf8-query',
    'GET /?\u1234=bar',
    '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    '0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600',
  ],
  [
    'get-unreserved',
    `GET /${LETTERS}`,
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    '95968482db1b9e0fadef6efc1bd24689f77c77d9ef56919c96a28cc92e0d6005',
  ],
  [
    'get-slashes-normalized',
    'GET //example//',
    '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
    'c1834e8fb0307243711f0f907f6ab7311ed300d87f13792d7ee4da89ab93e082',
  ],
  [
    'get-vanilla-with-session-token',
    'GET /',
    '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
    '7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c',
    TOKEN,
  ],
  [
    'post-vanilla',
    'POST /',
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    '2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b',
  ],
]

describe('the signature of AWS', () => {
  afterEach(closeServers)

  for (const [name, written, header, query, sessionToken] of VECTORS)
    it(`is that of the vendor's suite: ${name}`, async () => {
      const [method = '', target = ''] = written.split(' ')
      for (const scheme of method === 'GET' ? ['https', 'wss'] : ['https']) {
        const url = new URL(`${scheme}://example.amazonaws.com${target}`)
        const request = { url, method, headers: {}, body: undefined }
        const credentials = { ...SUITE, ...(sessionToken !== undefined && { sessionToken }) }
        const inHeader = await signedRequest(request, { ...credentials, in: 'header' }, '20150830T123600Z')
        assert.equal(inHeader.signature, header)
        const signed = sessionToken === undefined ? 'host;x-amz-date' : 'host;x-amz-date;x-amz-security-token'
        assert.deepEqual(inHeader.signed.headers, {
          authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signed}, Signature=${header}`,
          'x-amz-date': '20150830T123600Z',
          ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
        })
        assert.equal(inHeader.signed.url.href, url.href)
        // The suite's signatures are valid for an hour.
        const expiring = new URL(url)
        expiring.searchParams.set('X-Amz-Expires', '3600')
        const inQuery = await signedRequest(
          { ...request, url: expiring },
          { ...credentials, in: 'query' },
          '20150830T123600Z',
        )
        assert.equal(inQuery.signature, query)
        assert.equal(inQuery.signed.url.protocol, `${scheme}:`)
        assert.equal(inQuery.signed.url.searchParams.get('X-Amz-Signature'), query)
        assert.deepEqual(inQuery.signed.headers, {})
      }
    })

  it('is for the service and the region of the host', async () => {
    const { region: _, service: __, ...unnamed } = SUITE
    const scopeOf = async (href: string) => {
      const request = { url: new URL(href), method: 'GET', headers: {}, body: undefined }
      const { signed } = await signedRequest(request, { ...unnamed, in: 'query' }, '20150830T123600Z')
      return signed.url.searchParams.get('X-Amz-Credential')?.split('/').slice(2, 4).join(' ')
    }
    assert.equal(
      await scopeOf('wss://abc-ats.iot.eu-west-1.amazonaws.com/mqtt'),
      'eu-west-1 iotdevicegateway',
    )
    assert.equal(await scopeOf('wss://abc.execute-api.eu-west-1.amazonaws.com/dev'), 'eu-west-1 execute-api')
    await assert.rejects(scopeOf('wss://example.org/'), { code: 'BAD_CREDENTIALS', message: /example\.org/ })
  })

  it('of a WebSocket of IoT does not cover the session token, which follows it in the URL', async () => {
    const requests: IncomingMessage[] = []
    const url = await serveWebSocket(() => {}, {
      verifyClient: ({ req }: { req: IncomingMessage }) => requests.push(req) > 0,
    })
    const secrets = new KnownSecrets()
    const session = new SpokenSession({ secrets })
    const credentials = { ...SUITE, service: 'iotdevicegateway', sessionToken: TOKEN, in: 'query' } as const
    const connection = session.connect({ url: `${url}mqtt`, credentials })
    await session.until(() => connection.status().state === 'open')
    const { searchParams } = new URL(requests[0]?.url ?? '', url)
    assert.equal([...searchParams.keys()].at(-1), 'X-Amz-Security-Token')
    const date = searchParams.get('X-Amz-Date') ?? ''
    const without = new URL(`${url}mqtt`)
    const again = { url: without, method: 'GET', headers: {}, body: undefined }
    const { signature } = await signedRequest(
      again,
      { ...SUITE, service: 'iotdevicegateway', in: 'query' },
      date,
    )
    assert.equal(searchParams.get('X-Amz-Signature'), signature)
    const said = secrets.mask(`${SUITE.secretAccessKey} ${signature} ${TOKEN}`)
    assert.equal(said, '*** *** ***')
    await session.hub.disconnectAll()
  })

  it('of a WebSocket over HTTP/2 is for GET, which gateways make of CONNECT', async () => {
    const requests: IncomingHttpHeaders[] = []
    const { url } = await serveWebSocketOverHttp2(() => {}, {
      handler: (_stream, headers) => {
        requests.push(headers)
        return false
      },
    })
    const session = new SpokenSession()
    const credentials = { ...SUITE, in: 'header' } as const
    const connection = session.connect({ url, credentials, http: '2' })
    await session.until(() => ['open', 'failed'].includes(connection.status().state))
    const [headers] = requests
    assert.equal(headers?.[':method'], 'CONNECT')
    const again = { url: new URL(url), method: 'GET', headers: {}, body: undefined }
    const { signed } = await signedRequest(again, credentials, String(headers?.['x-amz-date']))
    assert.equal(headers?.authorization, signed.headers.authorization)
    await session.hub.disconnectAll()
  })

  it('is a new one for each attempt, and for each request of a poll', async () => {
    const seen = new Set<string | undefined>()
    const bodies: string[] = []
    const url = await serveHttp(async (request, response) => {
      seen.add(request.headers.authorization)
      bodies.push(Buffer.concat(await request.toArray()).toString())
      response.end(`{"next":${seen.size}}`)
    })
    const session = new SpokenSession()
    const connection = session.connect({
      ...{ url, transport: 'poll', interval: 0, method: 'POST', body: '{"a":1}', cursor: 'json:/next:since' },
      credentials: { ...SUITE, in: 'header' },
    })
    await session.until(() => session.messages(connection.id).length === 3)
    await session.hub.disconnectAll()
    assert.ok(seen.size >= 3, 'the URL differs, so the signature does')
    assert.deepEqual(new Set(bodies), new Set(['{"a":1}']))
  })
})
