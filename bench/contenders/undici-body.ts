/** undici, reading a body as a stream and counting bytes. */
import { request } from 'undici'
import { contend } from '../harness/contender.ts'

await contend(async (url, count) => {
  let bytes = 0
  const { body } = await request(url)
  for await (const chunk of body) bytes += (chunk as Buffer).length
  return { count, extra: { MB: bytes / 1e6 } }
})
