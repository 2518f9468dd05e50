/** The demo in a real extension host: its server in a worker, and connections to all of its endpoints. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type * as vscode from 'vscode'
import type { RealtimeInspectorApi, SessionEvent } from '../../src/vscode/api.ts'
import { activated, run, until } from './inspector.ts'

const TRANSPORTS = [
  ...['websocket', 'sse', 'long-poll', 'poll', 'http-stream', 'http-stream'],
  // Socket.IO, GraphQL, and the answer of a language model.
  ...['websocket', 'websocket', 'sse'],
]

async function start(): Promise<number[]> {
  const ids = await run('startDemo')
  assert.ok(Array.isArray(ids) && ids.every((id) => typeof id === 'number'), JSON.stringify(ids))
  return ids
}

describe('the demo', () => {
  let api: RealtimeInspectorApi
  const heard: SessionEvent[] = []
  let listening: vscode.Disposable

  before(async () => {
    api = await activated()
    listening = api.onEvent((event) => heard.push(event))
  })

  // Later suites start with an empty session.
  after(async () => {
    listening.dispose()
    await run('stopDemo')
    await run('clear')
  })

  const of = (ids: readonly number[]) =>
    ids.map((id) => api.connections().find((each) => each.id === id) ?? assert.fail(`no connection ${id}`))

  it('connects to each of its endpoints, and receives events from each', async () => {
    const ids = await start()
    assert.deepEqual(
      of(ids).map(({ transport }) => transport),
      TRANSPORTS,
    )
    for (const { url } of of(ids)) assert.equal(new URL(url).hostname, '127.0.0.1')
    const bringers = () =>
      new Set(
        heard
          .filter(({ type, direction }) => type === 'message' && direction !== 'out')
          .map((event) => event.connection),
      )
    await until(() => ids.every((id) => bringers().has(id)))
  })

  it('sends what a client of the protocols would send', async () => {
    await start()
    const hasSent = (text: string) =>
      heard.some((event) => event.direction === 'out' && event.text?.includes(text))
    for (const text of ['["sum",20,22]', '["buy",1]', '"type":"subscribe"']) await until(() => hasSent(text))
  })

  it('keeps existing connections', async () => {
    // The last one ends by itself.
    const ids = (await start()).slice(0, -1)
    assert.deepEqual((await start()).slice(0, -1), ids)
    assert.equal(new Set(api.connections().map(({ url }) => url)).size, TRANSPORTS.length)
  })

  it('opens one feed by each technique, in which the same events come', async () => {
    const ids = (await run('startTechniquesDemo')) as number[]
    assert.deepEqual(
      of(ids).map(({ transport }) => transport),
      ['websocket', 'sse', 'http-stream', 'long-poll', 'poll'],
    )
    const numbersOn = (id: number) =>
      new Set(
        heard
          .filter(({ connection, type }) => connection === id && type === 'message')
          .flatMap(({ text }) => [...String(text).matchAll(/"seq":(\d+)/g)].map(([, seq]) => seq)),
      )
    await until(() => {
      const [first = new Set<string | undefined>(), ...others] = ids.map(numbersOn)
      return [...first].some((seq) => others.every((each) => each.has(seq)))
    })
    await run('compareTechniques')
  })

  it('stops, and starts again with another server', async () => {
    const ids = await start()
    const [{ url = '' } = {}] = of(ids)
    await run('stopDemo')
    await until(() => of(ids).every(({ state }) => state === 'closed'))
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const [error] = await once(socket, 'error')
    assert.equal(error.code, 'ECONNREFUSED')
    const again = await start()
    assert.equal(again.length, TRANSPORTS.length)
    assert.equal(again.filter((id) => ids.includes(id)).length, 0)
    await until(() => of(again).some(({ state }) => state === 'open'))
  })
})
