/** `eventsource-parser` on the HTTP/2 client of Node.js, counting events. */
import { once } from 'node:events'
import { createParser } from 'eventsource-parser'
import { contend } from '../harness/contender.ts'
import { connectHttp2 } from '../harness/http2-client.ts'

await contend(async (address) => {
  const { origin, pathname, search } = new URL(address)
  const session = connectHttp2(origin)
  let count = 0
  const parser = createParser({
    onEvent: () => {
      count++
    },
  })
  const decoder = new TextDecoder()
  const stream = session.request({ ':path': `${pathname}${search}` })
  stream.on('data', (chunk: Buffer) => parser.feed(decoder.decode(chunk, { stream: true })))
  await once(stream, 'end')
  session.close()
  return { count }
})
