/** The HTTP/2 client of Node.js, counting bytes. */
import { once } from 'node:events'
import { connect } from 'node:http2'
import { contend } from '../harness/contender.ts'

await contend(async (address, count) => {
  const { origin, pathname, search } = new URL(address)
  const session = connect(origin)
  let bytes = 0
  const stream = session.request({ ':path': `${pathname}${search}` })
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(stream, 'end')
  session.close()
  return { count, extra: { MB: bytes / 1e6 } }
})
