import assert from 'node:assert/strict'
import type { Credentials } from '../../../src/shared/credentials.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import {
  type FormFields,
  fieldsOf,
  problemsOf,
  shownSpecOf,
  specOf,
} from '../../../webview/state/connect-form.ts'
import { requestLines } from '../../../webview/state/request-preview.ts'

function fields(spec: ConnectionSpec, change: Partial<FormFields> = {}): FormFields {
  return { ...fieldsOf({ id: 1, spec, known: [], certificates: {}, isRemembered: false }), ...change }
}

const URL = 'ws://h/x?a=1'
const EACH: readonly (readonly [Credentials, shown: string])[] = [
  [{ kind: 'basic', user: 'ada', password: '***' }, 'Authorization: Basic ••••••'],
  [{ kind: 'bearer', token: '***' }, 'Authorization: Bearer ••••••'],
  [{ kind: 'digest', user: 'ada', password: '***' }, 'Authorization: Digest ••••••'],
  [{ kind: 'api-key', in: 'header', name: 'X-Room', value: '***' }, 'X-Room: ••••••'],
  [{ kind: 'api-key', in: 'query', name: 'k', value: '***' }, 'GET /x?a=1&k=•••••• HTTP/1.1'],
  [
    { kind: 'api-key', in: 'subprotocol', name: 'token', value: '***' },
    'Sec-WebSocket-Protocol: token, ••••••',
  ],
  [
    { kind: 'aws', accessKeyId: 'AKID', secretAccessKey: '***', in: 'header', region: 'eu-west-1' },
    'Authorization: AWS4-HMAC-SHA256 ••••••',
  ],
  [
    {
      kind: 'aws',
      accessKeyId: 'AKID',
      secretAccessKey: '***',
      sessionToken: '***',
      in: 'query',
      service: 'iot',
    },
    'GET /x?a=1&X-Amz-Signature=•••••• HTTP/1.1',
  ],
  [{ kind: 'oauth2', name: 'chat', settings: {} }, 'Authorization: Bearer ••••••'],
]

describe('the credentials of the form', () => {
  for (const [credentials, shown] of EACH)
    it(`are those of the connection that it was opened with: ${shown}`, () => {
      const form = fields({ url: URL, credentials })
      assert.deepEqual(specOf(form), { url: URL, credentials })
      assert.deepEqual(problemsOf(form), {})
      const lines = requestLines(shownSpecOf(form))
      assert.ok(lines.includes(shown), lines.join('\n'))
    })

  it('are typed, and take the place of the header that they set', () => {
    const headers = [{ isUsed: true, name: 'authorization', value: 'Bearer x' }]
    const digest = { auth: 'digest', user: 'ada', secret: 'pw', headers } as const
    assert.deepEqual(specOf(fields({ url: URL }, digest)), {
      url: URL,
      credentials: { kind: 'digest', user: 'ada', password: 'pw' },
    })
    const key = { auth: 'api-key', keyPlace: 'query', keyName: ' k ', secret: 'v', headers } as const
    assert.deepEqual(specOf(fields({ url: URL }, key)), {
      url: URL,
      headers: { authorization: 'Bearer x' },
      credentials: { kind: 'api-key', in: 'query', name: 'k', value: 'v' },
    })
    const none = { auth: 'none' } as const
    assert.equal(
      specOf(fields({ url: URL, credentials: { kind: 'bearer', token: '***' } }, none)).credentials,
      undefined,
    )
  })

  it('have problems that are said', () => {
    const nameless = { auth: 'api-key', secret: 'v' } as const
    assert.match(problemsOf(fields({ url: URL }, nameless)).credentials ?? '', /name of a header/)
    const http = { auth: 'api-key', keyPlace: 'subprotocol', keyName: 'k', secret: 'v' } as const
    assert.match(problemsOf(fields({ url: 'http://h/' }, http)).credentials ?? '', /only WebSockets/)
    assert.deepEqual(problemsOf(fields({ url: URL }, { auth: 'digest' })), {})
  })
})
