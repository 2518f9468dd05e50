import assert from 'node:assert/strict'
import SockJs from 'sockjs-client'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { eventsOf, serve, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of SockJS, served by content', () => {
  let sock: SockJs | undefined

  afterEach(async () => {
    sock?.close()
    await stopServing()
  })

  function connect(url: string, transport: string): SockJs {
    sock = new SockJs(`${new URL(url.replace(/^ws/, 'http')).origin}/sock`, null, { transports: [transport] })
    return sock
  }

  it('takes messages over a WebSocket in another order, at a path of the client', async () => {
    const { url } = await serveRecording('sockjs-ws.rtsession')
    await talk(connect(url, 'websocket'))
  })

  it('takes messages over a stream and requests, at paths of the client', async () => {
    const { url } = await serve(withTimes(await eventsOf('sockjs-xhr-streaming.har')))
    await talk(connect(url, 'xhr-streaming'))
  })

  it('takes messages over polls and requests', async () => {
    const { url } = await serve(withTimes(await eventsOf('sockjs-xhr-streaming.har')))
    await talk(connect(url, 'xhr-polling'))
  })

  async function talk(socket: SockJs): Promise<void> {
    const texts: string[] = []
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code)
    })
    await new Promise<void>((resolve) => {
      socket.onmessage = ({ data }) => {
        texts.push(data)
        if (data === 'echo one') resolve()
        if (data.startsWith('echo {')) socket.send('one')
      }
      socket.onopen = () => socket.send('{"two":"ü"}')
    })
    assert.equal(texts[0], 'welcome')
    assert.equal(texts[1], 'echo {"two":"ü"}')
    socket.send('bye')
    assert.equal(await closed, 4001)
  }
})

/** A HAR file has no times for what is in a stream: gives what answers a message a time after it. */
function withTimes(events: readonly RealtimeEvent[]): RealtimeEvent[] {
  const times = new Map([
    ['a["echo one"]', 20],
    ['a["echo {\\"two\\":\\"ü\\"}"]', 50],
  ])
  const timed = events.map((event) => {
    if (event.type !== 'message' || event.direction === 'out') return event
    const text = Buffer.from(event.payload).toString().trim()
    const time = text === 'o' || text.startsWith('h') || text === 'a["welcome"]' ? 10 : times.get(text)
    return { ...event, time: time ?? event.time }
  })
  return timed.toSorted((a, b) => a.time - b.time)
}
