/** What is imported runs: against servers on 127.0.0.1, which see what the other program would have sent. */
import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { httpTextOf } from '../../../src/request/imports/http-text.ts'
import { readAllForeign } from '../../../src/request/imports/importers.ts'
import { closeServers, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { ScriptSession } from '../../support/script-session.ts'
import { resolveText } from '../variables/disk.ts'
import { fixture, fixtures } from './fixtures.ts'

const SECRETS: Readonly<Record<string, string>> = { TOKEN: 'tok-3471', DEMO_CREDENTIALS: 'ada:lovelace1' }

describe('imported requests', () => {
  let session: ScriptSession

  beforeEach(() => {
    session = new ScriptSession()
  })
  afterEach(async () => {
    await session.live.close()
    closeServers()
  })

  /** Runs the request with that title of the text. `given` are variables of the command line. */
  async function run(text: string, title: string, given: Readonly<Record<string, string>>): Promise<void> {
    const at = parseRequestFile(text).requests.findIndex(({ name }) => name?.text === title)
    const { spec, script } = await resolveText(text, {
      at,
      given,
      answers: { secret: async (name) => SECRETS[name] ?? assert.fail(name) },
    })
    await session.connect(spec, script)
  }

  /** What a new WebSocket server gets: the request that opened it, and messages. */
  async function socketServer() {
    const seen: { request?: IncomingMessage; readonly messages: string[] } = { messages: [] }
    const url = await serveWebSocket(
      (socket) => {
        socket.on('message', (data) => {
          seen.messages.push(String(data))
          socket.send(`echo ${data}`)
        })
      },
      {
        verifyClient: ({ req }: { req: IncomingMessage }) => {
          seen.request = req
          return true
        },
      },
    )
    return { seen, host: new URL(url).host }
  }

  /** What a new HTTP server gets. It answers with one event. */
  async function eventServer() {
    const seen: { request?: IncomingMessage; body: string } = { body: '' }
    const url = await serveHttp(async (request, response) => {
      seen.request = request
      for await (const chunk of request) seen.body += chunk
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: here\n\n')
    })
    return { seen, host: new URL(url).host }
  }

  it('of Bruno send their messages, with variables of the environment', async () => {
    const { seen, host } = await socketServer()
    // The fixture is encrypted, the server is not.
    const text = httpTextOf(await readAllForeign(fixtures('bruno/bru'))).text.replace('wss:', 'ws:')
    await run(text, 'Feeds / Ticker', { host, token: 'tok-1' })
    await session.live.until(() => session.connection.messagesIn === 2)
    assert.deepEqual(seen.messages, ['{\n  "action": "subscribe",\n  "room": "eur"\n}', 'ping'])
    assert.equal(seen.request?.url, '/ticker?room=eur')
    assert.equal(seen.request?.headers.authorization, 'Bearer tok-1')
    assert.equal(seen.request?.headers['x-all'], 'yes')
  })

  it('of Bruno send bodies and the credentials of their folders', async () => {
    const { seen, host } = await eventServer()
    const text = httpTextOf(await readAllForeign(fixtures('bruno/yml'))).text.replaceAll('https:', 'http:')
    await run(text, 'Feeds / Events', { host })
    await session.live.until(() => session.connection.messagesIn === 1)
    assert.equal(seen.request?.method, 'POST')
    assert.equal(seen.request?.url, '/rooms/7/events?since=0')
    assert.equal(seen.request?.headers.authorization, `Basic ${btoa('ada:lovelace1')}`)
    assert.deepEqual(JSON.parse(seen.body), { room: 'eur' })
  })

  it('of Insomnia send headers, parameters and paths', async () => {
    const { seen, host } = await socketServer()
    const { text } = httpTextOf(await readAllForeign([fixture('insomnia/chat-5.0.yaml')]))
    await run(text, 'Rooms / Talk', { host, token: 'tok-2' })
    await session.live.until(() => session.connection.state === 'open')
    assert.equal(seen.request?.url, '/rooms/lobby?since=two%20days')
    assert.equal(seen.request?.headers.authorization, 'Bearer tok-2')
    assert.match(String(seen.request?.headers['x-request']), /^[\da-f-]{36}$/)
  })

  it('of AsyncAPI connect to the channel of a server', async () => {
    const { seen, host } = await socketServer()
    const { text } = httpTextOf(await readAllForeign([fixture('asyncapi/chat-3.0.yaml')]))
    await run(text, '/rooms/{room} on local', { host, room: 'kitchen' })
    await session.live.until(() => session.connection.state === 'open')
    assert.equal(seen.request?.url, '/rooms/kitchen?since=0')
    assert.equal(seen.request?.headers.authorization, 'Bearer tok-3471')
    assert.equal(seen.request?.headers['x-client'], 'studio')
  })
})
