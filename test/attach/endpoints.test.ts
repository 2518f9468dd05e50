import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { attachTo } from '../../src/attach/attachment.ts'
import { parseEndpoint } from '../../src/shared/devtools-endpoint.ts'
import { Failure } from '../../src/shared/failure.ts'
import { closeServers, listen, refusedPort, serveHttp } from '../support/loopback.ts'
import { content, RecordedTraffic, texts } from './recorded-traffic.ts'

describe('an endpoint', () => {
  afterEach(closeServers)

  const attach = (endpoint: string) => attachTo(1, { endpoint }, new RecordedTraffic())

  async function assertFails(endpoint: string, sentence: RegExp): Promise<void> {
    await assert.rejects(attach(endpoint), (thrown) => {
      assert.ok(thrown instanceof Failure, String(thrown))
      assert.match(thrown.message, sentence)
      return true
    })
  }

  /** A program with one target, which answers and reports what `answer` says. */
  async function serveTarget(
    answer: (method: string, id: number, send: (text: string) => void, session?: string) => void,
    path = '/target',
  ) {
    const server = createServer((_request, response) => response.writeHead(404).end())
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (data) => {
        const { method, id, sessionId } = JSON.parse(String(data))
        answer(method, id, (text) => socket.send(text), sessionId)
      })
    })
    return `ws://127.0.0.1:${await listen(server)}${path}`
  }

  it('at which nothing listens is named, with what to start', async () => {
    await assertFails(
      `http://127.0.0.1:${await refusedPort()}`,
      /^Nothing listens at 127\.0\.0\.1:\d+; start Chrome/,
    )
  })

  it('may be a port of this machine, or a host without a scheme', () => {
    for (const [typed, expected] of [
      ['9222', 'http://127.0.0.1:9222/'],
      [' localhost:9229 ', 'http://localhost:9229/'],
      ['[::1]:9222', 'http://[::1]:9222/'],
      ['http://127.0.0.1:9222', 'http://127.0.0.1:9222/'],
      ['ws://127.0.0.1:9229/4a', 'ws://127.0.0.1:9229/4a'],
    ] as const)
      assert.equal(parseEndpoint(typed).href, expected)
    for (const typed of ['', '99999', 'chrome', 'file:///etc/passwd', 'http://'])
      assert.throws(() => parseEndpoint(typed), /^Failure: An endpoint is a URL such as/, typed)
  })

  it('that is no URL is refused', async () => {
    await assertFails('ftp://127.0.0.1', /^An endpoint is a URL such as/)
  })

  it('that answers with something else is refused', async () => {
    for (const body of ['<html>', '{"Browser":1}', '[]'])
      await assertFails(
        await serveHttp((_request, response) => response.end(body)),
        /is no DevTools endpoint/,
      )
  })

  it('that answers without end is given up', async () => {
    const url = await serveHttp((_request, response) => {
      const write = () => {
        while (response.write('x'.repeat(65_536))) {
          // The connection takes more.
        }
      }
      response.on('drain', write)
      write()
    })
    await assertFails(url, /is no DevTools endpoint/)
  })

  it('that names another host is reached at its own', async () => {
    const elsewhere = await refusedPort()
    const url = await serveHttp((_request, response) =>
      response.end(
        JSON.stringify({
          Browser: 'Chrome/1',
          webSocketDebuggerUrl: `ws://example.com:${elsewhere}/browser`,
        }),
      ),
    )
    await assertFails(url, new RegExp(`There is no DevTools endpoint at ws://${new URL(url).host}/browser`))
  })

  it('of a debug session has the name and the limits of what is debugged', async () => {
    const endpoint = await serveTarget((_method, id, send) => send(JSON.stringify({ id, result: {} })))
    const statusOf = async (program: string, title: string) => {
      const options = { endpoint, isDebugSession: true, program, title }
      const attachment = await attachTo(1, options, new RecordedTraffic())
      const status = attachment.status()
      await attachment.detach()
      return { ...status, limits: status.limits.join(' ') }
    }
    const node = await statusOf('Node.js', 'app.js')
    assert.deepEqual(node.targets, [{ type: 'node', title: 'app.js', url: '' }])
    assert.match(node.limits, /Of WebSockets, it reports only that they open and close/)
    assert.doesNotMatch(node.limits, /Worker threads/)
    const page = await statusOf('Chromium', 'Shop')
    assert.deepEqual(page.targets, [{ type: 'page', title: 'Shop', url: '' }])
    assert.match(page.limits, /WebRTC/)
  })

  it('that reports no traffic says how to start the program', async () => {
    const url = await serveTarget((_method, id, send) =>
      send(JSON.stringify({ id, error: { code: -32601, message: "'Network.enable' wasn't found" } })),
    )
    await assertFails(url, /--experimental-network-inspection/)
  })

  it('that speaks something else afterwards ends, and what came before is kept', async () => {
    const report = (method: string, params: object) =>
      JSON.stringify({ method, params: { requestId: '1', ...params } })
    const url = await serveTarget((method, id, send) => {
      send(JSON.stringify({ id, result: {} }))
      if (method !== 'Runtime.runIfWaitingForDebugger') return
      send(report('Network.webSocketCreated', { url: 'ws://127.0.0.1:1/' }))
      const request = { url: 'http://127.0.0.1:1/events', method: 'GET', headers: {} }
      send(report('Network.requestWillBeSent', { requestId: '2', timestamp: 1, request }))
      const response = { url: request.url, status: 200, headers: { 'content-type': 'text/event-stream' } }
      send(report('Network.responseReceived', { requestId: '2', timestamp: 1, response }))
      send(
        report('Network.webSocketFrameReceived', {
          timestamp: 1,
          response: { opcode: 1, payloadData: 'kept' },
        }),
      )
      for (const [timestamp, payloadData] of [
        [1e300, 'not kept'],
        [2, 'later'],
      ])
        send(report('Network.webSocketFrameReceived', { timestamp, response: { opcode: 1, payloadData } }))
      send(report('Network.webSocketFrameReceived', { timestamp: 'soon', response: [] }))
      send(report('Network.webSocketFrameReceived', { timestamp: 2, response: [] }))
      send('not JSON')
    })
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await attachment.done
    assert.deepEqual(texts(host.sockets[0], 'in'), ['kept', 'later'])
    const reason = 'the DevTools connection to the program was lost'
    const { time, ...close } = host.sockets[0]?.events.at(-1) ?? assert.fail()
    assert.deepEqual(close, { type: 'close', reason })
    const { time: failedAt, ...failure } = host.request('/events')?.failure ?? assert.fail()
    assert.deepEqual(failure, { reason })
    assert.deepEqual(host.marks, ['An event of the program cannot be read: Network.webSocketFrameReceived.'])
    assert.match(attachment.status().ended ?? '', /^The endpoint does not speak the DevTools protocol/)
    assert.equal(attachment.status().hasFailed, true)
  })

  it('that is a browser with an empty tab reports what the tab shows later, but not the tab itself', async () => {
    const tab = { targetId: 't', type: 'page', title: 'New Tab', url: 'chrome://newtab/' }
    const request = (requestId: string, documentURL: string) => ({
      method: 'Network.requestWillBeSent',
      params: {
        ...{ requestId, documentURL, timestamp: 1 },
        request: { url: `${documentURL}data`.replace('chrome:', 'https:'), method: 'GET', headers: {} },
      },
    })
    const failed = (requestId: string) => ({
      method: 'Network.loadingFailed',
      params: { requestId, timestamp: 2, errorText: 'net::ERR_FAILED' },
    })
    const url = await serveTarget((method, id, send, sessionId) => {
      send(JSON.stringify({ id, sessionId, result: {} }))
      if (method === 'Target.setDiscoverTargets')
        send(
          JSON.stringify({
            method: 'Target.attachedToTarget',
            params: { sessionId: 's', targetInfo: tab },
          }),
        )
      if (method !== 'Runtime.runIfWaitingForDebugger') return
      const events = [
        ...[request('1', tab.url), failed('1')],
        ...[request('2', 'http://app.example/'), failed('2')],
      ]
      for (const event of events) send(JSON.stringify({ ...event, sessionId }))
    }, '/devtools/browser/1')
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => host.request('http://app.example/data')?.end !== undefined)
    assert.equal(host.exchanges.length, 1)
    await attachment.detach()
  })

  it('is asked with the user and password in its URL, which no failure names', async () => {
    const asked: (string | undefined)[] = []
    const url = await serveHttp((request, response) => {
      asked.push(request.headers.authorization)
      response.end(
        JSON.stringify({ Browser: 'Chrome/1', webSocketDebuggerUrl: 'ws://x/browser?token=t0ps3cret' }),
      )
    })
    const { host } = new URL(url)
    await assertFails(
      `http://user:p%40ss@${host}#top`,
      new RegExp(`^There is no DevTools endpoint at ws://${host}/browser\\?token=\\*\\*\\* `),
    )
    const credentials = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
    assert.deepEqual(asked, [credentials, credentials])
  })

  it('that has been stopped is left all the same', async () => {
    const paused: WebSocket[] = []
    const server = createServer((_request, response) => response.writeHead(404).end())
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (data) => {
        const { id, method } = JSON.parse(String(data))
        socket.send(JSON.stringify({ id, result: {} }))
        if (method !== 'Runtime.runIfWaitingForDebugger') return
        socket.pause()
        paused.push(socket)
      })
    })
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: `ws://127.0.0.1:${await listen(server)}/target` }, host)
    assert.equal(paused.length, 1)
    await attachment.detach()
    assert.equal(attachment.status().ended, 'The inspector has detached from the program.')
  })

  it('that reports a request has it recorded before there is a response', async () => {
    const url = await serveTarget((method, id, send) => {
      send(JSON.stringify({ id, result: {} }))
      if (method !== 'Runtime.runIfWaitingForDebugger') return
      const headers = { cookie: 'a=1' }
      const request = { url: 'http://127.0.0.1:1/held', method: 'GET', headers: {} }
      const events = {
        'Network.requestWillBeSent': { requestId: '1', timestamp: 1, request },
        'Network.requestWillBeSentExtraInfo': { requestId: '1', headers },
      }
      for (const [name, params] of Object.entries(events)) send(JSON.stringify({ method: name, params }))
    })
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => host.request('/held') !== undefined)
    assert.deepEqual(host.request('/held')?.start.headers, { cookie: 'a=1' })
    assert.equal(host.request('/held')?.end, undefined)
    await attachment.detach()
    assert.equal(host.request('/held')?.end, 'failed')
  })

  it('that reloads a page at a URL that the page gave itself says that it was reloaded', async () => {
    const frame = (url: string) => ({ frame: { id: 'f', loaderId: url, url } })
    const url = await serveTarget((method, id, send) => {
      send(JSON.stringify({ id, result: {} }))
      if (method !== 'Runtime.runIfWaitingForDebugger') return
      const report = (name: string, params: object) => send(JSON.stringify({ method: name, params }))
      report('Page.frameNavigated', frame('http://app.example/'))
      report('Page.navigatedWithinDocument', { frameId: 'other', url: 'http://app.example/frame' })
      report('Page.navigatedWithinDocument', { frameId: 'f', url: 'http://app.example/item' })
      report('Page.frameNavigated', frame('http://app.example/item'))
    })
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => host.marks.length === 2)
    assert.deepEqual(host.marks, [
      'The page opened: http://app.example/',
      'The page was reloaded: http://app.example/item',
    ])
    await attachment.detach()
  })

  it('with more targets than are followed says so once', async () => {
    const url = await serveTarget((method, id, send) => {
      send(JSON.stringify({ id, result: {} }))
      if (method !== 'Target.setDiscoverTargets') return
      for (let n = 0; n < 502; n++)
        send(
          JSON.stringify({
            method: 'Target.attachedToTarget',
            params: { sessionId: `s${n}`, targetInfo: { targetId: `t${n}`, type: 'worker' } },
          }),
        )
    }, '/devtools/browser/1')
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => host.marks.length > 0)
    assert.deepEqual(host.marks, [
      'The program has more than 500 pages and workers; those beyond are not followed.',
    ])
    assert.equal(attachment.status().targets.length, 500)
    await attachment.detach()
  })

  it('from whose pages a worker is attached to goes on with another session when one ends', async () => {
    let tell: (method: string, params: object, sessionId?: string) => void = () => {}
    const url = await serveTarget((method, id, send, sessionId) => {
      tell = (name, params, from) => send(JSON.stringify({ method: name, params, sessionId: from }))
      send(JSON.stringify({ id, sessionId, result: {} }))
      if (method === 'Network.enable' && sessionId === 'worker by 2')
        for (const text of ['two', 'three']) frame(text, 'worker by 2')
      if (method !== 'Target.setDiscoverTargets') return
      for (const page of ['1', '2']) {
        const targetInfo = { targetId: page, type: 'page' }
        tell('Target.attachedToTarget', { sessionId: page, targetInfo })
      }
      for (const page of ['1', '2']) {
        const targetInfo = { targetId: 'w', type: 'service_worker' }
        tell('Target.attachedToTarget', { sessionId: `worker by ${page}`, targetInfo }, page)
      }
      const created = { requestId: 'r', url: 'ws://127.0.0.1/worker' }
      tell('Network.webSocketCreated', created, 'worker by 1')
      frame('one', 'worker by 1')
      tell('Target.detachedFromTarget', { sessionId: '1' })
    }, '/devtools/browser/1')
    let timestamp = 1
    const frame = (payloadData: string, session: string) =>
      tell(
        'Network.webSocketFrameReceived',
        { requestId: 'r', timestamp: timestamp++, response: { opcode: 1, payloadData } },
        session,
      )
    const host = new RecordedTraffic()
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => texts(host.socket('/worker'), 'in').length === 3)
    assert.deepEqual(texts(host.socket('/worker'), 'in'), ['one', 'two', 'three'])
    assert.equal(attachment.status().targets.length, 2)
    tell('Target.detachedFromTarget', { sessionId: '2' })
    await host.until(() => host.socket('/worker')?.events.at(-1)?.type === 'close')
    await attachment.detach()
  })

  it('that gives only the events of a long event stream says how many it lacks', async () => {
    const url = await serveTarget((method, id, send) => {
      const isRefused = /ResourceContent|getResponseBody/.test(method)
      send(JSON.stringify(isRefused ? { id, error: { message: 'No data' } } : { id, result: {} }))
      if (method !== 'Runtime.runIfWaitingForDebugger') return
      const report = (name: string, params: object) =>
        send(JSON.stringify({ method: name, params: { requestId: '1', timestamp: 1, ...params } }))
      const request = { url: 'http://127.0.0.1:1/events', method: 'GET', headers: {} }
      const response = { url: request.url, status: 200, headers: { 'content-type': 'text/event-stream' } }
      report('Network.requestWillBeSent', { request })
      report('Network.responseReceived', { response })
      report('Network.dataReceived', { dataLength: 20 })
      for (let n = 1; n <= 1007; n++)
        report('Network.eventSourceMessageReceived', { eventName: 'message', eventId: '', data: `${n}` })
      report('Network.loadingFinished', {})
    })
    const host = new RecordedTraffic(1)
    const attachment = await attachTo(1, { endpoint: url }, host)
    await host.until(() => host.request('/events')?.end !== undefined)
    assert.equal(content(host.request('/events')).split('\n\n').length - 1, 1000)
    assert.match(host.marks[0] ?? '', /without comments, and without the last 7 of them\.$/)
    await attachment.detach()
  })

  it('of one page says which page that is', async () => {
    const targetInfo = {
      targetId: '1',
      type: 'page',
      title: 'App',
      url: 'http://app.example/?token=t0ps3cret',
    }
    const url = await serveTarget(
      (method, id, send) =>
        send(JSON.stringify({ id, result: method === 'Target.getTargetInfo' ? { targetInfo } : {} })),
      '/devtools/page/1',
    )
    const attachment = await attachTo(1, { endpoint: url }, new RecordedTraffic())
    assert.deepEqual(attachment.status().targets, [
      { type: 'page', title: 'App', url: 'http://app.example/?token=***' },
    ])
    await attachment.detach()
  })
})
