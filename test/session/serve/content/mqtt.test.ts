import assert from 'node:assert/strict'
import { connectAsync, type MqttClient } from 'mqtt'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of MQTT, served by content', () => {
  let client: MqttClient | undefined
  let served: ServedTest

  beforeEach(async () => {
    served = await serveRecording('mqtt.rtsession', { loop: true })
  })
  afterEach(async () => {
    await client?.endAsync(true)
    await stopServing()
  })

  async function connect(): Promise<MqttClient> {
    client = await connectAsync(served.url, { clientId: 'another', keepalive: 1, reconnectPeriod: 0 })
    return client
  }

  it('answers in another order, with the packet ids of the client', async () => {
    const mqtt = await connect()
    const messages: string[] = []
    const both = new Promise<void>((resolve) => {
      mqtt.on('message', (topic, payload) => {
        messages.push(`${topic} ${payload.toString('hex')}`)
        if (messages.length === 2) resolve()
      })
    })
    await mqtt.publishAsync('chat/b', Buffer.from('000102ff', 'hex'), { qos: 2 })
    await mqtt.publishAsync('chat/a', 'hi ✓', { qos: 1 })
    await both
    assert.deepEqual(messages.toSorted(), [
      `chat/a ${Buffer.from('hi ✓').toString('hex')}`,
      'chat/b 000102ff',
    ])
  })

  it('publishes to a topic after the client has subscribed to it', async () => {
    const mqtt = await connect()
    const arrived = new Promise<string>((resolve) =>
      mqtt.on('message', (topic, payload) => {
        if (topic.startsWith('sensors/')) resolve(String(payload))
      }),
    )
    const granted = await mqtt.subscribeAsync({
      'sensors/#': { qos: 0 },
      'chat/+': { qos: 2 },
      cmd: { qos: 1 },
    })
    assert.deepEqual(
      granted.map(({ topic, qos }) => `${topic} ${qos}`),
      ['sensors/# 0', 'chat/+ 2', 'cmd 1'],
    )
    assert.match(await arrived, /^\{"c":2\d\}$/)
  })

  it('answers pings', async () => {
    const mqtt = await connect()
    await new Promise<void>((resolve) =>
      mqtt.on('packetreceive', ({ cmd }) => {
        if (cmd === 'pingresp') resolve()
      }),
    )
  })

  it('says that a message is not in it', async () => {
    const mqtt = await connect()
    mqtt.publish('chat/a', 'hi', { qos: 1 })
    await mqtt.publishAsync('chat/a', 'hi ✓', { qos: 1 })
    const wrong = served.told.find((event) => event.type === 'received' && event.matched === false)
    assert.ok(wrong?.type === 'received')
    assert.equal(wrong.nearest, 'event chat/a')
  })
})
