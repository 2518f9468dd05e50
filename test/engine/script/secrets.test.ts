/** Secrets of a request: nothing that leaves a live session, and no file of it, has them. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'
import type { Credentials } from '../../../src/shared/credentials.ts'
import { EXPORT_FORMATS } from '../../../src/shared/protocol/saving.ts'
import { REPORT_FORMATS } from '../../../src/shared/protocol.ts'
import { becomes } from '../../support/eventually.ts'
import { listen, serveHttp } from '../../support/loopback.ts'
import { ScriptSession, text, WAIT } from '../../support/script-session.ts'

const SECRET = 'k9!Zq/ü w7'
const LONGER = 'hunter2-hunter2'
/** Parts of the secrets in any form: as text, in a URL, in JSON, in base64. */
const TRACES = ['k9!Zq', 'k9%21Zq', 'k9%21zq', ...inBase64('k9!Zq/ü w7'), 'hunter2', ...inBase64(LONGER)]

function inBase64(secret: string): string[] {
  return ['', 'a', 'ab'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(before === '' ? 0 : 4, -4),
  )
}

/** What was made of secrets in a test: signatures, and responses to challenges. */
const made: string[] = []

function assertClean(content: string | Buffer, what: string): void {
  for (const trace of [...TRACES, ...made]) assert.ok(!content.includes(trace), `${trace} is in ${what}`)
}

/** Every file of a folder, read whole. */
function filesIn(folder: string): [name: string, bytes: Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path)])
}

describe('the secrets of a request', () => {
  let session: ScriptSession

  beforeEach(() => {
    session = new ScriptSession()
    made.length = 0
  })
  afterEach(() => session.live.close())

  /** Everything that the session says or writes, by what it is. */
  async function said(): Promise<void> {
    const { handlers, live } = session
    const { events } = live.engine.status()
    const indexes = Array.from({ length: events }, (_, index) => index)
    assertClean(JSON.stringify(live.engine.status()), 'the status')
    assertClean(JSON.stringify(live.statuses), 'a status')
    assertClean(JSON.stringify(live.log), 'the log')
    assertClean(JSON.stringify(await handlers.lines({ from: 0, max: 1000 })), 'the lines')
    assertClean(JSON.stringify(await handlers.previews({ indexes })), 'the previews')
    assertClean(JSON.stringify(await handlers.report(null)), 'the report')
    assertClean((await handlers.sessionCommands({ reveal: true })).text, 'the commands')
    for (const index of indexes) {
      const { fields, payload } = await handlers.detail({ index, maxBytes: 10_000 })
      assertClean(JSON.stringify(fields), `the details of ${index}`)
      assertClean(Buffer.from(payload ?? []), `the payload of ${index}`)
      if (payload === undefined) continue
      for (const form of ['json', 'text', 'hex', 'base64'] as const) {
        const copied = async () => await handlers.copyText({ index, form })
        assertClean(await copied().catch(String), `the payload of ${index} as ${form}`)
      }
    }
    const reveal = ['authorization', 'token', 'x-key', 'user:password']
    for (const as of [undefined, ...EXPORT_FORMATS]) {
      const path = join(live.folder, `saved.${as ?? 'rtsession'}`)
      const saving = async () => await handlers.save({ path, reveal, ...(as !== undefined && { as }) })
      // A request with a binary body is nothing for a scenario.
      await saving().catch((thrown: unknown) => {
        if (as !== 'artillery.yml') throw thrown
        assertClean(String(thrown), 'the failure')
      })
    }
    for (const format of REPORT_FORMATS)
      assertClean((await handlers.reportDocument({ format })).text, `the report as ${format}`)
    for (const [path, bytes] of filesIn(live.folder)) assertClean(bytes, path)
  }

  it('can be added while the connection is open', async () => {
    const { got } = await session.open({})
    await session.handlers.keepSecrets({ secrets: [SECRET] })
    const message = { format: 'text', text: `login ${SECRET}` } as const
    await session.handlers.send({ id: session.id, message })
    await becomes(() => got, [`login ${SECRET}`])
    await said()
  })

  it('are nowhere in a session of a WebSocket that sent them and got them back', async () => {
    const server = createServer()
    const heard: string[] = []
    const headers: unknown[] = []
    new WebSocketServer({ server }).on('connection', (peer, request) => {
      headers.push(request.url, request.headers.authorization, request.headers['x-key'])
      peer.on('message', (data, isBinary) => {
        heard.push(String(data))
        peer.send(data, { binary: isBinary })
        // Many small messages arrive as one batch.
        for (let n = 0; n < 20; n++) peer.send(`{"n":${n},"echo":${JSON.stringify(String(data))}}`)
        if (heard.length === 3) peer.close(4000, `not ${LONGER}`)
      })
    })
    const port = await listen(server)
    const basic = Buffer.from(`me:${SECRET}`).toString('base64')
    await session.connect(
      {
        url: `ws://127.0.0.1:${port}/${encodeURIComponent(SECRET)}?key=${LONGER}&room=dev`,
        headers: { Authorization: `Basic ${basic}`, 'X-Key': LONGER, 'X-Plain': `a ${LONGER} b` },
        reconnect: 'never',
      },
      {
        steps: [
          text(`{"login":"{{password}}","room":"dev"}`),
          WAIT,
          {
            kind: 'send',
            message: { format: 'base64', text: Buffer.from(`\0\xff${LONGER}`, 'latin1').toString('base64') },
          },
          WAIT,
          text(`again ${basic}`),
        ],
        values: [{ name: 'back', path: '$.echo', filter: '$.n == 19' }],
        variables: { password: SECRET },
      },
      [SECRET, LONGER],
    )
    await session.live.until(() => session.connection.state === 'closed')
    // The peer got what was meant.
    assert.equal(heard[0], `{"login":"${SECRET}","room":"dev"}`)
    assert.match(String(heard[1]), /hunter2/)
    assert.deepEqual(headers, [
      `/${encodeURIComponent(SECRET)}?key=${LONGER}&room=dev`,
      `Basic ${basic}`,
      LONGER,
    ])
    const { variables } = await session.handlers.scriptValues({ id: session.id })
    assert.match(variables.back ?? '', /^again /)
    await said()
    const events = await session.events()
    const sent = events.filter(({ direction }) => direction === 'out')
    const first = JSON.stringify({ login: '*'.repeat(Buffer.from(SECRET).length), room: 'dev' })
    assert.equal(sent[0]?.text, first)
    assert.deepEqual([sent[0]?.masked, sent[0]?.size], [true, Buffer.byteLength(heard[0] ?? '')])
    assert.deepEqual(events.find(({ type }) => type === 'close')?.reason, 'not ***')
    assert.match(String(events[0]?.url), /\/\*\*\*\?key=\*\*\*&room=dev$/)
    assert.deepEqual(events[0]?.headers, { Authorization: '***', 'X-Key': '***', 'X-Plain': 'a *** b' })
  })

  it('are nowhere in a session of an event stream that a body with them asked for', async () => {
    const url = await serveHttp((request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Echo': LONGER })
      response.write(`event: ${LONGER}\nid: ${LONGER}\ndata: you said ${LONGER}\n\n`)
      request.pipe(response)
    })
    const body = { base64: Buffer.from(`data: ${SECRET}\n\n`).toString('base64') }
    await session.connect({ url, method: 'POST', body, reconnect: 'never' }, {}, [SECRET, LONGER])
    await session.live.until(() => session.connection.state === 'closed')
    await said()
    const events = await session.events()
    const message = events.find(({ type }) => type === 'message')
    assert.deepEqual([message?.event, message?.id], ['***', '***'])
    assert.equal(message?.text, `you said ${'*'.repeat(LONGER.length)}`)
    assert.ok(!JSON.stringify(events).includes(body.base64))
  })

  it('are nowhere in what a failed connection says', async () => {
    const url = await serveHttp((_, response) => response.writeHead(401).end(`wrong: ${LONGER}`))
    await session.connect({ url: `${url}${LONGER}`, transport: 'sse' }, { steps: [text('never')] }, [LONGER])
    await session.live.until(() => session.connection.state === 'failed')
    await said()
    await assert.rejects(session.connect({ url: `htp://${LONGER}` }, {}, [LONGER]), ({ message }: Error) => {
      assertClean(message, 'the failure')
      return true
    })
  })

  for (const credentials of [
    { kind: 'basic', user: 'ada', password: SECRET },
    { kind: 'bearer', token: LONGER },
    { kind: 'api-key', in: 'query', name: 'room', value: LONGER },
    { kind: 'digest', user: 'ada', password: LONGER },
    { kind: 'aws', accessKeyId: 'AKID', secretAccessKey: LONGER, region: 'r', service: 's', in: 'header' },
    { kind: 'aws', accessKeyId: 'AKID', secretAccessKey: LONGER, region: 'r', service: 's', in: 'query' },
  ] as const satisfies readonly Credentials[])
    it(`are nowhere if they are credentials, nor is what is made of them: ${credentials.kind}`, async () => {
      const challenge = 'Digest realm="r", qop="auth", nonce="n"'
      const url = await serveHttp(({ url = '', headers: { authorization = '' } }, response) => {
        for (const pattern of [/response="(\w+)"/, /Signature=(\w+)/])
          made.push(...(pattern.exec(`${authorization} ${url}`)?.slice(1) ?? []))
        if (credentials.kind === 'digest' && authorization === '')
          response.writeHead(401, { 'WWW-Authenticate': challenge }).end()
        else
          response
            .writeHead(200, { 'X-Echo': authorization, Link: url })
            .end(`you sent ${authorization} to ${url}`)
      })
      await session.connect({ url, transport: 'poll', interval: 0, credentials, reconnect: 'never' }, {})
      await session.live.until(() => session.connection.messagesIn >= 3)
      await session.handlers.disconnect({ id: session.id })
      const isMade = credentials.kind === 'digest' || credentials.kind === 'aws'
      assert.equal(made.length > 0, isMade)
      await said()
    })

  it('are in what is captured if they are not known to be secret', async () => {
    const { peer, got } = await session.open({ steps: [text(LONGER)] })
    await becomes(() => [...got], [LONGER])
    peer.send(LONGER)
    await session.live.until(() => session.connection.messagesIn === 1)
    assert.ok(JSON.stringify(await session.events()).includes(LONGER))
    assert.ok(filesIn(session.live.folder).some(([, bytes]) => bytes.includes(LONGER)))
  })
})
