import assert from 'node:assert/strict'
import { NetworkObserver } from '../../src/attach/network-observer.ts'
import { content, RecordedTraffic } from './recorded-traffic.ts'

describe('fields of a request and a response that DevTools reports apart', () => {
  const request = { url: 'http://localhost/a', method: 'GET', headers: { accept: '*/*' } }
  const response = {
    url: request.url,
    status: 200,
    statusText: 'OK',
    headers: { 'content-type': 'text/plain' },
  }
  /** What DevTools reports, in the usual order. */
  const EVENTS = {
    'Network.requestWillBeSent': { loaderId: '', documentURL: '', request, timestamp: 1 },
    'Network.requestWillBeSentExtraInfo': { headers: { cookie: 'a=1' } },
    'Network.responseReceivedExtraInfo': { statusCode: 200, headers: { 'set-cookie': 'b=2' } },
    'Network.responseReceived': { type: 'Fetch', response, hasExtraInfo: true, timestamp: 2 },
    'Network.dataReceived': { dataLength: 3, data: Buffer.from('abc').toString('base64'), timestamp: 3 },
    'Network.loadingFinished': { timestamp: 4 },
  }

  /** The exchange that is reported if the events arrive in that order. */
  async function observe(order: readonly (keyof typeof EVENTS)[]) {
    const host = new RecordedTraffic()
    const observer = new NetworkObserver(
      { host, through: 1, program: '', control: {}, call: async () => ({}), locate: () => undefined },
      () => true,
    )
    for (const name of order) observer.event(name, { requestId: '1', ...EVENTS[name] }, (at) => at, 5)
    await host.until(() => host.exchanges[0]?.end === 'complete')
    return host.exchanges[0] ?? assert.fail()
  }

  const orders: readonly [string, readonly (keyof typeof EVENTS)[]][] = [
    ['before the response', Object.keys(EVENTS) as (keyof typeof EVENTS)[]],
    [
      'before the request, and after the response',
      [
        'Network.requestWillBeSentExtraInfo',
        'Network.requestWillBeSent',
        'Network.responseReceived',
        'Network.responseReceivedExtraInfo',
        'Network.dataReceived',
        'Network.loadingFinished',
      ],
    ],
    [
      'after the end',
      [
        'Network.requestWillBeSent',
        'Network.requestWillBeSentExtraInfo',
        'Network.responseReceived',
        'Network.dataReceived',
        'Network.loadingFinished',
        'Network.responseReceivedExtraInfo',
      ],
    ],
  ]
  for (const [when, order] of orders)
    it(`are those on the connection if they arrive ${when}`, async () => {
      const { start, head, ...exchange } = await observe(order)
      assert.equal(start.headers?.cookie, 'a=1')
      assert.equal(head?.headers['set-cookie'], 'b=2')
      assert.equal(content({ start, ...exchange }), 'abc')
    })

  it('are those that the program sees, if they never arrive', async () => {
    const { start, head } = await observe([
      'Network.requestWillBeSent',
      'Network.responseReceived',
      'Network.dataReceived',
      'Network.loadingFinished',
    ])
    assert.equal(start.headers?.accept, '*/*')
    assert.equal(head?.headers['content-type'], 'text/plain')
  })
})
