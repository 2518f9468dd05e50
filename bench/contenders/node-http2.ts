/** The HTTP/2 client of Node.js, counting bytes. */
import { once } from 'node:events'
import { contend } from '../harness/contender.ts'
import { connectHttp2 } from '../harness/http2-client.ts'

await contend(async (address, count) => {
  const { origin, pathname, search } = new URL(address)
  const session = connectHttp2(origin)
  let bytes = 0
  const stream = session.request({ ':path': `${pathname}${search}` })
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await once(stream, 'end')
  session.close()
  return { count, extra: { MB: bytes / 1e6 } }
})
