/** HAR files of other programs. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { openRecording } from '../../../src/session/open-recording.ts'
import { writeRecording } from '../../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'

const STARTED = Date.parse('2026-11-23T05:00:00.000Z')

async function read(entries: readonly object[]) {
  const file = path.join(tempDir(), 'in.har')
  writeFileSync(file, JSON.stringify({ log: { creator: { name: 'test', version: '1' }, entries } }))
  const recording = await openRecording(file)
  const events: RealtimeEvent[] = []
  for await (const batch of recording.events()) events.push(...batch)
  return { recording, events, problems: recording.problems }
}

interface Exchange {
  readonly method?: string
  readonly url: string
  readonly sent?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
  readonly mimeType?: string | null
  readonly text?: string
  readonly status?: number
  readonly resourceType?: string
}

function pairs(headers: Readonly<Record<string, string>>) {
  return Object.entries(headers).map(([name, value]) => ({ name, value }))
}

/** An entry that starts `second` seconds after the first. */
function exchange(
  second: number,
  { method = 'GET', url, sent, text, type = 'text/plain', ...more }: Exchange,
) {
  const content = {
    size: text?.length ?? 0,
    mimeType: more.mimeType === undefined ? type : more.mimeType,
    text,
  }
  return {
    startedDateTime: new Date(STARTED + 1000 * second).toISOString(),
    time: 20,
    request: { method, url, headers: pairs(more.headers ?? {}), postData: sent },
    response: { status: more.status ?? 200, headers: pairs({ 'Content-Type': type }), content },
    timings: { send: 0, wait: 10, receive: 10 },
    ...(more.resourceType === undefined ? {} : { _resourceType: more.resourceType }),
  }
}

function socket(_webSocketMessages: readonly object[], more: object = {}) {
  return { ...exchange(0, { url: 'ws://h/ws', status: 101 }), _webSocketMessages, ...more }
}

const payloads = (events: readonly RealtimeEvent[]) =>
  events.flatMap((event) =>
    event.type === 'message' ? [`${event.direction} ${Buffer.from(event.payload).toString()}`] : [],
  )

const transports = (events: readonly RealtimeEvent[]) =>
  events.flatMap((event) => (event.type === 'connect' ? [event.transport] : []))

describe('a HAR of another program', () => {
  afterEach(removeTempDirs)

  for (const [what, times] of [
    ['seconds', [STARTED / 1000 + 0.5, STARTED / 1000 + 1]],
    ['milliseconds', [STARTED + 500, STARTED + 1000]],
    ['microseconds', [(STARTED + 500) * 1000, (STARTED + 1000) * 1000]],
    ['seconds as text', [`${STARTED / 1000 + 0.5}`, `${STARTED / 1000 + 1}`]],
    ['dates', ['2026-11-23T05:00:00.500Z', '2026-11-23T06:00:01+01:00']],
  ] as const)
    it(`has messages at their times, written as ${what}`, async () => {
      const { recording, events, problems } = await read([
        socket(times.map((time, index) => ({ type: 'receive', time, opcode: 1, data: String(index) }))),
      ])
      assert.equal(recording.startedAt.toISOString(), '2026-11-23T05:00:00.000Z')
      assert.deepEqual(
        events.filter(({ type }) => type === 'message').map(({ time }) => time),
        [500, 1000],
      )
      assert.deepEqual(problems, [])
    })

  it('reads more messages of a WebSocket than a call can have arguments', async () => {
    const { events, problems } = await read([
      socket(
        Array.from({ length: 300_000 }, (_, index) => ({
          ...{ type: 'receive', opcode: 1, data: 'x' },
          time: (STARTED + index) / 1000,
        })),
      ),
    ])
    assert.deepEqual([events.filter(({ type }) => type === 'message').length, problems], [300_000, []])
  })

  it('gives messages without a time the time of the response head', async () => {
    const { recording, events, problems } = await read([
      socket([
        { type: 'send', time: -1, opcode: 1, data: 'a' },
        { type: 'receive', time: null, opcode: 1, data: 'b' },
        { type: 'receive', opcode: 1, data: 'c' },
      ]),
    ])
    assert.equal(recording.startedAt.getTime(), STARTED)
    assert.deepEqual(payloads(events), ['out a', 'in b', 'in c'])
    assert.ok(events.every(({ time }) => time <= 10))
    assert.equal(problems.length, 1)
  })

  it('uses data that is not text, close frames, and counts what it cannot use', async () => {
    const at = (type: string, opcode: number, data: unknown) => ({
      type,
      time: STARTED / 1000 + 1,
      opcode,
      data,
    })
    const { events, problems } = await read([
      socket([
        at('receive', 1, { a: 1 }),
        at('receive', 1, 5),
        at('receive', 1, null),
        at('sent', 1, 'x'),
        at('receive', 9, 'cA=='),
        at('bogus', 1, 'y'),
        { type: 'receive', time: 1 },
        at('receive', 8, Buffer.from('\x0f\xa1bye', 'latin1').toString('base64')),
      ]),
    ])
    assert.deepEqual(payloads(events), ['in {"a":1}', 'in 5', 'in ', 'out x'])
    assert.deepEqual(events.at(-1), {
      type: 'close',
      connection: 1,
      time: 1000,
      code: 4001,
      reason: 'bye',
      by: 'server',
    })
    assert.deepEqual(problems, ['2 messages in lists of messages could not be read and were left out.'])
  })

  it('uses the content type of the response header if the content has none', async () => {
    for (const mimeType of [null, '', 'x-unknown']) {
      const sse = exchange(0, {
        url: 'https://h/e',
        type: 'text/event-stream',
        mimeType,
        text: 'data: a\n\n',
      })
      const { events } = await read([sse])
      assert.deepEqual([transports(events), payloads(events)], [['sse'], ['in a']])
    }
    const untyped = exchange(0, {
      ...{ url: 'https://h/e', type: '', mimeType: '', text: 'data: a\n\n' },
      headers: { Accept: 'text/event-stream' },
    })
    assert.deepEqual(payloads((await read([untyped])).events), ['in a'])
  })

  it('stores a long event id once, not with every event that has it', async () => {
    const id = 'a'.repeat(200_000)
    const text = `id: ${id}\ndata: 0\n\n${'data: x\n\n'.repeat(3000)}`
    const { recording, events } = await read([
      exchange(0, { url: 'https://h/e', type: 'text/event-stream', text }),
    ])
    const messages = events.filter((event) => event.type === 'message')
    assert.deepEqual([messages.length, messages[0]?.id, messages[1]?.id], [3001, id, undefined])
    assert.ok(messages.slice(1).every(({ sameId }) => sameId === true))
    for (const name of ['out.har', 'out.rtsession']) {
      const file = path.join(tempDir(), name)
      await writeRecording(recording, file)
      assert.ok(readFileSync(file).length < 5 * id.length)
    }
  })

  it('reads every packet of Engine.IO, including posts with an HTML response', async () => {
    for (const resourceType of [undefined, 'xhr', 'fetch']) {
      const url = 'http://h/socket.io/?EIO=4&transport=polling&sid=1'
      const post = (second: number, text: string) =>
        exchange(second, {
          ...{ method: 'POST', url, sent: { mimeType: 'text/plain', text } },
          ...{ type: 'text/html', text: 'ok', ...(resourceType && { resourceType }) },
        })
      const poll = (second: number, text: string) =>
        exchange(second, { url, text, ...(resourceType && { resourceType }) })
      const { recording, events, problems } = await read([
        poll(0, '0{}'),
        post(1, '40'),
        poll(2, '40{}'),
        post(3, '42["a"]'),
      ])
      const all = ['in 0{}', 'out 40', 'in ok', 'in 40{}', 'out 42["a"]', 'in ok']
      assert.deepEqual([payloads(events), problems], [all, []])
      // A HAR of this program preserves all of it, in the standard places.
      const har = path.join(tempDir(), 'out.har')
      await writeRecording(recording, har, { reveal: ['sid'] })
      const again: RealtimeEvent[] = []
      for await (const batch of (await openRecording(har)).events()) again.push(...batch)
      assert.deepEqual(again, events)
      const written = JSON.parse(readFileSync(har, 'utf8')).log.entries
      assert.deepEqual(
        written.flatMap(
          (entry: { request: { postData?: { text: string } } }) => entry.request.postData?.text ?? [],
        ),
        ['40', '42["a"]'],
      )
    }
  })

  it('reads the stream of SockJS as records, and its posts', async () => {
    const session = 'http://h/sock/595/sephr1gd'
    const { events, problems } = await read([
      exchange(0, {
        ...{ method: 'POST', url: `${session}/xhr_streaming`, type: 'application/javascript' },
        text: 'hhh\no\na["one"]\nc[3000,"Go away!"]\n',
      }),
      exchange(1, { method: 'POST', url: `${session}/xhr_send`, sent: { text: '["one"]' }, status: 204 }),
      exchange(2, { method: 'POST', url: `${session}/xhr_send`, sent: { text: '["two"]' }, status: 204 }),
      exchange(3, {
        ...{ url: `${session}/jsonp?c=_jp.a1`, type: 'application/javascript', resourceType: 'script' },
        text: '/**/_jp.a1("o");\r\n',
      }),
    ])
    assert.deepEqual(transports(events), ['http-stream', 'poll', 'poll'])
    assert.deepEqual(payloads(events), [
      ...['in hhh', 'in o', 'in a["one"]', 'in c[3000,"Go away!"]'],
      ...['out ["one"]', 'out ["two"]', 'in /**/_jp.a1("o");\r\n'],
    ])
    assert.deepEqual(problems, [])
  })

  it('reads JSON lines as records, whatever their content type', async () => {
    for (const type of [
      'application/x-ndjson',
      'application/jsonl',
      'application/json',
      'text/plain; charset=utf-8',
    ]) {
      const { events } = await read([
        exchange(0, { url: 'https://h/watch', type, text: '{"n":1}\n{"n":2}\r\n\n{"n":3}' }),
      ])
      assert.deepEqual(
        [transports(events), payloads(events)],
        [['http-stream'], ['in {"n":1}', 'in {"n":2}', 'in {"n":3}']],
        type,
      )
    }
    const whole = '{\n  "n": [1,\n 2]\n}'
    const { events } = await read([
      exchange(0, { url: 'https://h/api', type: 'application/json', text: whole }),
    ])
    assert.deepEqual([transports(events), payloads(events)], [['poll'], [`in ${whole}`]])
  })

  it('restores the body of a form that is listed by its fields', async () => {
    const params = [
      { name: 'a', value: '1 2' },
      { name: 'b', value: 'é' },
    ]
    const post = (mimeType: string) =>
      exchange(0, {
        method: 'POST',
        url: 'https://h/api',
        sent: { mimeType, params },
        type: 'application/json',
        text: '{}',
      })
    const body = async (mimeType: string) => payloads((await read([post(mimeType)])).events)[0]
    assert.equal(await body('application/x-www-form-urlencoded'), 'out a=1+2&b=%C3%A9')
    assert.equal(
      await body('multipart/form-data; boundary=x'),
      'out --x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1 2\r\n--x\r\nContent-Disposition: form-data; name="b"\r\n\r\né\r\n--x--\r\n',
    )
  })

  it('skips and counts page resources', async () => {
    const page = (url: string, type: string, text: string, more: Partial<Exchange> = {}) =>
      exchange(0, { url, type, text, ...more })
    const { events, problems } = await read([
      page('https://h/', 'text/html', '<!doctype html><p>'),
      page('https://h/', 'text/html', '<p>', { resourceType: 'document' }),
      page('https://h/app.js', 'text/javascript', 'f(1)', { resourceType: 'script' }),
      page('https://h/app.js?v=3', 'text/javascript', 'f(1)'),
      page('https://h/tile.png', 'image/png', '', { resourceType: 'fetch' }),
      page('https://h/login', 'text/html', '<p>', {
        method: 'POST',
        sent: { mimeType: 'application/x-www-form-urlencoded', text: 'a=1' },
      }),
    ])
    assert.deepEqual(events, [])
    assert.match(problems[0] ?? '', /^6 requests /)
  })

  it('reports how many requests exceed the limit of connections', async () => {
    const { problems } = await read(
      Array.from({ length: 65_538 }, (_, index) => exchange(0, { url: `https://h${index}/api`, text: 'x' })),
    )
    assert.deepEqual(problems, ['3 requests were left out, because a session has at most 65535 connections.'])
  })

  it('reads twenty thousand equal header fields in linear time', async () => {
    const headers = Array.from({ length: 20_000 }, (_, index) => ({ name: 'X-Many', value: String(index) }))
    const entry = exchange(0, { url: 'https://h/api', text: 'x' })
    const { events } = await read([{ ...entry, response: { ...entry.response, headers } }])
    const open = events.find((event) => event.type === 'open')
    assert.equal(open?.headers['x-many']?.length, 20_000)
  })
})
