import assert from 'node:assert/strict'
import { Client, type IMessage } from '@stomp/stompjs'
import { WebSocket } from 'ws'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of STOMP, served by content', () => {
  let client: Client
  let served: ServedTest
  let heard: (line: string) => void = () => {}

  beforeEach(async () => {
    served = await serveRecording('stomp.rtsession', { loop: true })
    client = new Client({
      webSocketFactory: () => new WebSocket(served.url, ['v12.stomp']),
      connectHeaders: { login: 'somebody', passcode: 'else' },
      heartbeatIncoming: 1000,
      reconnectDelay: 0,
      debug: (line) => heard(line),
    })
    const connected = new Promise<void>((resolve) => {
      client.onConnect = () => resolve()
    })
    client.activate()
    await connected
  })
  afterEach(async () => {
    await client.deactivate({ force: true })
    await stopServing()
  })

  it('sends messages to the subscriptions of the client, and receipts for its own', async () => {
    const jobs: IMessage[] = []
    const chat: IMessage[] = []
    const receipt = new Promise<void>((resolve) => client.watchForReceipt('mine', () => resolve()))
    await new Promise<void>((resolve) => {
      const counted = (list: IMessage[]) => (message: IMessage) => {
        list.push(message)
        if (jobs.length >= 3 && chat.length >= 1) resolve()
      }
      client.subscribe('/queue/jobs', counted(jobs), { id: 'my jobs', ack: 'client-individual' })
      client.subscribe('/topic/chat', counted(chat), { id: 'my chat' })
      client.publish({ destination: '/queue/jobs', body: 'two' })
      client.publish({
        destination: '/topic/chat',
        body: 'héllo ✓',
        headers: { 'content-type': 'text/plain', receipt: 'mine', 'x-colon': 'a:b\nc' },
      })
    })
    await receipt
    assert.equal(chat[0]?.body, 'héllo ✓')
    assert.equal(chat[0]?.headers.subscription, 'my chat')
    assert.ok(jobs.every(({ headers }) => headers.subscription === 'my jobs'))
    assert.equal(jobs.at(-1)?.body, 'two')
    for (const message of jobs) message.ack()
  })

  it('sends heart-beats that keep the client connected', async () => {
    const times: number[] = []
    const lost = new Promise<boolean>((resolve) => {
      client.onHeartbeatLost = () => resolve(true)
    })
    const kept = new Promise<boolean>((resolve) => {
      heard = (line) => {
        if (line === '<<< PONG') times.push(performance.now())
        if (times.length === 3) resolve(false)
      }
    })
    assert.equal(await Promise.race([lost, kept]), false)
    const [first = 0, , third = 0] = times
    // The server has agreed to one each second.
    assert.ok(third - first > 1500)
  })

  it('ends as recorded after an error', async () => {
    const error = new Promise<string>((resolve) => {
      client.onStompError = ({ headers }) => resolve(headers.message ?? '')
    })
    client.publish({ destination: '/nosuch/dest', body: 'x' })
    assert.equal(await error, 'Unknown destination')
  })
})
