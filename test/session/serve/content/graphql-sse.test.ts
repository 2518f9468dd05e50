import assert from 'node:assert/strict'
import { eventsOf, serve, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of GraphQL over event streams, served by content', () => {
  afterEach(stopServing)

  async function post(url: string, body: unknown): Promise<{ status: number; text: string }> {
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body, undefined, 2) })
    return { status: response.status, text: await response.text() }
  }

  it('answers an operation that is written in another way', async () => {
    const { url } = await serveRecording('graphql-sse.rtsession')
    const { status, text } = await post(url, { query: 'subscription { ticks(count:3) { n } }' })
    assert.equal(status, 200)
    assert.match(text, /event: next\ndata: \{"data":\{"ticks":\{"n":3\}\}\}\n\nevent: complete\n/)
  })

  it('names the nearest operation to one that is not in it, without secrets', async () => {
    const body = '{"query":"subscription { ticks(count:3) { n } }","variables":{"password":"hunter2"}}'
    const events = await eventsOf('graphql-sse.rtsession')
    const served = await serve(events.map((event) => (event.type === 'connect' ? { ...event, body } : event)))
    const { status, text } = await post(served.url, { query: 'subscription { ticks(count:4) { n } }' })
    assert.equal(status, 404)
    assert.match(text, /the nearest is: .*ticks\(count:3\)/)
    assert.doesNotMatch(text, /hunter2/)
    assert.doesNotMatch(JSON.stringify(served.told), /hunter2/)
  })
})
