/** `--auth` of the terminal: credentials whose secrets are in the environment. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAuth } from '../../src/cli/auth/auth-option.ts'
import { cliTests, runCli } from '../support/cli.ts'
import { DigestServer } from '../support/digest-server.ts'
import { serveHttp } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

const PASSWORD = 'love lace 42'
const ENCODED = Buffer.from(`ada:${PASSWORD}`).toString('base64')

describe('--auth', () => {
  cliTests()

  /** A server that answers with what it was sent. */
  async function echo(): Promise<{ readonly url: string; readonly sent: (string | undefined)[] }> {
    const sent: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      sent.push(request.headers.authorization ?? request.url)
      response.end(`${request.headers.authorization} ${request.url} ${PASSWORD}`)
    })
    return { url, sent }
  }

  it('sends basic, bearer and API key credentials, and prints and saves none of them', async () => {
    const { url, sent } = await echo()
    const file = join(tempDir(), 'a.rtsession')
    for (const [auth, env, header] of [
      ['basic:ada', { REALTIME_PASSWORD: PASSWORD }, `Basic ${ENCODED}`],
      ['bearer', { REALTIME_TOKEN: PASSWORD }, `Bearer ${PASSWORD}`],
      ['api-key:query:my', { REALTIME_API_KEY: PASSWORD }, '/?my=love%20lace%2042'],
    ] as const) {
      const args = ['connect', url, '--auth', auth, '--plain-response', '--save', file, '--format', 'jsonl']
      const { code, stdout, stderr } = await runCli(args, { env })
      assert.equal(code, 0, stderr)
      assert.equal(sent.at(-1), header)
      for (const text of [stdout, stderr, readFileSync(file, 'utf8')])
        for (const secret of [PASSWORD, 'love%20lace', ENCODED.slice(6, -4)])
          assert.ok(!text.includes(secret), `${secret} in ${text}`)
      assert.match(stdout, /"credentials":\{"kind":"[a-z-]+",/)
    }
  })

  it('answers the challenge of digest authentication, in each request of a file', async () => {
    const digest = new DigestServer({ user: 'ada', password: PASSWORD, algorithm: 'SHA-256', uses: 1000 })
    const url = await serveHttp((request, response) => {
      const challenge = digest.refusal(request.method ?? '', request.headers.authorization)
      if (challenge === undefined) response.end('welcome')
      else response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const file = join(tempDir(), 'a.http')
    writeFileSync(file, `GET ${url}a\nAuthorization: Bearer other\n\n###\nGET ${url}b\n`)
    const args = ['run', file, '--auth', 'digest:ada', '--format', 'jsonl']
    const { code, stdout, stderr } = await runCli(args, { env: { REALTIME_PASSWORD: PASSWORD } })
    assert.equal(code, 0, stderr)
    assert.equal(stdout.match(/"challenges":1/g)?.length, 2)
    assert.equal(stdout.match(/welcome/g)?.length, 2)
  })

  it('signs requests to AWS with the variables of its tools', async () => {
    const { url, sent } = await echo()
    const env = {
      ...{
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
        AWS_REGION: 'eu-west-1',
      },
    }
    const args = ['connect', url, '--auth', 'aws:execute-api', '--plain-response']
    const { code, stderr } = await runCli(args, { env })
    assert.equal(code, 0, stderr)
    assert.match(sent[0] ?? '', /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-west-1\/execute-api\//)
    const unknown = await runCli(['connect', url, '--auth', 'aws', '--plain-response'], { env })
    assert.equal(unknown.code, 1)
    assert.match(unknown.stderr, /The AWS service is not known from the host name 127\.0\.0\.1/)
  })

  it('says what is missing, and takes no secret as an argument', async () => {
    const { url } = await echo()
    for (const [args, env, message] of [
      [['--auth', 'basic:ada'], { REALTIME_PASSWORD: '' }, /set the environment variable REALTIME_PASSWORD/],
      [['--auth', 'basic:ada:secret'], {}, /must not have the secret/],
      [['--auth', 'aws'], { AWS_SECRET_ACCESS_KEY: '' }, /AWS_ACCESS_KEY_ID/],
      [['--auth', 'ntlm'], {}, /It must be basic:USER, /],
      [['--auth', 'bearer', '-H', 'authorization: x'], { REALTIME_TOKEN: 'abcd' }, /leave one of them out/],
    ] as const) {
      const { code, stderr } = await runCli(['connect', url, ...args], { env })
      assert.equal(code, 2, stderr)
      assert.match(stderr, message)
    }
  })

  it('is read in each of its forms', () => {
    assert.deepEqual(readAuth('aws'), { kind: 'aws', in: 'header' })
    assert.deepEqual(readAuth('aws:query'), { kind: 'aws', in: 'query' })
    assert.deepEqual(readAuth('aws:query:iotdevicegateway'), {
      kind: 'aws',
      in: 'query',
      service: 'iotdevicegateway',
    })
    assert.deepEqual(readAuth('api-key:subprotocol:a.b:'), {
      kind: 'api-key',
      in: 'subprotocol',
      name: 'a.b:',
    })
    for (const wrong of [
      '',
      'basic',
      'basic:',
      'digest',
      'bearer:t',
      'aws:',
      'aws:a:b',
      'aws:query:',
      'api-key:body:a',
      'api-key:header:',
    ])
      assert.throws(() => readAuth(wrong), { code: 'BAD_VALUE' }, wrong)
  })
})
