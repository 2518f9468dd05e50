/** What httpYac reads in files of requests, and in what is printed. */
import assert from 'node:assert/strict'
import { bodyFormOf, readBody } from '../../../src/request/file/body-form.ts'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { type PrintedRequest, printParts, printRequest } from '../../../src/request/file/print.ts'
import type { ContentPart, FileRequest } from '../../../src/request/file/request-file.ts'
import { addTo } from '../../../src/shared/maps.ts'
import { seededRandom } from '../../support/splits.ts'
import { type HttpyacRequest, readByHttpyac, WAIT } from './httpyac.ts'
import { randomRequest } from './random-requests.ts'
import { FILES } from './random-texts.ts'

/** The words before a URL that httpYac does not know. */
const OURS = new Set(['LONGPOLL', 'POLL', 'STREAM'])

/** What is sent, with placeholders as they are written. */
function contentOf({ body, steps, headers }: PrintedRequest): string[] {
  const type = headers.find(({ name }) => name === 'content-type')?.value
  if (body !== undefined) return [readBody(body.lines.join('\n'), bodyFormOf(type))]
  return steps.map((step) => (step.kind === 'wait' ? WAIT : step.lines.join('\n')))
}

/** httpYac does not wait, or waits once less, if there is nothing to send after it. */
function untilLastMessage(sent: readonly string[] = []): readonly string[] {
  return sent.slice(0, sent.findLastIndex((each) => each !== WAIT) + 1)
}

/** A request as this tool reads it, in the words of httpYac. */
function inItsWords({ method, url, headers, transport, steps, body, name }: FileRequest): HttpyacRequest {
  const contentOf = (parts: readonly ContentPart[]) =>
    parts.map((part) => (part.kind === 'text' ? part.text : `<${part.path.text}>`)).join('')
  const word = method?.text ?? (transport === 'websocket' ? 'WS' : 'GET')
  const fields = new Map<string, string[]>()
  for (const field of headers) addTo(fields, field.name.text, field.value.text)
  return {
    name: name?.text,
    method: { websocket: 'WS', sse: 'SSE' }[transport as string] ?? word,
    url: url.text,
    headers: Object.fromEntries(
      [...fields].map(([key, values]) => [key, values.length > 1 ? values : values[0]]),
    ),
    sent:
      transport === 'websocket'
        ? steps.map((step) => (step.kind === 'wait' ? WAIT : contentOf(step.content)))
        : [readBody(contentOf(body), bodyFormOf(fields.get('content-type')?.[0]))].filter(
            (each) => each !== '',
          ),
  }
}

describe('a file of requests', () => {
  for (const name of ['httpyac.http', 'rest-client.rest', 'shop.http'])
    it(`is read as by httpYac: ${name}`, async () => {
      const [, text = ''] = FILES.find(([each]) => each === name) ?? []
      const requests = parseRequestFile(text).requests.filter(
        ({ method, canRun }) => canRun && !OURS.has(method?.text ?? ''),
      )
      const read = await readByHttpyac(text)
      for (const request of requests) {
        const ours = inItsWords(request)
        const theirs = read.find((each) => each.url === ours.url && each.method === ours.method)
        assert.deepEqual(theirs && { ...theirs, name: theirs.name?.trim() || undefined }, ours)
      }
      assert(requests.length > 2)
    })
})

describe('a request that is printed', () => {
  it('reads in httpYac with the same method, URL, headers and messages', async () => {
    const random = seededRandom(4)
    let compared = 0
    for (let i = 0; i < 400; i++) {
      const request = randomRequest(random)
      const parts = printParts(request)
      const text = printRequest(request)
      const [read, ...others] = await readByHttpyac(text)
      assert.equal(others.length, 0, text)
      if (OURS.has(parts.word)) continue
      compared++
      // It calls a WebSocket by its short name.
      assert.equal(read?.method, parts.word === 'WEBSOCKET' ? 'WS' : parts.word, text)
      assert.equal(read?.url, parts.url, text)
      const headers = Object.entries(read?.headers ?? {}).flatMap(([name, values]) =>
        [values].flat().map((value) => ({ name, value })),
      )
      assert.deepEqual(headers, parts.headers, text)
      assert.deepEqual(untilLastMessage(read?.sent), untilLastMessage(contentOf(parts)), text)
    }
    assert(compared > 200, `${compared} requests compared`)
  })
})
