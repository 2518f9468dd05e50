/** `eventsource-parser` on the HTTP/2 client of Node.js, counting events. */
import { once } from 'node:events'
import { connect } from 'node:http2'
import { createParser } from 'eventsource-parser'
import { contend } from '../harness/contender.ts'

await contend(async (address) => {
  const { origin, pathname, search } = new URL(address)
  const session = connect(origin)
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
